// Every command: what it takes and what it gives.

import type { RecoveryKey, TeamWish } from "./app.ts";
import type { Saying } from "./documents.ts";
import type { RuleForm } from "./members.ts";
import type { PointWish } from "./record.ts";
import type { Decider, DeviceId, DocumentId, KindId, Lang, PartyId, Path, PersonId, RoleId, RuleId, SectionEdits, SectionId, StatementId, Words } from "./values.ts";
import type { Nothing, Views } from "./views.ts";

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

  /** Lets a suggestion, also one's own, go beyond its band, with a reason. */
  override: { take: { statement: StatementId; reason: string }; give: SubmittedAnswer };
  /** Suggests once more what a suggestion that came back would change. */
  revise: { take: { statement: StatementId; message?: string }; give: SubmittedAnswer };

  // Agreeing on a section.
  /** Asks for the approval of the section's present version. */
  ask: { take: { document: DocumentId; section: SectionId; message?: string }; give: SubmittedAnswer };
  /** Signs a section as `compared` showed it. */
  sign: { take: { document: DocumentId; section: SectionId; digest: string }; give: SubmittedAnswer };

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
