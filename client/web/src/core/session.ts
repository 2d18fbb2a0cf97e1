/**
 * One partnership that is open: the core with its store and its link.
 *
 * Effects are performed in the order in which the core gave them. What stands before a frame is on
 * disk before the frame is sent: effects are written in batches, the next one beginning when the one
 * before is durable, and frames of a batch leave after it.
 */

import type { Problem, Words } from "./contract";
import { Link } from "./link";
import type { Batch, DoneCall, Loaded, Store } from "./store";
import { Core, effectsOf, Stored, type Effect } from "./wasm";

/** How often time passes for the core, in milliseconds. */
const TICK_MS = 5_000;
/** After this long without an edit the person has paused, in milliseconds. */
const PAUSE_MS = 700;

/** What the worker hears of a session. */
export interface SessionHeard {
  /** Something may look different now. */
  changed(): void;
  /** The core or the store failed; the worker must be started anew. */
  failed(error: unknown): void;
}

export class Session {
  private queue: Effect[] = [];
  private calls: { tab: string; done: DoneCall }[] = [];
  private performing: Promise<void> | null = null;
  private isReopening = false;
  private waiting: { until: () => boolean; go: () => void }[] = [];
  private readonly ticking: ReturnType<typeof setInterval>;
  private pausing: ReturnType<typeof setTimeout> | null = null;
  private isOver = false;
  readonly link: Link;

  private constructor(
    public core: Core,
    /** Absent for a session that leaves nothing behind: recovering. */
    private readonly store: Store | null,
    private readonly heard: SessionHeard,
  ) {
    this.link = new Link(() => sockets(this.core), {
      opened: () => this.act(() => this.core.connected()),
      frame: (bytes) => this.act(() => this.core.receive(bytes)),
      lost: () => this.act(() => this.core.disconnected()),
    });
    this.ticking = setInterval(() => this.act(() => this.core.tick()), TICK_MS);
  }

  static open(loaded: Loaded, store: Store, heard: SessionHeard): Session {
    return new Session(coreOf(loaded), store, heard);
  }

  /** Begins with a core that was made just now; it is kept before anything else happens. */
  static async begin(core: Core, store: Store | null, title: Words, heard: SessionHeard): Promise<Session> {
    await store?.create(core.profile(), core.secret(), title, Date.now());
    const session = new Session(core, store, heard);
    await session.durable();
    return session;
  }

  get profile(): string {
    return this.core.profile();
  }

  /** Connects and stays connected. */
  start(): void {
    this.act(() => undefined);
    if (!this.core.hasEnded()) this.link.connect();
  }

  stop(): void {
    this.isOver = true;
    clearInterval(this.ticking);
    if (this.pausing) clearTimeout(this.pausing);
    this.link.stop();
  }

  /** Gives the core something to do, and performs what follows. */
  act<T>(doing: () => T): T | undefined {
    if (this.isOver || this.isReopening) return undefined;
    try {
      const answer = doing();
      this.take();
      return answer;
    } catch (error) {
      if (typeof error === "string") throw error;
      this.heard.failed(error);
      return undefined;
    }
  }

  /**
   * Carries a command out, and answers when what it did is on disk. `done` is kept with it, so that
   * the same call is not carried out twice.
   */
  async command(call: { tab: string; id: string }, json: string): Promise<unknown> {
    await this.until(() => !this.isReopening);
    for (const document of this.core.commandNeeds(json)) {
      this.core.lend(document, (await this.store?.entries(this.profile, document, 0)) ?? []);
    }
    const answer: unknown = JSON.parse(this.core.command(json));
    this.core.takeBack();
    this.calls.push({ tab: call.tab, done: { id: call.id, answer } });
    this.take();
    this.pause();
    await this.durable();
    return answer;
  }

  /** Takes a file in. */
  async import(bytes: Uint8Array): Promise<unknown> {
    const answer: unknown = JSON.parse(this.core.import(bytes));
    this.take();
    await this.durable();
    return answer;
  }

  /** A view as JSON; one that needs whole ledgers waits for the store. */
  async look(json: string): Promise<string> {
    await this.until(() => !this.isReopening);
    const needs = this.core.viewNeeds(json);
    for (const document of needs) {
      this.core.lend(document, (await this.store?.entries(this.profile, document, 0)) ?? []);
    }
    const view = this.core.view(json);
    if (needs.length > 0) this.core.takeBack();
    return view;
  }

