/** The browser's time-zone database, as the core asks it. */

const clocks = new Map<string, Intl.DateTimeFormat | null>();

/** How far a zone is ahead of UTC at an instant, both in seconds; not a number if there is no such zone. */
export function offsetOf(zone: string, atS: number): number {
  const clock = clockOf(zone);
  if (!clock) return NaN;
  const part: Record<string, number> = {};
  for (const { type, value } of clock.formatToParts(atS * 1000)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - atS;
}

function clockOf(zone: string): Intl.DateTimeFormat | null {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const clock = newClock(zone);
  clocks.set(zone, clock);
  return clock;
}

function newClock(zone: string): Intl.DateTimeFormat | null {
  const numeric = "numeric";
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
  } catch {
    return null;
  }
}
