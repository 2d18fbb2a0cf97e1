// One suggestion: what it changes, who wrote it and why it waits, who decides.

import type { Path, Proposal, SectionId } from "../../core/contract.ts";
import { isBelow } from "../document/context.ts";
import { VersionCard } from "../agreeing/version-card.tsx";
import { deciderText, nameOf, nameOrYou } from "../names.ts";
import { Icon } from "../parts/icon.tsx";
import { href } from "../router.ts";
import { when } from "../times.ts";
import { capital, list, side, t } from "../words.ts";
import { Actions } from "./actions.tsx";
import { Diff } from "./diff.tsx";

type Props = { proposal: Proposal; only?: { section: SectionId; path: Path }; withPlace?: boolean };

export function ProposalCard(props: Props) {
  return props.proposal.act === "ask" ? <VersionCard {...props} /> : <Suggestion {...props} />;
}

function Suggestion({ proposal, only, withPlace }: Props) {
  const lines = only
    ? proposal.changes.filter((line) => line.place.section === only.section && isBelow(line.place.path, only.path))
    : proposal.changes;
  const more = proposal.changes.length - lines.length;
  return (
    <article class="note waits proposal" id={only ? `held-${proposal.statement}` : undefined} tabIndex={only ? -1 : undefined} aria-label={heading(proposal)}>
      <p class="proposal-head">
        <Icon mark="waits" />
        <strong>{heading(proposal)}</strong>
      </p>
      {proposal.amends && (
        <p>
          <span class="chip">
            <Icon mark="lock" /> {t("web-amendment")}
          </span>{" "}
          <small>{t("web-amendment-help")}</small>
        </p>
      )}
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
