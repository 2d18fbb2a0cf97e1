/**
 * What the interface may ask of the core, and what it gets: every view and every command.
 *
 * Names and values are those that the Rust core writes (`client/src/views`, `shared/src/views`,
 * `client/web/core`); the command line prints the same views with `--json`. Times end in `_ms` and
 * are milliseconds since 1970, UTC. Positions in texts count Unicode code points, not UTF-16 units:
 * use `spliceOf` from `text.ts`.
 */

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

// ---------------------------------------------------------------- people, times, places

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

// ---------------------------------------------------------------- the app

/** How far this browser is with the partnership that is open. */
export type Stage =
  /** Nothing is open: no partnership in this browser, or none chosen. */
  | "empty"
  /** The founding is on its way to the relay. */
  | "founding"
  /** An invitation is open here, and nobody has joined with it yet. See the `invitation` view. */
  | "invited"
  /** The person has joined; the relay has not answered yet. */
  | "joining"
  | "member"
  /** This device's access has ended; what it has can still be read. */
  | "ended"
  /** What is stored cannot be opened; `problem` says why. */
  | "broken";

export interface ProfileRef {
  /** By what `open` takes it. */
  id: string;
  title: Words;
  /** When it was last open. */
  used_ms: number;
}

export type LinkState =
  /** No connection; the next try is at `next_try_ms`. */
  | "offline"
  | "connecting"
  /** Connected; what was missed arrives. */
  | "catching-up"
  | "live";

export interface AppView {
  stage: Stage;
  /** All partnerships in this browser, the last used first. */
  profiles: ProfileRef[];
  /** The open one. */
  profile: string | null;
  /** The partnership's name; absent before the ground rules have arrived. */
  title: Words | null;
  /** Where the relay is, who runs it and so can read what is stored there. */
  relay: { address: string; addresses: string[]; operator: string } | null;
  link: { state: LinkState; next_try_ms: number | null };
  /** The language that the person chose; absent until then. */
  lang: Lang | null;
  /** Why nothing more comes from the relay or the store, if so. */
  problem: Problem | null;
  /** What happened that the person should hear of, newest last; `dismiss` takes one away. */
  notices: Notice[];
  /** This browser was cleared while changes were not on the relay yet: what is known of them. */
  lost: Lost | null;
}

/** What a browser that lost its storage had not sent. */
export interface Lost {
  title: Words;
  changes: number;
  suggestions: number;
  /** Up to when this was written down. */
  time_ms: number;
}

/** Why something could not be done: what happened, and what to try or whom to ask. */
export interface Problem {
  /** `refused`, `offline`, `usage`, `closed`, `damaged`, `newer`, `storage`, `not-yours`, `set-aside`. */
  code: string;
  said: Words;
}

export interface Notice {
  id: number;
  /** `refused`, `now-waits`, `diverged`, `forked`, `rewound`, `closed`, `other-relay`. */
  what: string;
  said: Words;
  document: DocumentId | null;
  statement: StatementId | null;
}

/** What somebody sees who has opened an invitation's link; nothing is used up yet. */
export interface InvitationView {
  /** `arriving` until the relay has shown the ground rules. */
  state: "arriving" | "open" | "used" | "withdrawn" | "expired" | "unknown";
  title: Words | null;
  operator: string;
  inviter: PersonRef | null;
  person: PersonRef | null;
  party: PartyId | null;
  party_label: Words | null;
  roles: RoleId[];
  roles_said: Words | null;
  expires_ms: number | null;
  /** Whether joining makes the recovery key of the team. */
  is_first: boolean;
  /** Whether it is a further device of somebody who has joined. */
  is_device: boolean;
  rules: RulesAnswer | null;
  /** What the person reads if the invitation does not work. */
  problem: Problem | null;
}

/** A recovery key, shown once: to be printed. */
export interface RecoveryKey {
  /** Fourteen groups of four. */
  key: string;
  /** Where it is used. */
  link: string;
  party: Words;
}

/** A city to choose a team's time zone by. */
export interface City {
  zone: string;
  label: Words;
}

/** A team as the founder describes it. */
export interface TeamWish {
  /** Its name, in the language in which it was typed. */
  name: string;
  name_ru?: string;
  name_en?: string;
  /** IANA name of its time zone. */
  zone: string;
  /** As in `Mon-Fri 10:00-19:00`; the usual hours of the country if absent. */
  work?: string;
  holidays?: string;
  market?: string;
  language?: Lang;
}

// ---------------------------------------------------------------- views of the command line

