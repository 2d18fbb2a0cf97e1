// The link that the reader came with or pasted, while it leads somewhere; its secrets stay in memory.

import { signal } from "@preact/signals";
import { type Route, leaveArrival } from "../router.ts";

export const link = signal<string | null>(arrivalLink());
/** Whether this person has just joined and has not been shown the ground rules. */
export const newcomer = signal(false);

/** The link has done what it was for. */
export function forgetLink(to: Route): void {
  link.value = null;
  leaveArrival(to);
}

// A link that is opened in a tab where the app is open already changes only what stands behind `#`.
addEventListener("hashchange", () => {
  link.value = arrivalLink() ?? link.value;
});

function arrivalLink(): string | null {
  const named = /^\/(join|recover)\b/.test(location.pathname) || /^#found-/.test(location.hash);
  return named && location.hash.length > 1 ? location.href : null;
}
