// What waits: for the reader, each with what they can do about it; for others because of the reader; and
// what was not taken over.

import type { Inbox, OpenLine, PlaceLine, Question, SentBack } from "../../core/contract.ts";
import { Changes } from "../agreeing/changes.tsx";
import { type Opening, open } from "../agreeing/opening.ts";
import { StateLine } from "../agreeing/standing.tsx";
import { attempt, call, seen } from "../core.ts";
import { nameOf, nameOrYou, teamLabel } from "../names.ts";
import { PageHead } from "../shell/documents.tsx";
import { Icon, type Mark } from "../parts/icon.tsx";
import { say } from "../parts/toast.tsx";
import { href } from "../router.ts";
import { when } from "../times.ts";
import { capital, list, side, t } from "../words.ts";
import { ProposalCard } from "./card.tsx";

export function InboxPage({ id }: { id?: string }) {
  const held = seen("held", {});
  const status = seen("status", {});
  if (!held || !status) return null;
  const inbox = seen("inbox", {}) ?? NOTHING;
  // Two values of a document stand above where the reader writes; those of the ground rules only here.
  const twice = (one: OpenLine) => (one.kind === "charter" ? one.conflicts : []);
  const points = (one: OpenLine) => one.overlaps.length + one.gaps.length + twice(one).length;
  const unsettled = status.documents.filter((one) => points(one) > 0);
  const questions = seen("questions", {});
  const asked = questions?.for_you ?? [];
  const asking = questions?.from_you ?? [];
  const all = [asked, asking, held.waiting_for_you, held.waiting_for_others, held.sent_back, unsettled, status.refused, ...Object.values(inbox)];
  const calm = all.every((list) => list.length === 0);
  return (
    <>
      <PageHead title={t("web-inbox")} />
      {calm && (
        <div class="empty">
          <Icon mark="done" />
          <h2>{t("web-inbox-calm")}</h2>
          <p>{t("web-inbox-calm-help")}</p>
        </div>
      )}
      {held.waiting_for_you.length > 0 && (
        <Group title={t("web-waits-for-you")} count={held.waiting_for_you.length}>
          {held.waiting_for_you.map((one) => (
            <div key={one.statement} class={one.id === id ? "marked" : ""}>
              <ProposalCard proposal={one} withPlace />
            </div>
          ))}
        </Group>
      )}
      {inbox.to_sign.length > 0 && (
        <Group title={t("web-to-sign")} count={inbox.to_sign.length}>
          <ul class="sheet close lines">
            {inbox.to_sign.map((one) => (
              <li class="stack tight" key={`${one.document} ${one.standing.section}`}>
                <SectionLink document={one.document} section={one.standing.section} title={one.title} label={one.label} />
                <StateLine standing={one.standing} />
                {!one.is_ready && <p class="soft fine">{t("web-to-sign-not-ready")}</p>}
                <Go opening={{ dialog: "sign", document: one.document, section: one.standing.section }} text={t("web-sign-open")} />
              </li>
            ))}
          </ul>
        </Group>
      )}
      {inbox.came_back.length + held.sent_back.length > 0 && (
        <Group title={t("web-came-back-to-you")} count={inbox.came_back.length + held.sent_back.length}>
          <ul class="sheet close lines">
            {inbox.came_back.map((one) => (
              <li class="stack tight" key={one.version.statement}>
                <SectionLink document={one.document} section={one.section} title={one.title} label={one.label} />
                <p>{t("web-came-back", { person: nameOf(one.version.by), when: when(one.version.answered_ms ?? one.version.asked_ms) })}</p>
                {one.version.reason && <p class="quote">{one.version.reason}</p>}
                <Go opening={{ dialog: "send", document: one.document, section: one.section }} text={t("web-send-next")} />
              </li>
            ))}
            {held.sent_back.map((one) => (
              <CameBack key={one.statement} one={one} />
            ))}
          </ul>
        </Group>
      )}
      {inbox.to_choose.length > 0 && (
        <Group title={t("web-two-values")} count={inbox.to_choose.length}>
          <Places places={inbox.to_choose} mark="choose" />
        </Group>
      )}
      {inbox.to_translate.length > 0 && (
        <Group title={t("web-to-translate")} count={inbox.to_translate.length}>
          <Places places={inbox.to_translate} mark="translate" />
        </Group>
      )}
      {asked.length > 0 && (
        <Group title={t("web-asked-you")} count={asked.length}>
          <Questions questions={asked} />
        </Group>
      )}
      {unsettled.length > 0 && (
        <Group title={t("web-to-settle")} count={unsettled.reduce((sum, one) => sum + points(one), 0)}>
          <ul class="sheet close lines">
            {unsettled.map((one) => (
              <li key={one.document}>
                <a href={href({ at: "document", name: one.document })}>
                  <strong>{one.title}</strong>
                </a>
                <ul class="settle-facts">
                  {twice(one).length > 0 && (
                    <li>
                      <Icon mark="choose" /> {t("web-two-values")}: {list(twice(one).map(side))}
                    </li>
                  )}
                  {one.overlaps.length > 0 && (
                    <li>
                      <Icon mark="both" /> {t("web-both")}: {list(one.overlaps.map(side))}
                    </li>
                  )}
                  {one.gaps.length > 0 && (
                    <li>
                      <Icon mark="nobody" /> {t("web-nobody")}: {list(one.gaps.map(side))}
                    </li>
                  )}
                </ul>
              </li>
            ))}
          </ul>
        </Group>
      )}
      {held.waiting_for_others.length > 0 && (
        <Group title={t("web-waits-for-others")} count={held.waiting_for_others.length}>
          {held.waiting_for_others.map((one) => (
            <ProposalCard key={one.statement} proposal={one} withPlace />
          ))}
        </Group>
      )}
      {asking.length > 0 && (
        <Group title={t("web-you-asked")} count={asking.length}>
          <Questions questions={asking} />
        </Group>
      )}
      {status.refused.length > 0 && (
        <Group title={t("web-kept-here")} count={status.refused.length}>
          <ul class="sheet close lines">
            {status.refused.map((one, at) => (
              <li key={one.statement}>
                <p>{status.refused_said[at] ? side(status.refused_said[at]) : one.id}</p>
                <p class="soft fine">
                  {when(one.written_ms)}
                  {one.people.length > 0 && ` · ${t("web-ask", { people: list(one.people.map((person) => `${nameOf(person)} (${teamLabel(person.party)})`)) })}`}
                </p>
              </li>
            ))}
          </ul>
        </Group>
      )}
    </>
  );
}