export interface TeamLine {
  party: PartyId;
  label: Words;
  at_work: boolean | null;
  changes_at_ms: number | null;
}

export interface SyncLine {
  live: boolean;
  /** The relay's last word (its clock). */
  last_ms: number | null;
  changes: number;
  suggestions: number;
}

export type GapRef =
  | { gap: "role"; role: BoundRole; rules: RuleId[] }
  | { gap: "right"; rule: RuleId; right: string; about: string | null; only: PersonRef | null };

export interface OpenLine {
  document: DocumentId;
  name: string;
  title: string;
  kind: KindId;
  overlaps: Words[];
  gaps: Words[];
  conflicts: Words[];
  stopped: string | null;
}

export interface RefusedLine {
  id: string;
  statement: StatementId;
  document: DocumentId;
  kind: KindId | null;
  sections: SectionId[];
  written_ms: number;
  refusal: unknown;
  people: PersonRef[];
}

export interface Status {
  title: Words;
  rules: "founding" | "proposed" | "in-force";
  unsigned: PartyId[];
  me: PersonRef | null;
  /** The reader's own team first. */
  teams: TeamLine[];
  /** When the first two teams are next at work together: begin, end. */
  together_ms: [number, number] | null;
  sync: SyncLine;
  waiting_for_you: number;
  waiting_for_others: { count: number; deciders: Decider[] }[];
  documents: OpenLine[];
  gaps: GapRef[];
  refused: RefusedLine[];
}

export interface StatusAnswer extends Status {
  /** "Up to date at …" or "Last on the relay …", with what waits. */
  sync_said: Words;
  /** When both are at work together, in words. */
  together_said: Words | null;
  gaps_said: Words[];
  refused_said: Words[];
}

export interface DocLine {
  document: DocumentId;
  name: string;
  title: string;
  kind: KindId;
  changed_ms: number | null;
  waiting: number;
  on_relay: boolean;
  /** Shown as the relay tells it, and still being checked: it can only be read. */
  being_checked: boolean;
  stopped: string | null;
  /** Whether it is set aside because the program stopped at it. */
  set_aside: boolean;
}

export interface DocList {
  documents: DocLine[];
}

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
  /** `edit`, `invite`, `enrol`, `revoke`. */
  act: string;
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
  own: boolean;
  /** Whether its content may not be read here. */
  hidden: boolean;
  loses: boolean;
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

export interface HeldList {
  waiting_for_you: Proposal[];
  waiting_for_others: Proposal[];
}

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

export interface People {
  teams: {
    party: PartyId;
    label: Words;
    work: string;
    people: PersonLine[];
  }[];
}

export interface PersonLine extends PersonRef {
  roles: RoleId[];
  devices: number;
  left_ms: number | null;
}

export interface Roles {
  roles: { party: PartyId; role: RoleId; people: PersonRef[] }[];
  gaps: GapRef[];
}

export interface RolesAnswer extends Roles {
  /** What every role is called, those that nobody holds included. */
  labels: Record<RoleId, Words>;
  gaps_said: Words[];
}

export interface Devices {
  devices: DeviceLine[];
}

export interface DeviceLine {
  device: DeviceId;
  label: string;
  enrolled_ms: number;
  this: boolean;
  ended_ms: number | null;
  lost: boolean;
}

/** The reader's devices; a lead also sees those of the team's people, by person. */
export interface DevicesAnswer extends Devices {
  team: { person: PersonRef; devices: DeviceLine[] }[];
}

export interface RulesShow {
  title: Words;
  in_force: boolean;
  in_force_since_ms: number | null;
  signatures: { party: PartyId; person: PersonRef | null; time_ms: number }[];
  unsigned: PartyId[];
  rules: { id: RuleId; name: Words; rights: { right: string; people: PersonRef[] }[] }[];
  gaps: GapRef[];
}

export interface RulesAnswer extends RulesShow {
  /** For each rule its sentences, one for each of its rights, in their order. */
  sentences: Record<RuleId, Words[]>;
  /** Who has signed and who has still to, in words. */
  signed_said: Words;
  gaps_said: Words[];
  /** Whether the reader may sign, and whether their team has. */
  may_sign: boolean;
  has_signed: boolean;
  /** The rules as text, for changing them. */
  toml: string;
  /** Each rule as it is stored, for changing it in a form. */
  forms: Record<RuleId, RuleForm>;
}

