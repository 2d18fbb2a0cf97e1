// What waits: for the reader, for others because of the reader, and what was not taken over.

import type { Question } from "../../core/contract.ts";
import { seen } from "../core.ts";
import { nameOf, nameOrYou, teamLabel } from "../names.ts";
import { PageHead } from "../shell/documents.tsx";
import { Icon } from "../parts/icon.tsx";
import { href } from "../router.ts";
import { when } from "../times.ts";
import { capital, list, side, t } from "../words.ts";
import { ProposalCard } from "./card.tsx";

export function InboxPage({ id }: { id?: string }) {
  const held = seen("held", {});
  const status = seen("status", {});
  if (!held || !status) return null;
  const open = status.documents.filter((one) => one.conflicts.length + one.overlaps.length + one.gaps.length > 0);
  const questions = seen("questions", {});
  const asked = questions?.for_you ?? [];
  const asking = questions?.from_you ?? [];
  const calm = asked.length === 0 && asking.length === 0 && held.waiting_for_you.length === 0 && held.waiting_for_others.length === 0 && open.length === 0 && status.refused.length === 0;
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
      {asked.length > 0 && (
        <Group title={t("web-asked-you")} count={asked.length}>
          <Questions questions={asked} />
        </Group>
      )}
      {open.length > 0 && (
        <Group title={t("web-to-settle")} count={open.reduce((sum, one) => sum + one.conflicts.length + one.overlaps.length + one.gaps.length, 0)}>
          <ul class="sheet close lines">
            {open.map((one) => (
              <li key={one.document}>
                <a href={href({ at: "document", name: one.document })}>
                  <strong>{one.title}</strong>
                </a>
                <ul class="settle-facts">
                  {one.conflicts.length > 0 && (
                    <li>
                      <Icon mark="choose" /> {t("web-two-values")}: {list(one.conflicts.map(side))}
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
