// What time it is for every team, whether it is at work, and until when both are.

import { now, seen } from "../core.ts";
import { clock, duration, parties } from "../times.ts";
import { side, t } from "../words.ts";

export function Clocks() {
  const at = now.value;
  const together = seen("status", {})?.together_said;
  return (
    <div class="clocks">
      {parties().map((party) => (
        <span class="clock" key={party.party}>
          <span class={`lamp ${party.at_work ? "lit" : ""}`} aria-hidden="true" />
          <span class="clock-city">{side(party.label)}</span>
          <span class="clock-short" aria-hidden="true">
            {side(party.zone_short)}
          </span>
          <time>{clock(party, at)}</time>
          <span class="clock-state">{atWork(party.at_work, party.changes_at_ms, at)}</span>
        </span>
      ))}
      {together && <span class="clock-together">{side(together)}</span>}
    </div>
  );
}

function atWork(open: boolean | null, changes: number | null, at: number): string {
  if (open === null) return t("web-hours-unknown");
  if (open) return t("web-at-work");
  return changes === null ? t("web-closed") : t("web-opens-in", { duration: duration(Math.max(0, changes - at)) });
}
