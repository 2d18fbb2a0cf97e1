// Suggestions that were made here and not sent yet: kept on this device, sent by an explicit act as one.

import { signal } from "@preact/signals";
import type { DocumentId, EditCommand, Path, SectionId } from "../../core/contract.ts";
import { attempt, call, look } from "../core.ts";
import type { Both } from "../words.ts";

export type Collected = {
  document: DocumentId;
  section: SectionId;
  path: Path;
  command: EditCommand;
  /** Where it is, and what it would say. */
  place: Both;
  shown: Both;
};

const KEY = "collected-suggestions";

export const collected = signal<Collected[]>([]);
/** The sections in which the reader is suggesting now, as `document section`. */
export const suggesting = signal<Set<string>>(new Set());

export async function loadCollected(): Promise<void> {
  const memory = await attempt(look("memory", { key: KEY }));
  collected.value = memory?.value ? (JSON.parse(memory.value) as Collected[]) : [];
}

export function collect(one: Collected): void {
  put([...collected.value.filter((other) => !isSame(other, one)), one]);
}

export function dropCollected(one: Collected): void {
  put(collected.value.filter((other) => !isSame(other, one)));
}

export function collectedFor(document: DocumentId, section: SectionId, path: Path): Collected | undefined {
  const key = path.join("/");
  return collected.value.find((one) => one.document === document && one.section === section && one.path.join("/") === key);
}

/** Sends what was collected for a document as one suggestion. */
export async function sendCollected(document: DocumentId, message: string) {
  const mine = collected.value.filter((one) => one.document === document);
  const sections = [...new Set(mine.map((one) => one.section))];
  const edits = sections.map((section) => ({
    section,
    commands: mine.filter((one) => one.section === section).map((one) => one.command),
  }));
  const rest = collected.value.filter((one) => one.document !== document);
  const remember = { key: KEY, value: kept(rest) };
  const answer = await call("edit", { document, edits, message: message.trim() || undefined, remember });
  collected.value = rest;
  suggesting.value = new Set([...suggesting.value].filter((key) => !key.startsWith(document)));
  return answer;
}

function isSame(one: Collected, other: Collected): boolean {
  const adds = "add_row" in one.command || "add_row" in other.command;
  return one === other || (!adds && one.document === other.document && one.section === other.section && one.path.join("/") === other.path.join("/"));
}

function put(all: Collected[]): void {
  collected.value = all;
  attempt(call("remember", { key: KEY, value: kept(all) }));
}

function kept(all: Collected[]): string | null {
  return all.length > 0 ? JSON.stringify(all) : null;
}
