// Where a section stands, at its heading: a word with a mark, what it means now, and what the reader can
// do next. Only where the ground rules ask for approval or signatures.

import type { ComponentChildren } from "preact";
import type { SectionId, StandingLine } from "../../core/contract.ts";
import { accessOf, useDoc, type Doc } from "../document/context.ts";
import { deciderText, nameOf } from "../names.ts";
import { Icon, type Mark } from "../parts/icon.tsx";
import { date, when } from "../times.ts";
import { capital, list, t } from "../words.ts";
import { roundText } from "./chain.tsx";
import { close, open, opening } from "./opening.ts";
import { SendVersion } from "./send.tsx";
import { SignSection } from "./sign.tsx";
import { VersionCard } from "./version-card.tsx";

const MARKS: Record<StandingLine["state"], Mark> = {
  draft: "edit",
  in_review: "waits",
  approved: "done",
  changed: "choose",
  partly_signed: "sign",
  signed: "lock",
  lapsed: "history",
};
const LOOKS: Partial<Record<StandingLine["state"], string>> = { in_review: "waits", approved: "good", signed: "good", changed: "waits", lapsed: "waits" };

export function standingOf(doc: Doc, section: SectionId): StandingLine | undefined {
  return doc.answer.standing.find((one) => one.section === section);
}

/** The state as a chip, with what it means beside it; `short` where a card below says that. */
export function StateLine({ standing, short }: { standing: StandingLine; short?: boolean }) {
  const more = short ? "" : detail(standing);
  return (
    <p class="standing">
      <span class={`chip ${LOOKS[standing.state] ?? ""}`}>
        <Icon mark={MARKS[standing.state]} /> {word(standing)}
      </span>
      {more && <span class="fine soft"> {capital(more)}</span>}
    </p>
  );
}

/** State and next steps, under the heading of a section. */
export function SectionState({ section }: { section: SectionId }) {
  const doc = useDoc();
  const standing = standingOf(doc, section);
  if (!standing) return null;
  const asked = standing.review && doc.waiting.value.find((one) => one.statement === standing.review?.ask);
  const back = standing.came_back;
  const dialog = opening.value?.document === doc.id && opening.value.section === section ? opening.value.dialog : null;
  return (
    <div class="section-state stack tight">
      <div class="row">
        <StateLine standing={standing} short={!!asked} />
        <Steps standing={standing} />
      </div>
      {back && (
        <div class="note waits stack tight">
          <p>
            <Icon mark="back" /> {back.by && t("web-came-back", { person: nameOf(back.by), when: when(back.answered_ms ?? back.asked_ms) })}
          </p>
          {back.reason && <p class="quote">{back.reason}</p>}
        </div>
      )}
      {asked && <VersionCard proposal={asked} />}
      {dialog === "send" && <SendVersion section={section} standing={standing} onClose={close} />}
      {dialog === "sign" && <SignSection section={section} standing={standing} onClose={close} />}
    </div>
  );
}

function Steps({ standing }: { standing: StandingLine }): ComponentChildren {
  const doc = useDoc();
  const { section } = standing;
  const writes = accessOf(doc, section)?.access === "edit";
  return (
    <>
      {standing.has_chain && writes && !standing.review && (
        <button type="button" class="button small no-print" onClick={() => open({ dialog: "send", document: doc.id, section })}>
          <Icon mark="send" />
          {t(standing.came_back ? "web-send-next" : "web-send-version")}
        </button>
      )}
      {standing.yours_to_sign && !standing.review && <SignButton standing={standing} />}
    </>
  );
}

export function SignButton({ standing }: { standing: StandingLine }) {
  const doc = useDoc();
  return (
    <button type="button" class="button small no-print" onClick={() => open({ dialog: "sign", document: doc.id, section: standing.section })}>
      <Icon mark="sign" />
      {t("web-sign-open")}
    </button>
  );
}

/** The state in a word or two. */
export function word(standing: StandingLine): string {
  const { signing, review } = standing;
  const signed = { done: signing?.signers.filter((one) => one.statement).length ?? 0, needed: signing?.signers.length ?? 0 };
  switch (standing.state) {
    case "in_review":
      return review ? t("web-state-review", { round: roundText(review) }) : "";
    case "approved":
      return t("web-state-approved");
    case "changed":
      return t("web-state-changed");
    case "partly_signed":
    case "signed":
      return t("web-state-signed", signed);
    case "lapsed":
      return t("web-state-lapsed");
    default:
      if (standing.last_signed) return t("web-state-changed-signed");
      return signing ? t("web-state-draft-unsigned", signed) : t("web-state-draft");
  }
}

function detail(standing: StandingLine): string {
  const { signing, review, approved, last_signed } = standing;
  const people = list(standing.signed_by.map(nameOf));
  switch (standing.state) {
    case "in_review": {
      const due = review?.due_ms ? t("standing-due", { when: when(review.due_ms) }) : "";
      return [list(standing.deciders.map(deciderText)), due].filter(Boolean).join(" · ");
    }
    case "approved":
    case "changed":
      return approved ? t(standing.state === "approved" ? "web-state-since" : "web-state-approved-then", { when: when(approved.at_ms) }) : "";
    case "partly_signed":
      return people;
    case "signed": {
      const last = Math.max(...(signing?.signers.map((one) => one.at_ms ?? 0) ?? [0]));
      return [people, date(last), signing?.lapses_ms ? t("web-valid-until", { date: date(signing.lapses_ms) }) : ""].filter(Boolean).join(" · ");
    }
    case "lapsed":
      return signing?.lapses_ms ? t("web-state-since", { when: date(signing.lapses_ms) }) : "";
    default:
      return last_signed ? t("web-state-signed-then", { person: nameOf(last_signed[0]), when: when(last_signed[1]) }) : "";
  }
}