  /** Waits for something to be so, at most `limitMs`. */
  until(isSo: () => boolean, limitMs?: number): Promise<void> {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve) => {
      const one = { until: isSo, go: resolve };
      this.waiting.push(one);
      if (limitMs !== undefined) setTimeout(resolve, limitMs);
    });
  }

  /** Waits until everything that was done is on disk. */
  async durable(): Promise<void> {
    this.take();
    while (this.performing) await this.performing;
  }

  /** The person typed: what was typed is signed when they pause. */
  private pause(): void {
    if (this.pausing) clearTimeout(this.pausing);
    this.pausing = setTimeout(() => this.act(() => this.core.tick()), PAUSE_MS);
  }

  private take(): void {
    this.queue.push(...effectsOf(this.core));
    if (this.core.link() === "live") this.link.settled();
    if (!this.performing && (this.queue.length > 0 || this.calls.length > 0)) {
      this.performing = this.perform()
        .catch((error: unknown) => this.heard.failed(error))
        .finally(() => {
          this.performing = null;
          this.tell();
        });
    }
    if (this.core.isSessionOver()) this.link.leave(true);
    if (this.core.hasEnded()) this.link.stop();
    this.tell();
  }

  private tell(): void {
    const ready = this.waiting.filter((one) => one.until());
    this.waiting = this.waiting.filter((one) => !ready.includes(one));
    for (const one of ready) one.go();
    this.heard.changed();
  }

  private async perform(): Promise<void> {
    let mustReopen = false;
    while (this.queue.length > 0 || this.calls.length > 0) {
      const asks = this.queue.findIndex((effect) => effect.do === "refill" || effect.do === "salvage");
      const batch = this.queue.splice(0, asks < 0 ? this.queue.length : asks);
      const calls = this.calls.splice(0);
      await this.write(batch, calls);
      const frames = batch.flatMap((effect) => (effect.do === "send" ? [effect.bytes] : []));
      this.link.send(frames);
      if (batch.some((effect) => effect.do === "close")) this.link.leave(false);
      const asked = asks < 0 ? undefined : this.queue.shift();
      if (asked?.do === "refill") {
        this.core.refill(asked.document, await this.entries(asked.document, asked.from));
        this.queue.unshift(...effectsOf(this.core));
      } else if (asked?.do === "salvage") {
        // What is done meanwhile would be done on a branch that is put aside.
        this.isReopening = mustReopen = true;
        this.core.salvage(await this.entries(asked.document, 0));
        this.queue.unshift(...effectsOf(this.core));
      }
    }
    if (mustReopen) await this.reopen();
  }

  private async entries(document: string, from: number): Promise<Uint8Array[]> {
    return (await this.store?.entries(this.profile, document, from)) ?? [];
  }

  private async write(effects: Effect[], calls: { tab: string; done: DoneCall }[]): Promise<void> {
    if (!this.store) return;
    const batch: Batch = { keep: [], setAside: [], write: [], calls };
    const heads = new Map<string, Uint8Array>();
    for (const effect of effects) {
      if (effect.do === "keep") {
        const { document } = effect;
        batch.keep.push(...effect.entries.map(({ seq, bytes }) => ({ document, seq, bytes })));
      } else if (effect.do === "set-aside") {
        batch.setAside.push(effect.document);
        batch.keep = batch.keep.filter((one) => one.document !== effect.document);
      } else if (effect.do === "write") {
        batch.write.push(effect);
      } else if (effect.do === "witness") {
        heads.set(effect.document, effect.bytes);
      }
    }
    if (batch.keep.length + batch.setAside.length + batch.write.length + calls.length > 0) {
      await this.store.commit(this.profile, batch);
    }
    if (heads.size > 0) await this.store.keepHeads(this.profile, [...heads]);
  }

  /** Builds the core anew from what is stored. */
  private async reopen(): Promise<void> {
    const loaded = await this.store?.load(this.profile);
    if (loaded) {
      this.link.leave(false);
      const before = this.core;
      this.core = coreOf(loaded);
      before.free();
    }
    this.isReopening = false;
    this.queue.push(...effectsOf(this.core));
    if (this.queue.length > 0) await this.perform();
  }
}

/** The core's problem, if that is what was thrown. */
export function problemOf(error: unknown): Problem | null {
  return typeof error === "string" ? (JSON.parse(error) as Problem) : null;
}

function coreOf(loaded: Loaded): Core {
  const stored = new Stored();
  for (const [key, value] of loaded.records) stored.record(key, value);
  for (const [document, bytes] of loaded.entries) stored.entry(document, bytes);
  for (const head of loaded.heads) stored.witness(head);
  return Core.open(loaded.secret, stored);
}

/** The relay's sockets, that of the page's own origin first: a page may always reach that. */
function sockets(core: Core): string[] {
  const own = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;
  const known = core.sockets();
  return [own, ...known.filter((address) => address !== own)];
}
