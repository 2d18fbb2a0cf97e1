/**
 * What the interface imports: commands and views of the core, wherever its worker runs.
 */

import { batch, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { CommandName, Commands, Problem, ViewName, Views } from "./contract";
import type { CallMessage, FromWorker, WatchMessage } from "./messages";
import { Tabs } from "./tabs";

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

/** A view that nobody reads any more is computed for this long still, in milliseconds. */
const UNWATCH_MS = 1_000;

type AnyViewed = Viewed<ViewName>;

class WorkerClient implements Client {
  private readonly tab = token();
  private readonly tabs: Tabs;
  private readonly calls = new Map<string, { message: CallMessage; resolve: (value: never) => void; reject: (error: unknown) => void }>();
  private readonly looks = new Map<string, { message: WatchMessage; resolve: (value: never) => void; reject: (error: unknown) => void }>();
  private readonly watched = new Map<string, { message: WatchMessage; signal: Signal<AnyViewed> }>();
  private readonly signals = new Map<string, Signal<AnyViewed>>();
  private readonly arrived = new Map<string, AnyViewed>();
  private frame = false;
  private count = 0;
  private mayPersist = true;

  constructor() {
    this.tabs = new Tabs(this.tab, { message: (message) => this.hear(message), restarted: () => this.repeat() });
  }

  call<Name extends CommandName>(name: Name, take: Commands[Name]["take"]): Promise<Commands[Name]["give"]> {
    const message: CallMessage = { type: "call", tab: this.tab, id: this.id(), name, take, again: false };
    if (name === "edit") this.persist();
    return new Promise((resolve, reject) => {
      this.calls.set(message.id, { message, resolve, reject });
      this.tabs.send(message);
    });
  }

  look<Name extends ViewName>(name: Name, take: Views[Name]["take"]): Promise<Views[Name]["give"]> {
    const message: WatchMessage = { type: "watch", tab: this.tab, id: this.id(), name, take, once: true };
    return new Promise((resolve, reject) => {
      this.looks.set(message.id, { message, resolve, reject });
      this.tabs.send(message);
    });
  }

  watch<Name extends ViewName>(name: Name, take: Views[Name]["take"]): ReadonlySignal<Viewed<Name>> {
    const key = JSON.stringify([name, take]);
    const known = this.signals.get(key) ?? this.begin(key, name, take);
    return known as unknown as ReadonlySignal<Viewed<Name>>;
  }

  private begin(key: string, name: ViewName, take: unknown): Signal<AnyViewed> {
    const message: WatchMessage = { type: "watch", tab: this.tab, id: key, name, take, once: false };
    let leaving: ReturnType<typeof setTimeout> | undefined;
    const view = signal<AnyViewed>({ state: "pending" }, {
      watched: () => {
        clearTimeout(leaving);
        if (this.watched.has(key)) return;
        this.watched.set(key, { message, signal: view });
        this.tabs.send(message);
      },
      unwatched: () => {
        leaving = setTimeout(() => {
          this.watched.delete(key);
          this.signals.delete(key);
          this.tabs.send({ type: "unwatch", tab: this.tab, id: key });
        }, UNWATCH_MS);
      },
    });
    this.signals.set(key, view);
    return view;
  }

  private hear(message: FromWorker): void {
    if (message.type === "answer") {
      const call = this.calls.get(message.id);
      this.calls.delete(message.id);
      if (message.problem) call?.reject(new CallError(message.problem));
      else call?.resolve(message.value as never);
    } else if (message.type === "view") {
      const look = this.looks.get(message.id);
      this.looks.delete(message.id);
      if (look && message.problem) look.reject(new CallError(message.problem));
      else if (look) look.resolve(JSON.parse(message.json ?? "null") as never);
      else this.arrive(message.id, viewedOf(message));
    }
  }

  /** Views that arrive within one frame are shown together. */
  private arrive(key: string, viewed: AnyViewed): void {
    this.arrived.set(key, viewed);
    if (this.frame) return;
    this.frame = true;
    const show = (): void => {
      this.frame = false;
      batch(() => {
        for (const [key, viewed] of this.arrived) {
          const watched = this.watched.get(key);
          if (watched) watched.signal.value = viewed;
        }
        this.arrived.clear();
      });
    };
    // A page that nobody sees has no frames.
    if (document.visibilityState === "hidden") setTimeout(show, 0);
    else requestAnimationFrame(show);
  }

  /** Another worker begins: says again what was not answered, and watches anew. */
  private repeat(): void {
    for (const { message } of this.calls.values()) this.tabs.send({ ...message, again: true });
    for (const { message } of this.looks.values()) this.tabs.send(message);
    for (const { message } of this.watched.values()) this.tabs.send(message);
  }

  /** Asks the browser once not to clear what is stored here. */
  private persist(): void {
    if (!this.mayPersist) return;
    this.mayPersist = false;
    void navigator.storage?.persist?.();
  }

  private id(): string {
    return `${this.tab}-${this.count++}`;
  }
}

function viewedOf(message: Extract<FromWorker, { type: "view" }>): AnyViewed {
  if (message.problem) return { state: "not-here", problem: message.problem };
  return { state: "here", view: JSON.parse(message.json ?? "null") as never };
}

function token(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Starts the core of this tab; once. */
export function startClient(): Client {
  return new WorkerClient();
}
