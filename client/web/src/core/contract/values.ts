// Ids, values and edits; people, times and places.

export type Lang = "ru" | "en";
/** The same sentence or label in both languages. */
export interface Words {
  ru: string;
  en: string;
}

/** A document, 32 hexadecimal digits. */
export type DocumentId = string;
/** A statement, 64 hexadecimal digits. */
export type StatementId = string;
export type PersonId = string;
export type DeviceId = string;
/** A section of a document, as in `party/moscow`. */
export type SectionId = string;
/** A team, as in `moscow`. */
export type PartyId = string;
/** A role, as in `lead`. */
export type RoleId = string;
export type RuleId = string;
/** `matrix`, `brief`, `playbook`; `charter` for the ground rules. */
export type KindId = string;
/** From a section's root to a place in it: map keys, and list indices in decimal digits. */
export type Path = string[];

/** A value of a document's content. */
export type Value =
  | "null"
  | { bool: boolean }
  | { int: number }
  | { uint: number }
  | { f64: number }
  | { timestamp: number }
  | { string: string }
  | { text: string }
  | { bytes: number[] }
  | { counter: number }
  | { unknown: [number, number[]] }
  | { list: Value[] }
  | { map: Record<string, Value> };

/** What a person does to a section. */
export type EditCommand =
  /** Sets a field that holds one value; `"null"` empties it. Not for texts. */
  | { set_scalar: { path: Path; value: Value } }
  /** Replaces a stretch of a text (code points); a bilingual field is addressed with its language. */
  | { splice_text: { path: Path; at: number; delete: number; insert: string } }
  /** Gives a text new content. */
  | { set_text: { path: Path; new: string } }
  /** Declares the translation of a bilingual field to match its source. */
  | { mark_translated: { path: Path } }
  | { list_insert: { path: Path; at: number; item: string } }
  | { list_remove: { path: Path; at: number } }
  /** Adds a row; `id` is a UUID (`crypto.randomUUID()`), `order` comes from the `place` view. */
  | { add_row: { path: Path; id: string; order: string; fields: Record<string, Value> } }
  | { remove_row: { path: Path } }
  | { move_row: { path: Path; order: string } }
  /** Settles a conflict. */
  | { resolve: { path: Path; value: Value } };

/** The edits of one section. */
export interface SectionEdits {
  section: SectionId;
  commands: EditCommand[];
}

export interface PersonRef {
  /** Absent for somebody who is not in the ground rules. */
  name: string | null;
  id: PersonId;
  party: PartyId | null;
}

/** Somebody who can decide, and whether they are at work now. */
export interface Decider extends PersonRef {
  /** Absent where the team's calendar does not say. */
  at_work: boolean | null;
  opens_at_ms: number | null;
}

/** A role with its team. */
export type BoundRole = { "any-party": RoleId } | { party: [PartyId, RoleId] } | { person: PersonId };

export interface PlaceRef {
  section: SectionId;
  path: Path;
  /** As commands take it: `moscow/logistics`. */
  address: string;
  /** As people call it: "Moscow · logistics". */
  label: Words;
}

export interface Shown {
  value: Value | null;
  label: Words;
}

export interface ChangeLine {
  place: PlaceRef;
  before: Shown;
  after: Shown;
  /** Whether a later value would win over it. */
  loses: boolean;
}

/** A place in a ledger. */
export interface Position {
  seq: number;
  hash: string;
}