/** A rule as it is stored; what is empty may be left out. */
export interface RuleForm {
  name?: Words;
  /** Sections such as `matrix:party/{party}`, one or several. */
  on: string | string[];
  /** Roles such as `coordinator` (in any team), `moscow/lead`, `{party}/lead` (the section's team); an asterisk for the team means any. */
  read?: string[];
  propose?: string[];
  edit?: string[];
  endorse?: string[];
  /** Edits by others than those who decide wait. */
  hold?: "edits";
  fields?: string[];
  grants?: RoleId[];
  not_self?: boolean;
  internal?: boolean;
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

// ---------------------------------------------------------------- what only the web needs

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

// ---------------------------------------------------------------- views

/** Every view: what it takes and what it gives. */
export interface Views {
  app: { take: Nothing; give: AppView };
  invitation: { take: Nothing; give: InvitationView };
  cities: { take: Nothing; give: { cities: City[] } };
  kinds: { take: Nothing; give: { kinds: KindSchema[] } };
  setting: { take: Nothing; give: SettingView };
  status: { take: Nothing; give: StatusAnswer };
  documents: { take: Nothing; give: DocList };
  document: { take: { document: DocumentId }; give: DocumentAnswer };
  text: { take: { document: DocumentId; section: SectionId; path: Path }; give: TextAnswer };
  conflicts: { take: { document: DocumentId }; give: Conflicts };
  /** The source text from which a translation was made; `then` is absent if the record has it not. */
  translated: {
    take: { document: DocumentId; section: SectionId; path: Path };
    give: { source: Lang; then: string | null; now: string };
  };
  /** Who else looks at a document now; empty while the reader does not take part. */
  presence: { take: { document: DocumentId }; give: { people: { person: PersonRef; section: Words | null }[] } };
  place: { take: { document: DocumentId; section: SectionId; path: Path }; give: PlaceRef };
  talk: { take: { document: DocumentId }; give: Talk };
  /** Questions to the reader, and of theirs to others, without an answer yet. */
  questions: { take: Nothing; give: { for_you: Question[]; from_you: Question[] } };
  overlaps: { take: { document: DocumentId }; give: Overlaps };
  held: { take: Nothing; give: HeldList };
  proposal: { take: { statement: StatementId }; give: Proposal };
  log: { take: { document: DocumentId }; give: LogAnswer };
  diff: { take: { document: DocumentId; from: PointWish; to: PointWish }; give: DocDiff };
  people: { take: Nothing; give: People & { /** Working hours in words, by team. */ work_said: Record<PartyId, Words> } };
  roles: { take: Nothing; give: RolesAnswer };
  devices: { take: Nothing; give: DevicesAnswer };
  rules: { take: Nothing; give: RulesAnswer };
  /** What a rule would say in each language, sentence by sentence. */
  "rule-said": { take: { id: RuleId; form: RuleForm }; give: Record<Lang, string[]> };
  why: { take: { statement: StatementId }; give: WhyAnswer };
  verified: { take: Nothing; give: VerifiedAnswer };
  search: { take: { text: string; limit?: number }; give: SearchAnswer };
  /** The order of a row between two others; the ends where one is absent. */
  order: {
    take: { document: DocumentId; section: SectionId; path: Path; after: string | null };
    give: OrderAnswer;
  };
  /** What the interface keeps for itself with `remember`, durably, for this partnership. */
  memory: { take: { key: string }; give: { value: string | null } };
}

export type Nothing = Record<never, never>;

// ---------------------------------------------------------------- commands

/** What became of an edit. */
export type EditAnswer =
  | { became: "saved" }
  /** Somebody else decides: it waits as this suggestion. */
  | { became: "suggested"; statement: StatementId; deciders: Decider[]; said: Words }
  /** What it would write stands already. */
  | { became: "nothing" };

/** What would become of an edit. */
export type ForeseenAnswer =
  | { would: "save" }
  | { would: "suggest"; deciders: Decider[]; said: Words }
  | { would: "refuse"; said: Words }
  | { would: "nothing" };

/** What became of a decision or another statement. */
export interface SubmittedAnswer {
  statement: StatementId;
  /** Whether it waits for others, and for whom. */
  waits: boolean;
  deciders: Decider[];
  said: Words | null;
}

export interface InvitedAnswer extends SubmittedAnswer {
  link: string;
  person: PersonId;
  expires_ms: number;
  /** Ready to be sent along with the link, in both languages; it ends with the link. */
  message: Words;
}

/** Every command: what it takes and what it gives. A command that cannot be carried out rejects
 * with a {@link Problem}. */
export interface Commands {
  // Partnerships in this browser.
  open: { take: { profile: string }; give: Nothing };
  close: { take: Nothing; give: Nothing };
  /** Opens anew what was set aside because the program stopped at it. */
  retry: { take: { profile: string }; give: Nothing };
  /** Deletes a partnership from this browser. */
  forget: { take: { profile: string }; give: Nothing };
  found: {
    take: { link: string; title?: string; teams: TeamWish[]; me: string; device?: string };
    give: { profile: string; recovery: RecoveryKey };
  };
  /** Opens an invitation's link: connects and shows it. Uses up nothing. */
  "open-invitation": { take: { link: string }; give: { profile: string } };
  /** Joins with the invitation that is open. */
  join: { take: { device?: string }; give: { recovery: RecoveryKey | null } };
  /** Lets a person of the team in again with the key from paper: gives a link for their new device. */
  recover: {
    take: { link: string; key: string; name: string };
    give: { link: string; said: Words };
  };
  /** Which of the three a link is; its relay's address, for telling people before anything is done. */
  "read-link": {
    take: { link: string };
    give: { is: "founding" | "invitation" | "recovery" | "none"; address: string | null; profile: string | null };
  };
  "set-lang": { take: { lang: Lang }; give: Nothing };
  dismiss: { take: { notice: number }; give: Nothing };
  /** Tries to connect now. */
  connect: { take: Nothing; give: Nothing };
  remember: { take: { key: string; value: string | null }; give: Nothing };

