/**
 * The worker that owns the core, the store, the socket and the timers. It can be started anew at any
 * time: everything that it knows is in the store, and tabs repeat what it has not answered.
 */

import type { AppView, CommandName, Commands, Lang, Lost, Problem, Words } from "./contract";
import { type CallMessage, type FromWorker, LIFE, type ToWorker, type Unsent, type WatchMessage } from "./messages";
import { problemOf, Session } from "./session";
import { type DoneCall, Store } from "./store";
import { atWork, bareView, Core, load, PROGRAM, readLink } from "./wasm";

/** How long founding and joining wait for the relay before they answer all the same. */
const RELAY_MS = 15_000;
/** What changes with time alone is computed anew this often, in milliseconds. */
const MINUTE_MS = 60_000;
/** Views are computed at most this often, in milliseconds: once for each frame. */
const FRAME_MS = 16;
/** After views took a time to compute, this many times as long passes before the next time, but not
 * longer than `DRAW_MS`, in milliseconds. */
const DRAW_SHARE = 3;
const DRAW_MS = 300;
/** Views that are computed once, because they read whole ledgers. */
const HEAVY = new Set(["diff", "verified"]);

interface Watch {
  message: WatchMessage;
  last: string | null;
}

const scope = self as unknown as DedicatedWorkerGlobalScope;
const watches = new Map<string, Watch>();
let store: Store;
let session: Session | null = null;
let lang: Lang | null = null;
let problem: Problem | null = null;
let profiles: AppView["profiles"] = [];
let lost: Lost | null = null;
let drawing: ReturnType<typeof setTimeout> | null = null;
let isDead = false;
/** How long computing the views took last, in milliseconds. */
let tookMs = 0;
/** The partnership that is open, or being opened. */
let profileInHand: string | null = null;
/** Calls that are being carried out: one that is repeated meanwhile waits for the same answer. */
const running = new Map<string, Promise<unknown>>();

/** Messages are taken up when everything is open, in their order. */
const ready = alone().then(begin);

/** Waits until the worker before this one has ended: what it wrote is on disk then, or was never. */
function alone(): Promise<void> {
  return new Promise((resolve) => {
    void navigator.locks.request(LIFE, () => {
      post({ type: "alive", tab: "*" });
      resolve();
      return new Promise(() => undefined);
    });
  });
}

scope.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  ready.then(() => hear(message)).catch(die);
};

async function begin(): Promise<void> {
  await load();
  store = await Store.open(PROGRAM);
  lang = await store.lang();
  await refreshProfiles();
  const last = profiles[0];
  if (last) await openProfile(last.id);
  setInterval(draw, MINUTE_MS);
}

function hear(message: ToWorker): void {
  switch (message.type) {
    case "start":
      lost = lostOf(message.unsent);
      return draw();
    case "call":
      once(message).then(
        (value) => post({ type: "answer", tab: message.tab, id: message.id, value }),
        (error: unknown) => {
          const known = problemOf(error);
          if (!known) return die(error);
          post({ type: "answer", tab: message.tab, id: message.id, problem: known });
        },
      );
      return;
    case "watch":
      watches.set(`${message.tab} ${message.id}`, { message, last: null });
      if (message.once || HEAVY.has(message.name)) void show(`${message.tab} ${message.id}`).catch(die);
      return draw();
    case "unwatch":
      watches.delete(`${message.tab} ${message.id}`);
      return;
    case "gone":
      for (const key of [...watches.keys()]) if (key.startsWith(`${message.tab} `)) watches.delete(key);
      store.gone(session?.profile ?? null, message.tab).catch(die);
      return;
    case "online":
      if (message.online) session?.link.connect();
      else session?.link.leave(false);
  }
}

// ---------------------------------------------------------------- commands

/** A call is carried out once, however often a tab says it. */
function once(message: CallMessage): Promise<unknown> {
  const known = running.get(message.id);
  if (known) return known;
  const under = call(message).finally(() => running.delete(message.id));
  running.set(message.id, under);
  return under;
}

async function call(message: CallMessage): Promise<unknown> {
  if (message.again) {
    const done = await store.answered(session?.profile ?? null, message.tab, message.id);
    if (done) return done.answer;
  }
  const own = ownCommands[message.name] as ((take: unknown, message: CallMessage) => Promise<unknown>) | undefined;
  if (own) return own(message.take, message);
  const open = needed();
  if (message.name === "edit") refuseStale(open.core, message.take as Commands["edit"]["take"]);
  const answer = await open.command(message, JSON.stringify({ [message.name]: message.take }));
  if (message.name === "join") await open.until(() => open.core.stage() !== "joining", RELAY_MS);
  if (message.name === "export") return { ...(answer as object), bytes: open.core.exported() };
  return answer;
}

