// The app as a whole: its stage, invitations, the state of things.

import type { RulesAnswer } from "./members.ts";
import type { BoundRole, Decider, DocumentId, KindId, Lang, PartyId, PersonRef, RoleId, RuleId, SectionId, StatementId, Words } from "./values.ts";

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
  | { gap: "right"; rule: RuleId; right: string; about: string | null; only: PersonRef | null }
  | { gap: "calendar"; rule: RuleId; party: PartyId };

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
  /** Sections that others have signed, and that wait for the reader's signature. */
  to_sign: number;
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
