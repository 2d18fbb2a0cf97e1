// How the teams work together: decisions, timeline, who talks to whom, the approval chain; and the
// working hours of both cities as a band.

import type { PartyView } from "../../core/contract.ts";
import { now, seen } from "../core.ts";
import { useDoc } from "../document/context.ts";
import { Decides } from "../document/decides.tsx";
import { Section } from "../document/section.tsx";
import { Icon } from "../parts/icon.tsx";
import { narrow } from "../parts/narrow.ts";
import { clock, parties } from "../times.ts";
import { side, t } from "../words.ts";

export function PlaybookBody() {
  const doc = useDoc();
  const view = doc.answer.playbook;
  return (
    <>
      <Decides />
      {view && (view.undecided.length > 0 || view.unheld.length > 0) && (
        <ul class="row">
          {view.undecided.length > 0 && (
            <li class="chip waits">
              <Icon mark="nobody" /> {t("web-undecided", { count: view.undecided.length })}
            </li>
          )}
          {view.unheld.length > 0 && (
            <li class="chip waits">
              <Icon mark="nobody" /> {t("web-unheld", { count: view.unheld.length })}
            </li>
          )}
        </ul>
      )}
      {doc.answer.content.sections
        .filter((section) => section.id !== "talk")
        .map((section) => (
          <div key={section.id} class="stack">
            {section.id === "timeline" && <HoursBand />}
            <Section view={section} />
          </div>
        ))}
    </>
  );
}

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** The next 24 hours, one bar for each team and one for the hours that all share. */
export function HoursBand() {
  const teams = parties();
  const from = Math.floor(now.value / HOUR_MS) * HOUR_MS;
  const to = from + DAY_HOURS * HOUR_MS;
  const together = seen("status", {})?.together_said;
  const bars = teams.map((team) => openIn(team, from, to));
  const shared = bars.reduce<[number, number][]>((all, one, at) => (at === 0 ? one : both(all, one)), []);
  // Text in the drawing keeps its size: a phone's drawing is narrower, not smaller.
  const [left, width] = narrow.value ? [84, 236] : [150, 960];
  const hours = narrow.value ? [0, 6, 12, 18] : [0, 3, 6, 9, 12, 15, 18, 21];
  const x = (at: number) => ((Math.max(from, Math.min(to, at)) - from) / (to - from)) * width;
  return (
    <figure class="band sheet close">
      <figcaption>
        <strong>{t("web-band")}</strong> {together && <span class="soft">{side(together)}</span>}
      </figcaption>
      <svg viewBox={`0 0 ${left + width + 10} ${teams.length * 44}`} role="img" aria-label={describe()}>
        {teams.map((team, row) => (
          <g key={team.party} transform={`translate(${left} ${row * 44})`}>
            <text class="band-name" x="-12" y="21">
              {side(team.label)}
            </text>
            <rect class="band-day" x="0" y="4" width={width} height="24" rx="4" />
            {(bars[row] ?? []).map(([begin, end]) => (
              <rect class="band-open" key={begin} x={x(begin)} y="4" width={x(end) - x(begin)} height="24" rx="4" />
            ))}
            {shared.map(([begin, end]) => (
              <rect class="band-shared" key={begin} x={x(begin)} y="4" width={x(end) - x(begin)} height="24" />
            ))}
            {hours.map((hour) => (
              <text class="band-hour" key={hour} x={(hour * width) / DAY_HOURS} y="41">
                {clock(team, from + hour * HOUR_MS).slice(0, 5)}
              </text>
            ))}
          </g>
        ))}
        <line class="band-now" x1={left + x(now.value)} x2={left + x(now.value)} y1="0" y2={teams.length * 44} />
      </svg>
      <p class="fine soft band-key">
        <span class="key-open" aria-hidden="true" /> {t("web-band-open")} <span class="key-shared" aria-hidden="true" /> {t("web-band-shared")}
      </p>
    </figure>
  );

  function describe(): string {
    return teams
      .map((team, row) => `${side(team.label)}: ${(bars[row] ?? []).map(([begin, end]) => `${clock(team, begin)}–${clock(team, end)}`).join(", ") || t("web-closed")}`)
      .join("; ");
  }
}

/** A team's hours within a time, those that have begun already included. */
function openIn(team: PartyView, from: number, to: number): [number, number][] {
  const later = team.open_ms.filter(([begin, end]) => end > from && begin < to);
  const isListed = later.some(([begin]) => begin <= now.value);
  return team.at_work && team.changes_at_ms !== null && !isListed ? [[from, team.changes_at_ms], ...later] : later;
}

function both(one: [number, number][], other: [number, number][]): [number, number][] {
  return one.flatMap(([begin, end]) =>
    other.flatMap(([from, to]): [number, number][] => (Math.max(begin, from) < Math.min(end, to) ? [[Math.max(begin, from), Math.min(end, to)]] : [])),
  );
}
