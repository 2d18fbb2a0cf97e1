// Kinds of documents, the setting, search.

import type { DocumentId, KindId, Lang, PartyId, PersonRef, PlaceRef, RoleId, Words } from "./values.ts";

/** A kind of documents: what its sections and fields are called and take. */
export interface KindSchema {
  id: KindId;
  schema: number;
  label: Words;
  help: Words | null;
  sections: SectionSchema[];
}

export interface SectionSchema {
  /** `functions`, or with a placeholder `party/{party}`. */
  pattern: string;
  family: string;
  variable: string | null;
  label: Words;
  help: Words | null;
  subject_labels: Record<string, Words>;
  main: string | null;
  fields: FieldSchema[];
}

export interface FieldSchema {
  key: string;
  label: Words;
  help: Words | null;
  type:
    | "choice"
    | "person"
    | "text"
    | "bilingual"
    | "string"
    | "links"
    | "number"
    | "money"
    | "date"
    | "time"
    | "flag"
    | "texts"
    | "map"
    | "rows";
  /** Of a choice. */
  choices: { word: string; label: Words; help: Words | null }[];
  /** Of rows. */
  rows: {
    name: string;
    label: Words;
    main: string | null;
    /** The section and field whose rows these belong to, if they are no rows of their own. */
    of: [string, string] | null;
    fields: FieldSchema[];
  } | null;
}

/** Teams and people with what people call them: for every label in the app. */
export interface SettingView {
  me: { person: PersonRef; roles: RoleId[]; is_lead: boolean } | null;
  /** The reader's own team first. */
  parties: PartyView[];
  people: (PersonRef & { roles: RoleId[]; present: boolean })[];
  roles: Record<RoleId, Words>;
  /** What people call subjects of sections: `moscow` is "Moscow". */
  labels: Record<string, Words>;
  now_ms: number;
}

export interface PartyView {
  party: PartyId;
  /** The city, or the name where several teams share a city. */
  label: Words;
  name: Words;
  market: string;
  zone: string;
  zone_short: Words;
  language: string;
  work: string;
  holidays: string;
  at_work: boolean | null;
  changes_at_ms: number | null;
  /** Working time of the next days: begin, end. */
  open_ms: [number, number][];
  /** Seconds that local time is ahead of UTC, from each instant on. */
  offsets: { from_ms: number; offset_s: number }[];
  /** When the table of offsets ends. */
  calendar_until_ms: number | null;
}

export interface SearchAnswer {
  /** As it was searched for: lower case, ё as е. */
  text: string;
  hits: SearchHit[];
  /** Whether there are more than are listed. */
  more: boolean;
}

export interface SearchHit {
  document: DocumentId;
  title: string;
  kind: KindId;
  /** Where; absent if the document's title fits. */
  place: PlaceRef | null;
  /** In which language of a bilingual field. */
  lang: Lang | null;
  /** Around the hit; `before + hit + after`. */
  before: string;
  hit: string;
  after: string;
}

/** Keys of order for a new or moved row. */
export interface OrderAnswer {
  order: string;
}
