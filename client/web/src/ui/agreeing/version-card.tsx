// A version that waits for approval: whose it is, what it changes, who is asked and until when.

import { useState } from "preact/hooks";
import type { Proposal } from "../../core/contract.ts";
import { now, seen } from "../core.ts";
import { Actions } from "../held/actions.tsx";
import { deciderText, nameOrYou } from "../names.ts";
import { Icon } from "../parts/icon.tsx";
import { href } from "../router.ts";
import { when } from "../times.ts";
import { capital, list, side, t } from "../words.ts";
import { Chain, roundText } from "./chain.tsx";
import { Changes } from "./changes.tsx";

type Props = { proposal: Proposal; withPlace?: boolean };

export function VersionCard({ proposal, withPlace }: Props) {
  // Whoever decides wants to see what they decide; others may look.
  const [open, setOpen] = useState(proposal.yours);
  const { document, review } = proposal;
  const section = proposal.sections[0] ?? "";
  const place = { at: "document", name: document, part: "at", focus: section } as const;
  const title = seen("document", { document })?.content.sections.find((one) => one.id === section)?.title;
  return (
    <article class="note waits proposal version-card" aria-label={heading(proposal)}>
      <p class="proposal-head">
        <Icon mark="waits" />
        <strong>{heading(proposal)}</strong>
      </p>
      {withPlace && (
        <p>
          <a href={href(place)}>
            {proposal.title}
            {title && ` · ${side(title)}`}
          </a>
        </p>
      )}
      {review && <p class="fine">{capital(factsOf(proposal))}</p>}
      {proposal.message && <p class="quote">{proposal.message}</p>}
      <p class="soft fine">
        {capital(nameOrYou(proposal.author))} · {when(proposal.written_ms)} · {proposal.id}
      </p>
      {review?.changed_since && (
        <p class="fine">
          <Icon mark="choose" /> {t("web-version-moved")}
        </p>
      )}
      <Actions proposal={proposal} />
      <details class="more" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t("web-version-look")}</summary>
        {open && review && (
          <div class="stack">
            <SinceLast document={document} section={section} />
            <Chain document={document} section={section} review={review} />
          </div>
        )}
      </details>
    </article>
  );
}

/** What the version changes on the one before it. */
function SinceLast({ document, section }: { document: string; section: string }) {
  const compared = seen("compared", { document, section });
  if (!compared) return <p class="soft">{t("web-moment")}</p>;
  if (!compared.waiting) return <p>{t("web-version-first")}</p>;
  return (
    <div class="stack tight">
      <p>
        <strong>{t("web-version-since")}</strong>
      </p>
      <Changes lines={compared.waiting.changes} />
    </div>
  );
}

function heading(proposal: Proposal): string {
  if (proposal.yours) return t("web-version-yours");
  if (proposal.deciders.length === 0) return t("web-waits-nobody");
  return capital(t("held-for", { deciders: list(proposal.deciders.map(deciderText)) }));
}

function factsOf({ review }: Proposal): string {
  if (!review) return "";
  const due = review.due_ms === null ? "" : t(review.due_ms < now.value ? "standing-overdue" : "standing-due", { when: when(review.due_ms) });
  const stage = review.stages > 1 ? t("standing-stage", { stage: review.stage, stages: review.stages }) : "";
  return [roundText(review), stage, due].filter(Boolean).join(" · ");
}