/** Turns typing away that was typed on another text: the tab looks again and types anew. */
function refuseStale(core: Core, { document, on }: Commands["edit"]["take"]): void {
  if (!on) return;
  if (core.textMark(document, on.section, on.path) === on.mark) return;
  raise({ code: "stale", said: { ru: "Текст тем временем изменился.", en: "The text has changed meanwhile." } });
}

/** The commands that are about partnerships rather than within one. */
const ownCommands: { [Name in CommandName]?: (take: Commands[Name]["take"], message: CallMessage) => Promise<unknown> } = {
  open: async ({ profile }) => {
    await openProfile(profile);
    return {};
  },
  close: async () => {
    await closeProfile();
    return {};
  },
  forget: async ({ profile }) => {
    if (session?.profile === profile) await closeProfile();
    await store.forget(profile);
    await refreshProfiles();
    post({ type: "unsent", tab: "*", unsent: { ...nothing(profile), title: { ru: "", en: "" } } });
    return {};
  },
  found: async (take, { tab, id }) => {
    const core = Core.found(JSON.stringify(take));
    const answer = JSON.parse(core.started() ?? "{}") as Commands["found"]["give"];
    await beginSession(core, { tab, id, answer, isSecret: true });
    await arrived("founding");
    return answer;
  },
  "open-invitation": async ({ link }) => {
    const { is, profile } = JSON.parse(readLink(link)) as { is: string; profile: string | null };
    const known = profiles.find((one) => one.id === profile);
    if (is === "invitation" && known) {
      await openProfile(known.id);
      // An invitation that was opened before is opened anew: it may be another one.
      if (session?.core.stage() !== "invited") return { profile: known.id };
      await closeProfile();
      await store.forget(known.id);
    }
    await beginSession(Core.invited(link), null);
    return { profile };
  },
  // Nothing of it is kept here. If it is carried out twice, the first link was shown to nobody and
  // ends by itself.
  recover: async ({ link, key, name }) => {
    const quiet = { changed: () => undefined, failed: die };
    const recovering = await Session.begin(Core.recovering(link, key, name), null, quiet, null);
    try {
      recovering.start();
      const answer = (): string | undefined => recovering.core.recovered();
      await recovering.until(() => recovering.core.hasEnded() || answer() !== undefined, RELAY_MS);
      return JSON.parse(answer() ?? raise(offline()));
    } finally {
      recovering.stop();
    }
  },
  "read-link": async ({ link }) => JSON.parse(readLink(link)),
  "set-lang": async (take) => {
    lang = take.lang;
    await store.setLang(lang);
    draw();
    return {};
  },
  connect: async () => {
    session?.link.connect();
    return {};
  },
  import: async ({ bytes }, message) => needed().import(message, bytes),
  retry: async ({ profile }) => {
    await closeProfile();
    await store.forgive(profile);
    await openProfile(profile);
    return {};
  },
};

/** Begins with a core that was made just now, in place of what is open. */
async function beginSession(core: Core, begun: DoneCall | null): Promise<void> {
  await closeProfile();
  profileInHand = core.profile();
  session = await Session.begin(core, store, heard, begun);
  problem = null;
  await refreshProfiles();
  session.start();
}

/** Waits until the relay has answered; a partnership that it turned away leaves nothing here. */
async function arrived(stage: string): Promise<void> {
  const open = needed();
  await open.until(() => open.core.stage() !== stage || open.core.hasEnded(), RELAY_MS);
  if (open.core.stage() !== stage) return;
  const app = JSON.parse(open.core.view('{"app":{}}')) as { problem: Problem | null };
  if (!app.problem) return;
  await closeProfile();
  await store.forget(open.profile);
  await refreshProfiles();
  raise(app.problem);
}

function needed(): Session {
  return session ?? raise(problem ?? nothingOpen());
}

/** Throws as the core does. */
function raise(problem: Problem): never {
  throw JSON.stringify(problem);
}

function nothingOpen(): Problem {
  return bareProblem('{"status":{}}');
}

function bareProblem(json: string): Problem {
  try {
    bareView(json);
  } catch (error) {
    const known = problemOf(error);
    if (known) return known;
  }
  return { code: "usage", said: { ru: "", en: "" } };
}

function offline(): Problem {
  return { ...nothingOpen(), code: "offline" };
}

// ---------------------------------------------------------------- partnerships

const heard = { changed: () => draw(), failed: (error: unknown) => die(error) };

async function openProfile(id: string): Promise<void> {
  if (session?.profile === id) return;
  await closeProfile();
  profileInHand = id;
  const loaded = await store.load(id);
  if (!loaded) return;
  try {
    session = Session.open(loaded, store, heard);
  } catch (error) {
    problem = problemOf(error);
    if (!problem) throw error;
    return draw();
  }
  problem = null;
  await store.used(id, null, Date.now());
  await refreshProfiles();
  session.start();
  draw();
}

async function closeProfile(): Promise<void> {
  const open = session;
  if (!open) return;
  open.act(() => open.core.tick());
  await open.durable();
  open.stop();
  session = null;
  draw();
}

