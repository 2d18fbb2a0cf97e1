/**
 * One partnership that is open: the core with its store and its link.
 *
 * Effects are performed in the order in which the core gave them. What stands before a frame is on
 * disk before the frame is sent: effects are written in batches, the next one beginning when the one
 * before is durable, and frames of a batch leave after it.
 */

import type { CommandName, Problem } from "./contract";
import { Link } from "./link";
import type { Batch, DoneCall, Loaded, Store } from "./store";
import { Core, effectsOf, Stored, type Effect } from "./wasm";

/** How often time passes for the core, in milliseconds. */
const TICK_MS = 5_000;
/** After this long without an edit the person has paused, in milliseconds. */
const PAUSE_MS = 700;

/** Commands that may be carried out twice without harm, and whose answers are too large to keep. */
const REPEATABLE = new Set<CommandName>(["attend", "export", "foresee"]);
/** Commands that answer with a key or a link that lets somebody in. */
const SECRET = new Set<CommandName>(["join", "invite"]);

/** What is due, in order: an effect of the core, or a call that is done once everything before it is. */
type Due = Effect | { do: "done"; call: DoneCall };

/** The call that a command came with. */
export interface Called {
  tab: string;
  id: string;
  name: CommandName;
}

/** What the worker hears of a session. */
export interface SessionHeard {
  /** Something may look different now. */
  changed(): void;
  /** The core or the store failed; the worker must be started anew. */
  failed(error: unknown): void;
}

export class Session {
  private queue: Due[] = [];
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

  /**
   * Begins with a core that was made just now. It is kept before anything else happens, all at once
   * and together with the call that `begun` it, so that the call is never carried out twice.
   */
  static async begin(core: Core, store: Store | null, heard: SessionHeard, begun: DoneCall | null): Promise<Session> {
    if (store) {
      const row = { id: core.profile(), title: { ru: "", en: "" }, used_ms: Date.now() };
      await store.create(row, core.secret(), batchOf(effectsOf(core)).batch, begun);
    }
    return new Session(core, store, heard);
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
   * Carries a command out, and answers when what it did is on disk. Its answer is kept with it, so
   * that the same call is not carried out twice.
   */
  async command(call: Called, json: string): Promise<unknown> {
    await this.until(() => !this.isReopening);
    for (const document of this.core.commandNeeds(json)) {
      this.core.lend(document, (await this.store?.entries(this.profile, document, 0)) ?? []);
    }
    const answer: unknown = JSON.parse(this.core.command(json));
    this.core.takeBack();
    this.pause();
    return this.answered(call, answer);
  }

  /** Takes a file in, once. */
  async import(call: Called, bytes: Uint8Array): Promise<unknown> {
    await this.until(() => !this.isReopening);
    return this.answered(call, JSON.parse(this.core.import(bytes)));
  }

  private async answered(call: Called, answer: unknown): Promise<unknown> {
    this.queue.push(...effectsOf(this.core));
    if (!REPEATABLE.has(call.name)) {
      const done = { tab: call.tab, id: call.id, answer, isSecret: SECRET.has(call.name) };
      this.queue.push({ do: "done", call: done });
    }
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
    if (!this.performing && this.queue.length > 0) {
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
    while (this.queue.length > 0) {
      const asks = this.queue.findIndex((effect) => effect.do === "refill" || effect.do === "salvage");
      const batch = this.queue.splice(0, asks < 0 ? this.queue.length : asks);
      await this.write(batch);
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

  private async write(due: Due[]): Promise<void> {
    if (!this.store) return;
    const { batch, heads } = batchOf(due);
    if (batch.keep.length + batch.setAside.length + batch.write.length + batch.calls.length > 0) {
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

/** What of it is written, and the relay's last words, which lie elsewhere. */
function batchOf(due: Due[]): { batch: Batch; heads: Map<string, Uint8Array> } {
  const batch: Batch = { keep: [], setAside: [], write: [], calls: [] };
  const heads = new Map<string, Uint8Array>();
  for (const one of due) {
    if (one.do === "keep") {
      const { document } = one;
      batch.keep.push(...one.entries.map(({ seq, bytes }) => ({ document, seq, bytes })));
    } else if (one.do === "set-aside") {
      batch.setAside.push(one.document);
      batch.keep = batch.keep.filter((kept) => kept.document !== one.document);
    } else if (one.do === "write") {
      batch.write.push(one);
    } else if (one.do === "witness") {
      heads.set(one.document, one.bytes);
    } else if (one.do === "done") {
      batch.calls.push(one.call);
    }
  }
  return { batch, heads };
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
  for (const document of loaded.poison) stored.poison(document);
  return Core.open(loaded.secret, stored);
}

/** The relay's sockets, that of the page's own origin first: a page may always reach that. */
function sockets(core: Core): string[] {
  const own = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;
  const known = core.sockets();
  return [own, ...known.filter((address) => address !== own)];
}
