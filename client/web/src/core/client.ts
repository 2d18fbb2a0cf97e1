/**
 * What the interface imports: commands and views of the core, wherever its worker runs.
 */

import type { ReadonlySignal } from "@preact/signals";
import type { CommandName, Commands, Problem, ViewName, Views } from "./contract";

/** A view as it is now. */
export type Viewed<Name extends ViewName> =
  /** It has not been computed yet. */
  | { state: "pending" }
  | { state: "here"; view: Views[Name]["give"] }
  /** It cannot be computed: there is no such document, or no partnership is open. */
  | { state: "not-here"; problem: Problem };

/** A command was not carried out; nothing was changed. */
export class CallError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.said.en);
    this.name = "CallError";
  }
}

/** The core, as the interface sees it. */
export interface Client {
  /** Carries a command out. Rejects with a {@link CallError}. */
  call<Name extends CommandName>(name: Name, take: Commands[Name]["take"]): Promise<Commands[Name]["give"]>;
  /**
   * A view that follows every change, at most once for each frame. Equal views keep their identity.
   * Watching the same view twice gives the same signal; it is computed only while somebody reads it.
   */
  watch<Name extends ViewName>(name: Name, take: Views[Name]["take"]): ReadonlySignal<Viewed<Name>>;
  /** A view, once. Rejects with a {@link CallError}. */
  look<Name extends ViewName>(name: Name, take: Views[Name]["take"]): Promise<Views[Name]["give"]>;
}