const NOTHING: Inbox = { to_sign: [], came_back: [], to_translate: [], to_choose: [] };

type SectionLinkProps = { document: string; section: string; title: string; label: { ru: string; en: string } };

function SectionLink({ document, section, title, label }: SectionLinkProps) {
  return (
    <p>
      <a href={href({ at: "document", name: document, part: "at", focus: section })}>
        <strong>
          {title} · {side(label)}
        </strong>
      </a>
    </p>
  );
}

/** Leads to a section and opens what is to be done there. */
function Go({ opening, text }: { opening: Opening; text: string }) {
  return (
    <p>
      <a class="button small main" href={href({ at: "document", name: opening.document })} onClick={() => open(opening)}>
        {text}
      </a>
    </p>
  );
}

function Places({ places, mark }: { places: PlaceLine[]; mark: Mark }) {
  return (
    <ul class="sheet close lines tight-lines">
      {places.map((one) => (
        <li key={`${one.document} ${one.place.address}`}>
          <Icon mark={mark} />{" "}
          <a href={href({ at: "document", name: one.document, part: "at", focus: one.place.address })}>
            {one.title} · {side(one.place.label)}
          </a>
          {one.people.length > 0 && <small class="block">{list(one.people.map(nameOf))}</small>}
        </li>
      ))}
    </ul>
  );
}

/** A suggestion that came back: the words with it, and the way to suggest it once more. */
function CameBack({ one }: { one: SentBack }) {
  const revise = async () => {
    const done = await attempt(call("revise", { statement: one.statement }));
    if (done) say(done.said ? side(done.said) : t("web-saved"));
  };
  return (
    <li class="stack tight">
      <p>
        <a href={href({ at: "document", name: one.document })}>
          <strong>{one.title || t("web-rules")}</strong>
        </a>
      </p>
      <p>{one.outcome === "orphaned" ? t("held-orphaned-note") : t("web-came-back", { person: nameOf(one.by), when: when(one.time_ms) })}</p>
      {one.reason && <p class="quote">{one.reason}</p>}
      {one.changes.length > 0 ? (
        <>
          <Changes lines={one.changes} />
          <p>
            <button type="button" class="button small" onClick={revise}>
              {t("web-suggest-again")}
            </button>
          </p>
        </>
      ) : (
        <p class="soft">{t("held-revise-nothing")}</p>
      )}
    </li>
  );
}

function Questions({ questions }: { questions: Question[] }) {
  return (
    <ul class="sheet close lines">
      {questions.map(({ document, title, thread }) => (
        <li class="stack tight" key={thread.message.id}>
          <p class="soft fine">
            {capital(nameOrYou(thread.message.author))} {thread.message.at_ms !== null && when(thread.message.at_ms)}
            {thread.place && ` · ${side(thread.place.label)}`}
          </p>
          <p class="text">{thread.message.text}</p>
          <p>
            <a class="button small" href={href({ at: "document", name: document, part: "talk" })}>
              {t("web-talk-open", { title })}
            </a>
          </p>
        </li>
      ))}
    </ul>
  );
}

function Group({ title, count, children }: { title: string; count: number; children: preact.ComponentChildren }) {
  return (
    <section class="stack group">
      <h2>
        {title} <span class="count">{count}</span>
      </h2>
      {children}
    </section>
  );
}
