// Documents with their content, texts, conflicts and talk.

import type { StandingLine } from "./agreeing.ts";
import type { Proposal } from "./deciding.ts";
import type { Decider, DocumentId, KindId, Lang, PartyId, Path, PersonId, PersonRef, PlaceRef, RuleId, SectionId, Shown, StatementId, Value, Words } from "./values.ts";

/** A text in both languages. */
export interface Bilingual {
  ru: string;
  en: string;
  source: Lang | null;
  translation: "empty" | "current" | "outdated" | "missing";
}

/** A member by id, or somebody outside by name. */
export type Person = { member: PersonId } | { named: string };

export type FieldValue =
  | "empty"
  | { choice: { word: string; label: Words | null } }
  | { person: Person }
  | { text: string }
  | { bilingual: Bilingual }
  | { items: string[] }
  | { number: number }
  /** In the smallest unit of its currency: `120000 RUB`. */
  | { money: string }
  | { date: string }
  | { time: number }
  | { flag: boolean }
  | { rows: RowView[] }
  | { other: Value };

export interface FieldView {
  key: string;
  label: Words;
  value: FieldValue;
  conflicted: boolean;
}

export interface RowView {
  id: string;
  /** The name of the row that it belongs to, in another section. */
  of: Bilingual | null;
  fields: FieldView[];
}

export interface SectionView {
  id: SectionId;
  title: Words;
  /** Absent where this person may not read it. */
  fields: FieldView[] | null;
}

export interface MatrixView {
  columns: {
    party: PartyId;
    readable: boolean;
    unique: Bilingual;
    can: Bilingual;
    cannot: Bilingual;
    need: Bilingual;
  }[];
  functions: { id: string; label: Bilingual; scope: Bilingual; cells: (MatrixCell | null)[] }[];
  overlaps: {
    function: string;
    label: Bilingual;
    parties: PartyId[];
    choices: { word: string; label: Words; help: Words | null }[];
    agreed: Agreement | null;
    settled: boolean;
  }[];
  gaps: { function: string; label: Bilingual; supporters: PartyId[]; undecided: PartyId[] }[];
  to_discuss: { function: string; label: Bilingual; party: PartyId }[];
  unreadable: SectionId[];
}

export interface MatrixCell {
  /** `own`, `support`, `none`, `discuss`. */
  claim: string;
  person: Person | null;
  note: Bilingual;
  evidence: string[];
  conflicted: boolean;
}

export interface Agreement {
  rule: string | null;
  side: string | null;
  text: Bilingual;
  competing_rules: string[];
}

export interface BriefView {
  universal: Record<string, unknown> | null;
  markets: { market: string; content: Record<string, unknown> | null }[];
  missing: { section: SectionId; path: Path; what: "empty" | { language: Lang } | { pillar_count: number } }[];
}

export interface PlaybookView {
  decisions: Record<string, unknown> | null;
  timeline: Record<string, unknown> | null;
  who: Record<string, unknown> | null;
  chain: Record<string, unknown> | null;
  undecided: string[];
  unheld: string[];
  incomplete_sides: string[];
}

/** A field with a band: how far its value moves without asking. */
export interface BandLine {
  place: PlaceRef;
  rule: RuleId;
  within: boolean;
  deciders: Decider[];
  /** All of it in words. */
  said: Words;
}

export interface DocShow {
  document: DocumentId;
  title: string;
  kind: KindId;
  content: { kind: KindId; sections: SectionView[] };
  matrix: MatrixView | null;
  brief: BriefView | null;
  playbook: PlaybookView | null;
  waiting: Proposal[];
  /** How far its sections have come, where a rule asks for approval or signatures. */
  standing: StandingLine[];
  /** Values that move within a band. */
  bands: BandLine[];
  /** Shown as the relay tells it, and still being checked: it can only be read. */
  being_checked: boolean;
  hidden: Record<SectionId, string>;
}

/** What the reader may do in a section, and who else may what. */
export interface SectionAccess {
  section: SectionId;
  /** `edit`: at once. `suggest`: somebody else decides. `read`: neither. `none`: not to be read. */
  access: "edit" | "suggest" | "read" | "none";
  /** The people who write here without asking. */
  writers: PersonRef[];
  /** The roles that write here, in words. */
  writers_said: Words;
  /** Who decides what the reader suggests here. */
  deciders: Decider[];
  /** The rule by which they do. */
  rule: RuleId | null;
  /** Suggestions that wait in this section. */
  held: StatementId[];
  conflicts: number;
  /** When it was last changed, and by whom. */
  changed: { person: PersonRef | null; time_ms: number } | null;
}

export interface DocumentAnswer extends DocShow {
  /** In the order of `content.sections`. */
  access: SectionAccess[];
  /** "Who decides what", generated from the rules. */
  decides_said: Words;
  /** Whether undo and redo have something to do here. */
  can_undo: boolean;
  can_redo: boolean;
  /** Texts that two people edited without seeing each other; the `conflicts` view says how. */
  both_edited: { section: SectionId; path: Path }[];
  /** Why the document is not followed any further, if so. */
  stopped: Words | null;
  /** Changes with every new content; equal versions are equal documents. */
  version: string;
}

/** One text alone, for editors that type in a long one. */
export interface TextAnswer {
  text: string;
  /** Whose text: everybody's, with one's own changes. */
  version: string;
}

export interface Conflicts {
  document: DocumentId;
  name: string;
  fields: ConflictField[];
  texts: TextConflict[];
}

/** A text that two people edited without seeing each other's edits. It has merged letter by letter. */
export interface TextConflict {
  place: PlaceRef;
  /** What both had seen, and what stands there now. */
  base: string;
  stands: string;
  /** The one that arrived first before the other. */
  versions: TextVersion[];
}

export interface TextVersion {
  key: string;
  text: string;
  person: PersonRef | null;
  mine: boolean;
  written_ms: number;
  statement: StatementId;
}

/** The talk beside a document. */
export interface Talk {
  document: DocumentId;
  threads: Thread[];
}

export interface Thread {
  message: Message;
  /** What it is about, and whom it asks. */
  place: PlaceRef | null;
  asks: PersonRef | null;
  replies: Message[];
  /** The last word on it. */
  decision: Message | null;
  /** Where a decision stands beside the talk. */
  decides: PlaceRef | null;
}

export interface Message {
  id: string;
  author: PersonRef | null;
  at_ms: number | null;
  text: string;
}

export interface Question {
  document: DocumentId;
  title: string;
  thread: Thread;
}

/** What somebody says in the talk. */
export interface Saying {
  text: string;
  place?: [SectionId, Path];
  ask?: PersonId;
  reply?: string;
  decides?: string;
}

export interface ConflictField {
  place: PlaceRef;
  /** The last one stands until somebody chooses. */
  values: ConflictValue[];
}

export interface ConflictValue {
  key: string;
  shown: Shown;
  person: PersonRef | null;
  written_ms: number | null;
  statement: StatementId | null;
}

export interface Overlaps {
  document: DocumentId;
  title: string;
  overlaps: {
    function: string;
    label: Words;
    parties: PartyId[];
    agreed: Agreement | null;
    settled: boolean;
    choices: { word: string; side: PartyId | null; label: Words; help: Words | null; command: string }[];
  }[];
  gaps: { function: string; label: Words; supporters: PartyId[]; command: string | null }[];
  to_settle: number;
}
