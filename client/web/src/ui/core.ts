// The core as the interface uses it. Reading `watch(…).value` while drawing redraws on every change.

import { signal } from "@preact/signals";
import type { Client } from "../core/client.ts";
import { CallError } from "../core/client.ts";
import type { CommandName, Commands, Problem, ViewName, Views } from "../core/contract.ts";
import { say } from "./parts/toast.tsx";
import { side, t } from "./words.ts";

let client: Client;

/** Chooses the core; once, before the first drawing. */
export function use(core: Client): void {
  client = core;
}

export function call<Name extends CommandName>(name: Name, take: Commands[Name]["take"]): Promise<Commands[Name]["give"]> {
  return client.call(name, take);
}

export function look<Name extends ViewName>(name: Name, take: Views[Name]["take"]): Promise<Views[Name]["give"]> {
  return client.look(name, take);
}

/** A view as it is now, or nothing before it is computed or where it cannot be. */
export function seen<Name extends ViewName>(name: Name, take: Views[Name]["take"]): Views[Name]["give"] | undefined {
  const now = client.watch(name, take).value;
  return now.state === "here" ? now.view : undefined;
}

/** A view with its state, for a screen that shows why there is nothing. */
export function viewed<Name extends ViewName>(name: Name, take: Views[Name]["take"]) {
  return client.watch(name, take).value;
}

/** What went wrong, in the reader's language. */
export function problemText(error: unknown): string {
  const problem: Problem | undefined = error instanceof CallError ? error.problem : undefined;
  return problem ? side(problem.said) : t("internal", { problem: String(error) });
}

/** Does something and says so if it did not work. */
export async function attempt<T>(doing: Promise<T>): Promise<T | undefined> {
  try {
    return await doing;
  } catch (error) {
    say(problemText(error));
    return undefined;
  }
}

/** The minute that it is, for everything that shows "now". */
export const now = signal(Date.now());
setInterval(() => {
  now.value = Date.now();
}, 15_000);
