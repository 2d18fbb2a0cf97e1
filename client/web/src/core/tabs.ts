/**
 * Several tabs, one worker: a Web Lock elects the tab whose worker owns the core and the socket. The
 * others talk to it by a BroadcastChannel. When it closes, the next one takes over, with a worker that
 * opens what is stored; every tab then repeats what was not answered.
 */

import "./trusted";
import { type FromWorker, LIFE, type ToWorker, type Unsent } from "./messages";

const NAME = "entente";
/** Where what is not on the relay is written down, outside the store. */
const UNSENT = "entente-unsent";
/** A worker that dies again within this time is started after a pause, in milliseconds. */
const RESTART_MS = 1_000;

type OnChannel = { to: "leader"; message: ToWorker } | { to: "tabs"; message: FromWorker } | { to: "tabs"; leads: true };

/** What a tab hears. */
export interface TabHeard {
  message(message: FromWorker): void;
  /** Another worker begins: what was not answered must be said again. */
  restarted(): void;
}

export class Tabs {
  private readonly channel = new BroadcastChannel(NAME);
  private worker: Worker | null = null;
  private startedMs = 0;

  constructor(
    /** This tab's name. */
    readonly name: string,
    private readonly heard: TabHeard,
  ) {
    this.channel.onmessage = (event: MessageEvent<OnChannel>) => this.hear(event.data);
    void navigator.locks.request(NAME, () => {
      this.lead();
      // Held until this tab goes.
      return new Promise(() => undefined);
    });
    addEventListener("pagehide", () => this.send({ type: "gone", tab: this.name }));
    addEventListener("online", () => this.send({ type: "online", online: true }));
    addEventListener("offline", () => this.send({ type: "online", online: false }));
  }

  send(message: ToWorker): void {
    if (this.worker) this.worker.postMessage(message);
    else this.channel.postMessage({ to: "leader", message } satisfies OnChannel);
  }

  private hear(said: OnChannel): void {
    if (said.to === "leader") this.worker?.postMessage(said.message);
    else if ("leads" in said) this.heard.restarted();
    else this.take(said.message);
  }

  private lead(): void {
    this.startedMs = Date.now();
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: NAME });
    worker.onmessage = (event: MessageEvent<FromWorker>) => {
      const message = event.data;
      if (message.type === "died") return this.again(worker, message.reason);
      if (message.type === "alive") {
        void navigator.locks.request(LIFE, () => this.again(worker, "the browser ended it"));
        return;
      }
      if (message.type === "unsent") keepUnsent(message.unsent);
      if (message.tab === this.name) this.take(message);
      else this.channel.postMessage({ to: "tabs", message } satisfies OnChannel);
    };
    worker.onerror = (event) => this.again(worker, event.message);
    this.worker = worker;
    worker.postMessage({ type: "start", unsent: readUnsent() } satisfies ToWorker);
    this.channel.postMessage({ to: "tabs", leads: true } satisfies OnChannel);
    this.heard.restarted();
  }

  private again(worker: Worker, reason: string): void {
    if (this.worker !== worker) return;
    console.error("the core stopped and is started anew:", reason);
    worker.terminate();
    this.worker = null;
    const pause = Date.now() - this.startedMs < RESTART_MS ? RESTART_MS : 0;
    setTimeout(() => this.lead(), pause);
  }

  private take(message: FromWorker): void {
    if (message.tab === this.name) this.heard.message(message);
  }
}

function readUnsent(): Unsent[] {
  try {
    return JSON.parse(localStorage.getItem(UNSENT) ?? "[]") as Unsent[];
  } catch {
    return [];
  }
}

function keepUnsent(one: Unsent): void {
  const others = readUnsent().filter((other) => other.profile !== one.profile);
  const all = one.title.ru || one.title.en ? [...others, one] : others;
  localStorage.setItem(UNSENT, JSON.stringify(all));
}