async function refreshProfiles(): Promise<void> {
  profiles = (await store.profiles()).map(({ id, title, used_ms }) => ({ id, title, used_ms }));
}

function lostOf(known: Unsent[]): Lost | null {
  const gone = known.find((one) => one.changes + one.suggestions > 0 && !profiles.some(({ id }) => id === one.profile));
  return gone ? { title: gone.title, changes: gone.changes, suggestions: gone.suggestions, time_ms: gone.time_ms } : null;
}

function nothing(profile: string): Unsent {
  return { profile, title: { ru: "", en: "" }, changes: 0, suggestions: 0, time_ms: Date.now() };
}

// ---------------------------------------------------------------- views

/** Computes what is watched, at most once for each frame; where that takes long, a part of the time is
 * left for what people do meanwhile. */
function draw(): void {
  const pause = Math.min(Math.max(FRAME_MS, tookMs * DRAW_SHARE), DRAW_MS);
  drawing ??= setTimeout(() => {
    drawing = null;
    const began = performance.now();
    drawAll().then(() => (tookMs = performance.now() - began), die);
  }, pause);
}

async function drawAll(): Promise<void> {
  noteTitle();
  const computed = new Map<string, Promise<{ json?: string; problem?: Problem }>>();
  for (const [key, watch] of watches) {
    if (watch.message.once || (HEAVY.has(watch.message.name) && watch.last !== null)) continue;
    const asked = question(watch.message);
    const shown = computed.get(asked) ?? compute(watch.message, asked);
    computed.set(asked, shown);
    push(key, watch, await shown);
  }
}

async function show(key: string): Promise<void> {
  const watch = watches.get(key);
  if (!watch) return;
  push(key, watch, await compute(watch.message, question(watch.message)));
  if (watch.message.once) watches.delete(key);
}

function push(key: string, watch: Watch, shown: { json?: string; problem?: Problem }): void {
  const text = shown.json ?? JSON.stringify(shown.problem);
  if (watch.last === text || !watches.has(key)) return;
  watch.last = text;
  post({ type: "view", tab: watch.message.tab, id: watch.message.id, ...shown });
}

function question(message: WatchMessage): string {
  return JSON.stringify({ [message.name]: message.take });
}

async function compute(message: WatchMessage, asked: string): Promise<{ json?: string; problem?: Problem }> {
  try {
    if (message.name === "app") return { json: JSON.stringify(app()) };
    if (message.name === "cities" || message.name === "kinds") return { json: bareView(asked) };
    return { json: await needed().look(asked) };
  } catch (error) {
    const known = problemOf(error);
    if (!known) throw error;
    return { problem: known };
  }
}

function app(): AppView {
  const blank: AppView = {
    stage: problem ? "broken" : "empty",
    profiles,
    profile: null,
    title: null,
    relay: null,
    link: { state: "offline", next_try_ms: null },
    lang,
    problem,
    notices: [],
    lost,
  };
  if (!session) return blank;
  const own = JSON.parse(session.core.view('{"app":{}}')) as Pick<
    AppView,
    "stage" | "profile" | "title" | "relay" | "problem" | "notices"
  >;
  const next_try_ms = session.link.nextTryMs;
  return { ...blank, ...own, link: { state: session.core.link() as AppView["link"]["state"], next_try_ms } };
}

/** Keeps what the partnership is called and what is not on the relay, where it can be found later. */
let noted = "";
function noteTitle(): void {
  if (!session) return;
  const { title } = JSON.parse(session.core.view('{"app":{}}')) as { title: Words | null };
  const [changes, suggestions] = session.core.pending();
  const known = JSON.stringify([session.profile, title, changes, suggestions]);
  if (known === noted || !title) return;
  noted = known;
  const row = { profile: session.profile, title, changes: changes ?? 0, suggestions: suggestions ?? 0, time_ms: Date.now() };
  post({ type: "unsent", tab: "*", unsent: row });
  void store.used(session.profile, title, Date.now()).then(refreshProfiles).catch(die);
}

// ---------------------------------------------------------------- the end

function post(message: FromWorker): void {
  if (!isDead) scope.postMessage(message);
}

/**
 * Something failed that must not: the tab starts another worker, which opens what is stored. If the
 * core itself stopped, it is written down at which document: one that stops it again and again is left
 * alone.
 */
function die(error: unknown): void {
  if (isDead) return;
  session?.stop();
  isDead = true;
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  void whereItStopped(error)
    .catch(() => undefined)
    .then(() => {
      scope.postMessage({ type: "died", tab: "*", reason } satisfies FromWorker);
      scope.close();
    });
}

async function whereItStopped(error: unknown): Promise<void> {
  if (!(error instanceof WebAssembly.RuntimeError) || profileInHand === null) return;
  const document = atWork();
  if (document) await store.died(profileInHand, document, Date.now());
}