  // Documents.
  create: { take: { kind: KindId; title: string }; give: { document: DocumentId } };
  edit: {
    take: {
      document: DocumentId;
      edits: SectionEdits[];
      message?: string;
      /** What the interface keeps for itself from then on, together with the edit or not at all. */
      remember?: { key: string; value: string | null };
      /** The text that a splice was typed on, as `markOf` marks it. If it is another by now, the
       * command is rejected as `stale`: its positions would be wrong. */
      on?: { section: SectionId; path: Path; mark: string };
    };
    give: EditAnswer;
  };
  /** Says what the person looks at, and asks who else does; `null` stops both. Nothing of it is kept. */
  attend: { take: { document: DocumentId | null; section?: SectionId | null }; give: Nothing };
  /** Says something in the talk; `lang` is that of the interface. */
  say: { take: { document: DocumentId; saying: Saying; lang: Lang }; give: EditAnswer };
  foresee: { take: { document: DocumentId; edits: SectionEdits[] }; give: ForeseenAnswer };
  /** The person paused: signs what was typed and sends it. */
  commit: { take: Nothing; give: Nothing };
  undo: { take: { document: DocumentId }; give: { done: boolean } };
  redo: { take: { document: DocumentId }; give: { done: boolean } };
  /** Writes a section, or one field of it, as it was at an entry, as a new edit. */
  restore: {
    take: { document: DocumentId; section: SectionId; path?: Path; to: PointWish; message?: string };
    give: EditAnswer;
  };

  // Suggestions.
  endorse: { take: { statement: StatementId; message?: string; restate?: boolean }; give: SubmittedAnswer };
  decline: { take: { statement: StatementId; reason: string; send_back?: boolean }; give: SubmittedAnswer };
  withdraw: { take: { statement: StatementId }; give: SubmittedAnswer };

  // Ground rules and people.
  "sign-rules": { take: Nothing; give: SubmittedAnswer };
  "propose-rules": { take: { toml: string; message?: string }; give: EditAnswer };
  /** Proposes one rule; `null` that it goes. */
  "change-rule": { take: { id: RuleId; form: RuleForm | null; message?: string }; give: EditAnswer };
  "change-charter": { take: { edits: SectionEdits[]; message?: string }; give: EditAnswer };
  "add-team": { take: { team: TeamWish; message?: string }; give: EditAnswer & { party: PartyId } };
  "set-roles": { take: { person: PersonId; roles: RoleId[]; message?: string }; give: EditAnswer };
  "set-calendar": {
    take: { party: PartyId; work?: string; holidays?: string; message?: string };
    give: EditAnswer;
  };
  invite: {
    take: { party: PartyId; name: string; roles: RoleId[] } | { device: true } | { person: PersonId };
    give: InvitedAnswer;
  };
  "remove-person": { take: { person: PersonId }; give: SubmittedAnswer };
  "end-device": { take: { device: DeviceId; lost: boolean }; give: SubmittedAnswer };

  // Files.
  /** "Download my copy": a file that `entente bundle import` takes in. */
  export: { take: { documents?: DocumentId[] }; give: { name: string; bytes: Uint8Array } };
  import: { take: { bytes: Uint8Array }; give: { entries: number; statements: number; known: number; said: Words } };
}

export type ViewName = keyof Views;
export type CommandName = keyof Commands;
