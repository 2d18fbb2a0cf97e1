// Which of the dialogs about a section is open; a link elsewhere can open one together with its place.

import { signal } from "@preact/signals";
import type { DocumentId, SectionId } from "../../core/contract.ts";
import { attempt, call } from "../core.ts";

export type Opening = { dialog: "send" | "sign"; document: DocumentId; section: SectionId };

export const opening = signal<Opening | null>(null);

/** Opens a dialog about a section as it is here: what was typed a moment ago belongs to it. */
export async function open(wanted: Opening): Promise<void> {
  await attempt(call("commit", {}));
  opening.value = wanted;
}

export function close(): void {
  opening.value = null;
}
