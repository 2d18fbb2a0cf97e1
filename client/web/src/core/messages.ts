/** What tabs and the worker say to each other. */

import type { Commands, CommandName, Problem, ViewName, Views } from "./contract";

/**
 * The lock that a worker holds as long as it lives: its successor waits for it, and so does its tab,
 * which hears in this way that the browser has ended it.
 */
export const LIFE = "entente-worker";

/** One tab to the worker. */
export type ToWorker =
  | { type: "start"; unsent: Unsent[] }
  /** `again`: it may have been carried out before a worker died; then it is not done twice. */
  | { type: "call"; tab: string; id: string; name: CommandName; take: unknown; again: boolean }
  /** `once`: a look, not a watch. */
  | { type: "watch"; tab: string; id: string; name: ViewName; take: unknown; once: boolean }
  | { type: "unwatch"; tab: string; id: string }
  | { type: "gone"; tab: string }
  | { type: "online"; online: boolean };

/** The worker to one tab, or to all. */
export type FromWorker =
  | { type: "answer"; tab: string; id: string; value?: unknown; problem?: Problem }
  | { type: "view"; tab: string; id: string; json?: string; problem?: Problem }
  | { type: "unsent"; tab: "*"; unsent: Unsent }
  /** The worker has begun, alone: no other one of this profile is left. */
  | { type: "alive"; tab: "*" }
  /** The core stopped in the middle of something; the tab starts another worker. */
  | { type: "died"; tab: "*"; reason: string };

/** What of a partnership is not on the relay, written down outside the store. */
export interface Unsent {
  profile: string;
  title: { ru: string; en: string };
  changes: number;
  suggestions: number;
  time_ms: number;
}

export type CallMessage = Extract<ToWorker, { type: "call" }>;
export type WatchMessage = Extract<ToWorker, { type: "watch" }>;
export type Take<Name extends CommandName> = Commands[Name]["take"];
export type Shown<Name extends ViewName> = Views[Name]["give"];
