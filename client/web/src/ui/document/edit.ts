// What the reader changes: at once where it is theirs to write, collected as a suggestion elsewhere.

import type { EditCommand, Path, SectionId, Value } from "../../core/contract.ts";
import { attempt, call } from "../core.ts";
import { collect, suggesting } from "../held/tray-state.ts";
import { say } from "../parts/toast.tsx";
import { askToKeep } from "../shell/safety.ts";
import type { Both } from "../words.ts";
import { side, t } from "../words.ts";
import { type Doc, accessOf } from "./context.ts";

/** After a choice, and after a keystroke, how long to wait before it is signed and sent. */
const PAUSE_CHOICE_MS = 300;
const PAUSE_TYPING_MS = 1_500;

let pause: ReturnType<typeof setTimeout> | undefined;

/** Signs and sends what was written, once the reader pauses. */
export function commitSoon(typing: boolean): void {
  clearTimeout(pause);
  pause = setTimeout(commitNow, typing ? PAUSE_TYPING_MS : PAUSE_CHOICE_MS);
}

export function commitNow(): void {
  clearTimeout(pause);
  pause = undefined;
  attempt(call("commit", {}));
}

addEventListener("pagehide", () => pause && commitNow());

export type Mode = "edit" | "suggest" | "read";

/** What the reader does in a section: write, suggest (once they chose to), or read. */
export function modeOf(doc: Doc, section: SectionId): Mode {
  const access = accessOf(doc, section)?.access;
  if (access === "edit") return "edit";
  return access === "suggest" && suggesting.value.has(`${doc.id} ${section}`) ? "suggest" : "read";
}

export function startSuggesting(doc: Doc, section: SectionId): void {
  suggesting.value = new Set([...suggesting.value, `${doc.id} ${section}`]);
}

export function stopSuggesting(doc: Doc, section: SectionId): void {
  suggesting.value = new Set([...suggesting.value].filter((key) => key !== `${doc.id} ${section}`));
}

/** One change with what people call its place and its value. */
export type Change = { section: SectionId; path: Path; command: EditCommand; place: Both; shown: Both };

export async function change(doc: Doc, one: Change): Promise<boolean> {
  if (accessOf(doc, one.section)?.access !== "edit") {
    collect({ document: doc.id, ...one });
    return true;
  }
  return write(doc, one.section, [one.command]);
}

/** Writes several changes of one section at once. */
export async function write(doc: Doc, section: SectionId, commands: EditCommand[]): Promise<boolean> {
  askToKeep();
  const answer = await attempt(call("edit", { document: doc.id, edits: [{ section, commands }] }));
  if (!answer) return false;
  if (answer.became === "suggested") say(side(answer.said));
  commitSoon(false);
  return true;
}

export const string = (text: string): Value => ({ string: text });
export const scalar = (path: Path, value: Value): EditCommand => ({ set_scalar: { path, value } });

/** Both languages of what empties a field. */
export const emptied = (): Both => ({ ru: t("web-emptied"), en: t("web-emptied") });
export const plain = (text: string): Both => ({ ru: text, en: text });
