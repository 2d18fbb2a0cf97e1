// Working hours over a stretch of time: one bar for each team, and the hours that all share; with marks
// at moments. What it draws is also said.

import type { ComponentChildren } from "preact";
import type { PartyView } from "../../core/contract.ts";
import { now, seen } from "../core.ts";
import { aheadMs, clock, dayAndClock, parties } from "../times.ts";
import { side, t } from "../words.ts";
import { narrow } from "./narrow.ts";

const HOUR_MS = 3_600_000;
/** Above a day, hours alone would not say which day. */
const DAY_MS = 24 * HOUR_MS;
const ROW = 44;
const MARKS = 20;

type Props = {
  from: number;
  to: number;
  /** Moments; those with a name are named above the bars. */
  marks: { at: number; name?: string }[];
  children: ComponentChildren;
};

export function HoursBand({ from, to, marks, children }: Props) {
  const teams = parties();
  const bars = teams.map((team) => openIn(team, from, to));
  const shared = bars.reduce<[number, number][]>((all, one, at) => (at === 0 ? one : both(all, one)), []);
  const isLong = to - from > DAY_MS;
  // Text in the drawing keeps its size: a phone's drawing is narrower, not smaller.
  const [left, width] = narrow.value ? [84, 236] : [150, 960];
  const count = narrow.value ? (isLong ? 3 : 4) : 8;
  const ticks = ticksOf(teams[0], from, to, count);
  const x = (at: number) => ((Math.max(from, Math.min(to, at)) - from) / (to - from)) * width;
  const named = marks.filter((mark) => mark.name);
  const top = named.length > 0 ? MARKS : 0;
  const height = top + teams.length * ROW;
  return (
    <figure class="band sheet close">
      <figcaption>{children}</figcaption>
      <svg viewBox={`0 0 ${left + width + 10} ${height}`} role="img" aria-label={describe()}>
        {teams.map((team, row) => (
          <g key={team.party} transform={`translate(${left} ${top + row * ROW})`}>
            <text class="band-name" x="-12" y="21">
              {side(team.label)}
            </text>
            <rect class="band-day" x="0" y="4" width={width} height="24" rx="4" />
            {(bars[row] ?? []).map(([begin, end]) => (
              <rect class="band-open" key={begin} x={x(begin)} y="4" width={Math.max(0, x(end) - x(begin))} height="24" rx="4" />
            ))}
            {shared.map(([begin, end]) => (
              <rect class="band-shared" key={begin} x={x(begin)} y="4" width={Math.max(0, x(end) - x(begin))} height="24" />
            ))}
            {ticks.map((tick) => (
              <text class="band-hour" key={tick} x={x(tick)} y="41">
                {isLong ? dayAndClock(team, tick) : clock(team, tick)}
              </text>
            ))}
          </g>
        ))}
        {marks.map((mark) => (
          <g key={`${mark.at} ${mark.name}`}>
            <line class={mark.name ? "band-mark" : "band-now"} x1={left + x(mark.at)} x2={left + x(mark.at)} y1={top - 4} y2={height} />
            {mark.name && (
              <text class="band-hour band-mark-name" x={left + x(mark.at)} y="12" text-anchor={x(mark.at) > width * 0.85 ? "end" : x(mark.at) < width * 0.1 ? "start" : "middle"}>
                {mark.name}
              </text>
            )}
          </g>
        ))}
      </svg>
      <p class="fine soft band-key">
        <span class="key-open" aria-hidden="true" /> {t("web-band-open")} <span class="key-shared" aria-hidden="true" /> {t("web-band-shared")}
      </p>
    </figure>
  );

  function describe(): string {
    const at = (team: PartyView, moment: number) => (isLong ? dayAndClock(team, moment) : clock(team, moment));
    const hours = (team: PartyView, row: number) => (bars[row] ?? []).map(([begin, end]) => `${at(team, begin)}–${clock(team, end)}`).join(", ") || t("web-closed");
    return teams.map((team, row) => `${side(team.label)}: ${hours(team, row)}`).join("; ");
  }
}

/** So many hours lie between two ticks. */
const STEPS = [1, 2, 3, 6, 12, 24, 48];

/** Round hours of a team, at most `count` of them. */
function ticksOf(team: PartyView | undefined, from: number, to: number, count: number): number[] {
  const step = (STEPS.find((hours) => (to - from) / (hours * HOUR_MS) <= count) ?? 96) * HOUR_MS;
  const ahead = team ? aheadMs(team, from) : 0;
  const ticks: number[] = [];
  // Text that begins at the end would stand outside.
  for (let at = Math.ceil((from + ahead) / step) * step - ahead; at < to - (to - from) / 16; at += step) ticks.push(at);
  return ticks;
}

/** The next 24 hours. */
export function NextHours() {
  const together = seen("status", {})?.together_said;
  const from = Math.floor(now.value / HOUR_MS) * HOUR_MS;
  return (
    <HoursBand from={from} to={from + DAY_MS} marks={[{ at: now.value }]}>
      <strong>{t("web-band")}</strong> {together && <span class="soft">{side(together)}</span>}
    </HoursBand>
  );
}

/** A team's hours within a time, those that have begun already included. */
function openIn(team: PartyView, from: number, to: number): [number, number][] {
  const within = team.open_ms.filter(([begin, end]) => end > from && begin < to);
  const clipped = within.map(([begin, end]): [number, number] => [Math.max(begin, from), Math.min(end, to)]);
  const isListed = clipped.some(([begin, end]) => begin <= now.value && end > now.value);
  return team.at_work && team.changes_at_ms !== null && !isListed && from <= now.value ? [[from, team.changes_at_ms], ...clipped] : clipped;
}

function both(one: [number, number][], other: [number, number][]): [number, number][] {
  return one.flatMap(([begin, end]) =>
    other.flatMap(([from, to]): [number, number][] => (Math.max(begin, from) < Math.min(end, to) ? [[Math.max(begin, from), Math.min(end, to)]] : [])),
  );
}
