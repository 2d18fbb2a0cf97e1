// Every view: what it takes and what it gives.

import type { Compared, Inbox, Versions } from "./agreeing.ts";
import type { AppView, City, DocList, InvitationView, StatusAnswer } from "./app.ts";
import type { HeldList, Proposal, WhyAnswer } from "./deciding.ts";
import type { Conflicts, DocumentAnswer, Overlaps, Question, Talk, TextAnswer } from "./documents.ts";
import type { KindSchema, OrderAnswer, SearchAnswer, SettingView } from "./kinds.ts";
import type { DevicesAnswer, People, RolesAnswer, RuleForm, RulesAnswer } from "./members.ts";
import type { DocDiff, LogAnswer, PointWish, VerifiedAnswer } from "./record.ts";
import type { DocumentId, Lang, PartyId, Path, PersonRef, PlaceRef, RuleId, SectionId, StatementId, Words } from "./values.ts";

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
  /** A section's versions, and who approves them in turn. */
  versions: { take: { document: DocumentId; section: SectionId }; give: Versions };
  compared: { take: { document: DocumentId; section: SectionId }; give: Compared };
  inbox: { take: Nothing; give: Inbox };
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
