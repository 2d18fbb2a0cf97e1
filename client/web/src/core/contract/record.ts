// The record of a document, and the check of all of it.

import type { ChangeLine, DocumentId, KindId, PersonRef, PlaceRef, Position, RuleId, SectionId, StatementId, Words } from "./values.ts";

export interface LogLine {
  seq: number;
  id: string;
  statement: StatementId;
  time_ms: number;
  written_ms: number;
  person: PersonRef | null;
  act: string;
  sections: SectionId[];
  places: PlaceRef[];
  target: string | null;
  about: PersonRef | null;
  text: string | null;
  held: boolean;
  rule: RuleId;
  outcome: string | null;
}

export interface DocLog {
  document: DocumentId;
  title: string;
  kind: KindId;
  entries: LogLine[];
}

export interface LogAnswer extends DocLog {
  /** Each line as a sentence, in the order of `entries`. */
  said: Words[];
}

/** What a point in a document's history is named by: an entry, or a moment. */
export type PointWish = { seq: number } | { time_ms: number } | "now";

export interface DocDiff {
  document: DocumentId;
  title: string;
  kind: KindId;
  from: { seq: number; time_ms: number };
  to: { seq: number; time_ms: number };
  changes: ChangeLine[];
  authors: Record<SectionId, PersonRef[]>;
}

export interface Verified {
  good: boolean;
  relay_asked: boolean;
  ledgers: {
    document: DocumentId;
    kind: KindId | null;
    title: string;
    verified: number;
    attested: number;
    missing: number;
    head: Position | null;
    fault: string | null;
    relay_head: Position | null;
    relay: string;
  }[];
}

export interface VerifiedAnswer extends Verified {
  said: Words;
}
