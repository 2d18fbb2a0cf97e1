// Who is asked for approval, one after the other: in words, and over the working hours of the teams.

import type { DocumentId, Review, SectionId, StageLine, VersionLine } from "../../core/contract.ts";
import { now, seen } from "../core.ts";
import { deciderText, nameOf } from "../names.ts";
import { HoursBand } from "../parts/band.tsx";
import { Icon, type Mark } from "../parts/icon.tsx";
import { when } from "../times.ts";
import { capital, list, side, t } from "../words.ts";

const HOUR_MS = 3_600_000;
/** Hours before the first mark and after the last one. */
const MARGIN_MS = 2 * HOUR_MS;
/** Hours are known for some days back only. */
const BACK_MS = 4 * 24 * HOUR_MS;

/** The chain of a version that waits. */
export function Chain({ document, section, review }: { document: DocumentId; section: SectionId; review: Review }) {
  const versions = seen("versions", { document, section });
  if (!versions) return <p class="soft">{t("web-moment")}</p>;
  return (
    <div class="stack">
      <Stages stages={versions.stages} />
      {review.due_ms !== null && <Until review={review} due={review.due_ms} />}
      <Earlier versions={versions.versions.filter((one) => one.statement !== review.ask)} />
    </div>
  );
}

/** From when it was asked until the answer is due, over both cities' working hours. */
function Until({ review, due }: { review: Review; due: number }) {
  const asked = Math.max(review.since_ms, now.value - BACK_MS);
  const [from, to] = [Math.min(asked, due, now.value) - MARGIN_MS, Math.max(due, now.value) + MARGIN_MS];
  const far = (at: number) => Math.abs(now.value - at) > (to - from) / 8;
  const marks = [
    { at: asked, name: t("web-chain-asked") },
    { at: now.value, name: far(asked) && far(due) ? t("web-now") : undefined },
    { at: due, name: t("web-chain-due") },
  ];
  return (
    <HoursBand from={from} to={to} marks={marks}>
      <strong>{capital(t(due < now.value ? "standing-overdue" : "standing-due", { when: when(due) }))}</strong>
    </HoursBand>
  );
}

const MARKS: Record<StageLine["state"], Mark> = { passed: "done", asked: "waits", "to-come": "down" };

export function Stages({ stages }: { stages: StageLine[] }) {
  return (
    <ol class="stages">
      {stages.map((stage, at) => (
        <li key={at} class={`stage is-${stage.state}`} aria-current={stage.state === "asked" ? "step" : undefined}>
          <Icon mark={MARKS[stage.state]} />
          <div>
            <p>
              <strong>{capital(side(stage.who_said))}</strong>
              {stage.people.length > 0 && `: ${list(stage.people.map(deciderText))}`}
              {stage.people.length === 0 && stage.state !== "passed" && ` · ${t("web-chain-nobody")}`}
            </p>
            <p class="soft fine">{stageText(stage)}</p>
            {stage.is_over_budget && stage.state !== "passed" && (
              <p class="state-wait fine">
                <Icon mark="choose" /> {t("web-chain-over", { rounds: stage.rounds ?? 0 })}
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

function stageText(stage: StageLine): string {
  if (stage.state === "passed") {
    return stage.approved ? t("web-chain-approved", { person: nameOf(stage.approved[0]), when: when(stage.approved[1]) }) : t("web-chain-own");
  }
  const due = stage.due_ms === null ? "" : t(stage.due_ms < now.value ? "standing-overdue" : "standing-due", { when: when(stage.due_ms) });
  const parts = [stage.state === "asked" ? t("web-chain-asked-now") : "", roundText(stage), due];
  return capital(parts.filter(Boolean).join(" · "));
}

/** `round 2 of 5`. */
export function roundText({ round, rounds }: { round: number; rounds: number | null }): string {
  if (rounds === null) return t("standing-round", { round });
  return t(round > rounds ? "standing-round-over" : "standing-round-of", { round, rounds });
}

/** The versions before, newest first, with what became of them. */
export function Earlier({ versions }: { versions: VersionLine[] }) {
  if (versions.length === 0) return null;
  return (
    <details class="more">
      <summary>{t("web-versions-earlier", { count: versions.length })}</summary>
      <ol class="lines earlier" reversed>
        {versions.map((one) => <Version key={one.statement} version={one} />).reverse()}
      </ol>
    </details>
  );
}

function Version({ version }: { version: VersionLine }) {
  return (
    <li>
      <p>
        {nameOf(version.author)}, {when(version.asked_ms)}
        {version.message && <span class="quote">{version.message}</span>}
      </p>
      <p>
        <strong>{capital(t(`held-outcome-${version.outcome}`))}</strong>
        {version.by && version.answered_ms !== null && `: ${nameOf(version.by)}, ${when(version.answered_ms)}`}
        {version.reason && <span class="quote">{version.reason}</span>}
      </p>
    </li>
  );
}
