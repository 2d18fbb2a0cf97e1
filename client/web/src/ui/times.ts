// Instants as people read them: in every team's local time, the reader's first.

import type { PartyView } from "../core/contract.ts";
import { now, seen } from "./core.ts";
import { lang, side, t } from "./words.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export function parties(): PartyView[] {
  return seen("setting", {})?.parties ?? [];
}

/** The instant moved so that its UTC fields are the team's local ones. */
function local(party: PartyView, at: number): Date {
  const offset = party.offsets.findLast((one) => one.from_ms <= at) ?? party.offsets[0];
  return new Date(at + (offset?.offset_s ?? 0) * 1000);
}

/** How far a team's local time is ahead of UTC, in milliseconds. */
export function aheadMs(party: PartyView, at: number): number {
  return local(party, at).getTime() - at;
}

export function clock(party: PartyView, at: number): string {
  return local(party, at).toISOString().slice(11, 16);
}

/** `Wed 06:00`. */
export function dayAndClock(party: PartyView, at: number): string {
  const moment = local(party, at);
  return `${new Intl.DateTimeFormat(lang.value, { weekday: "short", timeZone: "UTC" }).format(moment)} ${moment.toISOString().slice(11, 16)}`;
}

const dayOf = (party: PartyView, at: number) => Math.floor(local(party, at).getTime() / DAY_MS);

function dayText(party: PartyView, at: number, near: number): string {
  if (dayOf(party, at) === dayOf(party, near)) return "";
  const distance = Math.abs(at - near);
  const parts: Intl.DateTimeFormatOptions =
    distance < 6 * DAY_MS
      ? { weekday: "short" }
      : { day: "numeric", month: "short", ...(distance > 180 * DAY_MS && { year: "numeric" }) };
  return `${new Intl.DateTimeFormat(lang.value, { ...parts, timeZone: "UTC" }).format(local(party, at))} `;
}

/** `18:05 MSK / 10:05 NY`, with the day where it is not today. */
export function when(at: number): string {
  const near = now.value;
  const shown = new Map<string, string>();
  for (const party of parties()) {
    const zone = side(party.zone_short);
    if (!shown.has(zone)) shown.set(zone, `${dayText(party, at, near)}${clock(party, at)} ${zone}`);
  }
  if (shown.size === 0) return new Intl.DateTimeFormat(lang.value, { dateStyle: "medium", timeStyle: "short" }).format(at);
  // A day that is the same for all stands once.
  const [first, ...others] = [...shown.values()];
  const day = /^(.*?)(?=\d\d:\d\d )/.exec(first ?? "")?.[1] ?? "";
  const rest = others.map((text) => (day && text.startsWith(day) ? text.slice(day.length) : text));
  return [first, ...rest].join(" / ");
}

/** The date alone, in the reader's own team's zone. */
export function date(at: number): string {
  const own = parties()[0];
  const format = new Intl.DateTimeFormat(lang.value, { dateStyle: "long", ...(own && { timeZone: "UTC" }) });
  return format.format(own ? local(own, at) : at);
}

export function duration(length: number): string {
  const minutes = Math.floor(length / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return t("duration-moment");
  if (hours === 0) return t("duration-minutes", { minutes });
  if (hours >= 48) {
    const days = Math.floor(hours / 24);
    return hours % 24 ? t("duration-days-hours", { days, hours: hours % 24 }) : t("duration-days", { days });
  }
  return minutes % 60 ? t("duration-hours-minutes", { hours, minutes: minutes % 60 }) : t("duration-hours", { hours });
}

/** `at work now`, `closed, opens in 13 h 50 min`. */
export function presence(atWork: boolean | null, opensAt: number | null): string {
  if (atWork) return t("presence-open");
  if (atWork === null) return t("presence-unknown");
  return opensAt === null ? t("presence-unknown") : t("presence-closed", { duration: duration(Math.max(0, opensAt - now.value)) });
}

/** A day such as `2026-11-24`, by locale. */
export function plainDate(text: string): string {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at)
    ? text
    : new Intl.DateTimeFormat(lang.value, { weekday: "short", day: "numeric", month: "long", timeZone: "UTC" }).format(at);
}
