// The link that the reader came with or pasted, while it leads somewhere; its secrets stay in memory.

import { signal } from "@preact/signals";
import { type Route, arrival, leaveArrival } from "../router.ts";

export const link = signal<string | null>(arrivalLink());
/** Whether this person has just joined and has not been shown the ground rules. */
export const newcomer = signal(false);

/** The link has done what it was for. */
export function forgetLink(to: Route): void {
  link.value = null;
  leaveArrival(to);
}

function arrivalLink(): string | null {
  const named = /^\/(join|recover)\b/.test(arrival.path) || /^#found-/.test(arrival.hash);
  return named && arrival.hash.length > 1 ? location.href : null;
}
