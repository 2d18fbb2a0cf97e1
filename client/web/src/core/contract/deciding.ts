// Suggestions, why they wait, and what a document lacks before it is agreed.

import type { Review } from "./agreeing.ts";
import type { RefusedLine } from "./app.ts";
import type { BoundRole, ChangeLine, Decider, DocumentId, KindId, PersonRef, PlaceRef, RoleId, RuleId, SectionId, StatementId, Words } from "./values.ts";

/** A suggestion. */
export interface Proposal {
  /** Short name: `h-7c1`. */
  id: string;
  statement: StatementId;
  document: DocumentId;
  title: string;
  kind: KindId;
  changes: ChangeLine[];
  sections: SectionId[];
  /** `edit`, `ask`, `invite`, `enrol`, `revoke`. */
  act: string;
  /** How far the approval has come, if it asks for that of a version. */
  review: Review | null;
  /** Whether it would change signed text. */
  amends: boolean;
  about: PersonRef | null;
  message: string | null;
  author: PersonRef;
  written_ms: number;
  received_ms: number | null;
  rule: RuleId;
  needs: { section: SectionId; rule: RuleId; roles: BoundRole[]; deciders: Decider[] }[];
  deciders: Decider[];
  /** Whether the reader can decide it. */
  yours: boolean;
  /** Whether the reader may let it go beyond a band on their own responsibility. */
  yours_to_override: boolean;
  own: boolean;
  /** Whether its content may not be read here. */
  hidden: boolean;
  loses: boolean;
}

/** A suggestion that came back. */
export interface SentBack {
  id: string;
  statement: StatementId;
  document: DocumentId;
  title: string;
  /** Sent back with words, or closed with what it built on. */
  outcome: "returned" | "orphaned";
  by: PersonRef | null;
  time_ms: number;
  reason: string | null;
  /** What it would change on what stands now; nothing if all of it stands. */
  changes: ChangeLine[];
}

export interface HeldList {
  waiting_for_you: Proposal[];
  waiting_for_others: Proposal[];
  /** The reader's suggestions that came back and were not taken up again. */
  sent_back: SentBack[];
}

export interface Why {
  id: string;
  statement: StatementId;
  document: DocumentId;
  kind: KindId;
  sections: SectionId[];
  state: string;
  places: PlaceRef[];
  changes: ChangeLine[];
  author: PersonRef | null;
  written_ms: number;
  received_ms: number | null;
  offline: boolean;
  roles_then: RoleId[];
  roles_now: RoleId[];
  role_change: { roles: RoleId[]; left: boolean; time_ms: number; by: PersonRef | null } | null;
  rule: RuleId | null;
  deciders: Decider[];
  yours: boolean;
  endorsed: { person: PersonRef | null; time_ms: number; text: string | null }[];
  closed: { person: PersonRef | null; time_ms: number; text: string | null } | null;
  refused: RefusedLine | null;
}

export interface WhyAnswer extends Why {
  said: Words;
}
