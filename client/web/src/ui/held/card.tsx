// One suggestion: what it changes, who wrote it and why it waits, who decides; and the decision itself.

import { useState } from "preact/hooks";
import type { Path, Proposal, SectionId } from "../../core/contract.ts";
import { attempt, call, look } from "../core.ts";
import { isBelow } from "../document/context.ts";
import { deciderText, isMe, nameOf, nameOrYou } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { AreaField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { say } from "../parts/toast.tsx";
import { href } from "../router.ts";
import { when } from "../times.ts";
import { capital, list, side, t } from "../words.ts";
import { Diff } from "./diff.tsx";

type Props = { proposal: Proposal; only?: { section: SectionId; path: Path }; withPlace?: boolean };

export function ProposalCard({ proposal, only, withPlace }: Props) {
  const lines = only
    ? proposal.changes.filter((line) => line.place.section === only.section && isBelow(line.place.path, only.path))
    : proposal.changes;
  const more = proposal.changes.length - lines.length;
  return (
    <article class="note waits proposal" aria-label={heading(proposal)}>
      <p class="proposal-head">
        <Icon mark="waits" />
        <strong>{heading(proposal)}</strong>
      </p>
      {withPlace && (
        <p class="fine">
          <a href={href({ at: "document", name: proposal.document })}>{proposal.title}</a>
        </p>
      )}
      {proposal.act !== "edit" && <p>{t(`web-act-${proposal.act}`, { person: nameOf(proposal.about) })}</p>}
      {proposal.hidden && <p class="soft">{t("web-hidden")}</p>}
      <ul class="changes">
        {lines.map((line) => (
          <li key={`${line.place.section} ${line.place.path.join("/")}`}>
            {(withPlace || !only || lines.length > 1) && <span class="change-place">{side(line.place.label)}</span>}
            <Diff before={side(line.before.label)} after={side(line.after.label)} />
            {line.loses && <small class="state-wait">{t("web-loses")}</small>}
          </li>
        ))}
      </ul>
      {more > 0 && <p class="soft fine">{t("web-more-changes", { count: more })}</p>}
      {proposal.message && <p class="quote">{proposal.message}</p>}
      <p class="soft fine">{facts(proposal)}</p>
      <Actions proposal={proposal} />
    </article>
  );
}

function heading(proposal: Proposal): string {
  if (proposal.yours) return t("web-waits-for-you");
  if (proposal.deciders.length === 0) return t("web-waits-nobody");
  return capital(t("held-for", { deciders: list(proposal.deciders.map(deciderText)) }));
}

function facts(proposal: Proposal): string {
  const who = capital(nameOrYou(proposal.author));
  return `${who} · ${when(proposal.written_ms)} · ${proposal.id}`;
}

function Actions({ proposal }: { proposal: Proposal }) {
  const [asking, setAsking] = useState<"decline" | "return" | null>(null);
  const [reason, setReason] = useState("");
  const [why, setWhy] = useState("");
  const { statement } = proposal;
  const endorse = async () => {
    const done = await attempt(call("endorse", { statement, restate: proposal.loses || undefined }));
    if (done) say(done.said ? side(done.said) : t("web-approved"));
  };
  const withdraw = async () => {
    if (await attempt(call("withdraw", { statement }))) say(t("held-withdrawn"));
  };
  const decline = async (event: Event) => {
    event.preventDefault();
    const done = await attempt(call("decline", { statement, reason: reason.trim(), send_back: asking === "return" || undefined }));
    if (!done) return;
    setAsking(null);
    say(asking === "return" ? t("held-returned", { person: nameOf(proposal.author) }) : t("held-declined", { person: nameOf(proposal.author) }));
  };
  const explain = async () => {
    const answer = await attempt(look("why", { statement }));
    if (answer) setWhy(side(answer.said));
  };
  return (
    <>
      <div class="row no-print">
        {proposal.yours && (
          <>
            <button type="button" class="button small main" onClick={endorse}>
              {t("web-approve")}
            </button>
            <button type="button" class="button small" onClick={() => setAsking("return")}>
              {t("web-send-back")}
            </button>
            <button type="button" class="button small" onClick={() => setAsking("decline")}>
              {t("web-not-take")}
            </button>
          </>
        )}
        {(proposal.own || isMe(proposal.author.id)) && (
          <button type="button" class="button small" onClick={withdraw}>
            {t("web-take-back")}
          </button>
        )}
        <button type="button" class="button plain small" onClick={explain}>
          {t("web-why-waits")}
        </button>
      </div>
      {why && (
        <Dialog title={t("web-why-waits")} onClose={() => setWhy("")}>
          <p class="said">{why}</p>
        </Dialog>
      )}
      {asking && (
        <Dialog title={t(asking === "return" ? "web-send-back" : "web-not-take")} onClose={() => setAsking(null)}>
          <form class="stack" onSubmit={decline}>
            <AreaField
              label={t("web-reason", { person: nameOf(proposal.author) })}
              help={t("web-reason-help")}
              value={reason}
              required
              onText={setReason}
            />
            <div class="row end">
              <button type="submit" class="button main">
                {t(asking === "return" ? "web-send-back" : "web-not-take")}
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
