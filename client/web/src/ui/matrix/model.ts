// The matrix as the screen needs it: rows of functions, a cell for each team, and what each cell says.

import type { ConflictField, MatrixCell, MatrixView, PartyId, Proposal } from "../../core/contract.ts";
import type { Doc } from "../document/context.ts";
import { isBelow } from "../document/context.ts";
import { type Collected, collected } from "../held/tray-state.ts";
import { personText } from "../names.ts";
import { type Both, t } from "../words.ts";

export const CLAIMS = ["own", "support", "none", "discuss"] as const;
export type Claim = (typeof CLAIMS)[number];
export type MatrixFunction = MatrixView["functions"][number];

export type CellAt = { fn: MatrixFunction; party: PartyId; cell: MatrixCell | null };

export const sectionOf = (party: PartyId) => `party/${party}`;
export const cellPath = (fn: string) => ["cells", fn];

/** The word of a claim in both languages, from the kind. */
export function claimLabel(doc: Doc, word: string): Both {
  const cells = doc.kind.sections.find((section) => section.family === "party")?.fields.find((field) => field.key === "cells");
  const claim = cells?.rows?.fields.find((field) => field.key === "claim");
  return claim?.choices.find((choice) => choice.word === word)?.label ?? { ru: word, en: word };
}

export function claimChoices(doc: Doc) {
  const cells = doc.kind.sections.find((section) => section.family === "party")?.fields.find((field) => field.key === "cells");
  return cells?.rows?.fields.find((field) => field.key === "claim")?.choices ?? [];
}

export function waitingIn(doc: Doc, { fn, party }: CellAt): Proposal[] {
  const [section, path] = [sectionOf(party), cellPath(fn.id)];
  return doc.waiting.value.filter((one) => one.changes.some((line) => line.place.section === section && isBelow(line.place.path, path)));
}

export function collectedIn(doc: Doc, { fn, party }: CellAt): Collected[] {
  const [section, path] = [sectionOf(party), cellPath(fn.id)];
  return collected.value.filter((one) => one.document === doc.id && one.section === section && isBelow(one.path, path));
}

export function conflictIn(fields: ConflictField[], { fn, party }: CellAt): ConflictField | undefined {
  return fields.find((field) => field.place.section === sectionOf(party) && isBelow(field.place.path, cellPath(fn.id)));
}

export function personIn(cell: MatrixCell): string {
  return cell.person ? personText(cell.person) : "";
}

/** What a function still needs, for its mark: both own it and have not agreed, or nobody does although
 * every team has said what it does. Before that its cells say that it is to be discussed. */
export function stateOf(view: MatrixView, fn: string): "both" | "agreed" | "nobody" | undefined {
  const overlap = view.overlaps.find((one) => one.function === fn);
  if (overlap) return overlap.settled ? "agreed" : "both";
  return view.gaps.some((one) => one.function === fn && one.undecided.length === 0) ? "nobody" : undefined;
}

export function stateText(state: ReturnType<typeof stateOf>): string {
  switch (state) {
    case "both":
      return t("web-both");
    case "agreed":
      return t("web-both-agreed");
    case "nobody":
      return t("web-nobody");
    default:
      return "";
  }
}
