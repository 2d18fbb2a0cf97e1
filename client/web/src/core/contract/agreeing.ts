// How far a section has come towards an agreement: versions in review, signatures, and what needs the
// reader for them.

import type { BoundRole, ChangeLine, Decider, DocumentId, PersonRef, PlaceRef, Path, PartyId, RuleId, SectionId, StatementId, Words } from "./values.ts";

/** Where a section stands; only where a rule asks for approval or signatures. */
export interface StandingLine {
  section: SectionId;
  state: "draft" | "changed" | "approved" | "partly_signed" | "signed" | "lapsed" | "in_review";
  review: Review | null;
  approved: { ask: StatementId; at_ms: number; is_present: boolean } | null;
  signing: {
    rule: RuleId;
    signers: { role: BoundRole; statement: StatementId | null; at_ms: number | null }[];
    /** Whether the text changes only with everybody who signed. */
    is_locked: boolean;
    lapses_ms: number | null;
  } | null;
  /** Whether a rule says whose approval a version asks for. */
  has_chain: boolean;
  /** Who can answer the version that waits. */
  deciders: Decider[];
  signed_by: PersonRef[];
  yours_to_sign: boolean;
  /** Who signed last, whatever became of that, and when. */
  last_signed: [PersonRef, number] | null;
  /** How many versions were sent for approval. */
  versions: number;
  /** The last version, if it came back and none was sent since. */
  came_back: VersionLine | null;
  /** All of it in words. */
  said: Words;
}

/** The version that waits for approval. */
export interface Review {
  ask: StatementId;
  author: string;
  asked_ms: number;
  changed_since: boolean;
  stage: number;
  stages: number;
  round: number;
  rounds: number | null;
  since_ms: number;
  due_ms: number | null;
}

/** A version that was sent for approval. */
export interface VersionLine {
  statement: StatementId;
  author: PersonRef | null;
  asked_ms: number;
  message: string | null;
  outcome: "waiting" | "approved" | "returned" | "declined" | "withdrawn" | "orphaned";
  /** Who answered last, when and in which words. */
  by: PersonRef | null;
  answered_ms: number | null;
  reason: string | null;
}

/** One stage of a chain. */
export interface StageLine {
  state: "passed" | "asked" | "to-come";
  who_said: Words;
  people: Decider[];
  /** Which round it is, or would be. */
  round: number;
  rounds: number | null;
  /** The rounds that were planned are used up; `people` are those that it goes to then. */
  is_over_budget: boolean;
  since_ms: number | null;
  /** Until when an answer is due, if it is asked now or would be at once. */
  due_ms: number | null;
  approved: [PersonRef, number] | null;
}

export interface Versions {
  /** Oldest first. */
  versions: VersionLine[];
  stages: StageLine[];
}

/** What differs from an earlier state, and whose act marks that. */
export interface Since {
  person: PersonRef | null;
  at_ms: number;
  changes: ChangeLine[];
}

/** A section beside what was sent and signed before. It reads the history: watch it only while somebody looks. */
export interface Compared {
  /** What the version that waits changes on the one before; absent if it is the first. */
  waiting: Since | null;
  since_sent: Since | null;
  since_signed: Since | null;
  signing: SigningLine | null;
}

/** What a signature would be on. */
export interface SigningLine {
  /** Names the content in all languages; `sign` takes it, so that what is signed is what was shown. */
  digest: string;
  may_sign: boolean;
  /** What is to be settled first. */
  unready: (Unready & { said: Words })[];
  locks: boolean;
  expires_ms: number | null;
}

export type Unready =
  | { unready: "one-sided"; party: PartyId }
  | { unready: "two-values" | "untranslated" | "old-translation" | "empty"; path: Path }
  | { unready: "overlap" | "gap"; row: string }
  | { unready: "waiting"; hold: StatementId };

/** What needs the reader beside suggestions to decide. */
export interface Inbox {
  /** Somebody else has signed, or nothing stands against signing. */
  to_sign: { document: DocumentId; title: string; label: Words; standing: StandingLine; is_ready: boolean }[];
  /** Own versions that came back and were not sent again. */
  came_back: { document: DocumentId; title: string; section: SectionId; label: Words; version: VersionLine }[];
  to_translate: PlaceLine[];
  /** Fields with several values where the reader writes. */
  to_choose: PlaceLine[];
}

export interface PlaceLine {
  document: DocumentId;
  title: string;
  place: PlaceRef;
  people: PersonRef[];
}
