/**
 * IndexedDB: partnerships with their ledgers and records, and, in a database of its own, the relay's
 * last words, so that an older copy of the first shows.
 *
 * What belongs together is written in one transaction, and a transaction is over when it is on disk
 * (`durability: "strict"`).
 */

import type { Lang, Words } from "./contract";
import { newWrap, seal, unseal, type Sealed } from "./keys";

/** A partnership in this browser. */
export interface ProfileRow {
  id: string;
  title: Words;
  used_ms: number;
  sealed: Sealed;
}

/** A call that was carried out, so that it is not done twice. */
export interface DoneCall {
  tab: string;
  id: string;
  answer: unknown;
  /** Whether the answer holds a key or a link that lets somebody in: it lies encrypted then. */
  isSecret: boolean;
}

interface DoneRow {
  id: string;
  answer?: unknown;
  sealed?: Sealed;
}

/** When the program stopped while it worked on a document, and which program it was. */
interface Death {
  document: string;
  program: string;
  times_ms: number[];
}

/** Everything that is stored of one partnership. */
export interface Loaded {
  secret: Uint8Array;
  records: [Uint8Array, Uint8Array][];
  /** By document, in the order of their numbers. */
  entries: [string, Uint8Array][];
  heads: Uint8Array[];
  /** Documents at which the program stopped again and again. */
  poison: string[];
}

/** What one transaction writes. */
export interface Batch {
  keep: { document: string; seq: number; bytes: Uint8Array }[];
  setAside: string[];
  write: { key: Uint8Array; value: Uint8Array | null }[];
  calls: DoneCall[];
}

/** How many calls of a tab are remembered. */
const CALLS_MAX = 32;
/** Where calls are remembered that begin a partnership, before they have one. */
const BEGINNINGS = "beginnings";
/** A document is left alone at which the program stopped so often within this time, in milliseconds. */
const DEATHS_MAX = 2;
const DEATHS_WITHIN_MS = 24 * 60 * 60_000;
const STRICT: IDBTransactionOptions = { durability: "strict" };

export class Store {
  private constructor(
    private readonly db: IDBDatabase,
    private readonly witness: IDBDatabase,
    private readonly wrap: CryptoKey,
    /** Which build of the core this is. */
    private readonly program: string,
  ) {}

  static async open(program: string): Promise<Store> {
    const db = await opened("entente", (db) => {
      db.createObjectStore("profiles", { keyPath: "id" });
      for (const name of ["entries", "records", "calls", "keys", "settings"]) db.createObjectStore(name);
    });
    const witness = await opened("entente-witness", (db) => db.createObjectStore("heads"));
    return new Store(db, witness, await wrapOf(db), program);
  }

  async profiles(): Promise<ProfileRow[]> {
    const rows: ProfileRow[] = await done(this.read("profiles").getAll());
    return rows.sort((a, b) => b.used_ms - a.used_ms);
  }

  async lang(): Promise<Lang | null> {
    return (await done<Lang | undefined>(this.read("settings").get("lang"))) ?? null;
  }

  async setLang(lang: Lang): Promise<void> {
    const transaction = this.db.transaction("settings", "readwrite", STRICT);
    transaction.objectStore("settings").put(lang, "lang");
    await over(transaction);
  }

  /** Begins to keep a partnership: all of `batch` with it, and the call by which it began. */
  async create(row: Omit<ProfileRow, "sealed">, secret: Uint8Array, batch: Batch, begun: DoneCall | null): Promise<void> {
    const sealed = await seal(this.wrap, row.id, secret);
    const call = begun && (await this.rowOf(begun));
    const transaction = this.db.transaction(["profiles", "entries", "records", "calls"], "readwrite", STRICT);
    transaction.objectStore("profiles").put({ ...row, sealed } satisfies ProfileRow);
    put(transaction, row.id, batch);
    if (begun && call) await note(transaction, BEGINNINGS, begun.tab, call);
    await over(transaction);
  }

  /** Takes note of what a partnership is called and when it was open. */
  async used(id: string, title: Words | null, used_ms: number): Promise<void> {
    const transaction = this.db.transaction("profiles", "readwrite", STRICT);
    const rows = transaction.objectStore("profiles");
    const row: ProfileRow | undefined = await done(rows.get(id));
    if (row) rows.put({ ...row, title: title ?? row.title, used_ms });
    await over(transaction);
  }

  /** Deletes a partnership from this browser. */
  async forget(id: string): Promise<void> {
    const transaction = this.db.transaction(["profiles", "entries", "records", "calls"], "readwrite", STRICT);
    transaction.objectStore("profiles").delete(id);
    for (const name of ["entries", "records", "calls"]) transaction.objectStore(name).delete(within(id));
    await over(transaction);
    await this.forgive(id);
    const heads = this.witness.transaction("heads", "readwrite", STRICT);
    heads.objectStore("heads").delete(within(id));
    await over(heads);
  }

  /** Everything of one partnership; `null` if it is not here. */
  async load(id: string): Promise<Loaded | null> {
    const transaction = this.db.transaction(["profiles", "entries", "records"], "readonly");
    const row = done<ProfileRow | undefined>(transaction.objectStore("profiles").get(id));
    const records = transaction.objectStore("records");
    const entries = transaction.objectStore("entries");
    const [found, recordKeys, recordValues, entryKeys, entryValues] = await Promise.all([
      row,
      done(records.getAllKeys(within(id))),
      done<Uint8Array[]>(records.getAll(within(id))),
      done(entries.getAllKeys(within(id))),
      done<Uint8Array[]>(entries.getAll(within(id))),
    ]);
    if (!found) return null;
    const secret = await unseal(this.wrap, id, found.sealed);
    const heads = this.witness.transaction("heads", "readonly").objectStore("heads");
    return {
      secret,
      records: recordKeys.map((key, at) => [new Uint8Array((key as [string, ArrayBuffer])[1]), recordValues[at]!]),
      entries: entryKeys.map((key, at) => [(key as [string, string, number])[1], entryValues[at]!]),
      heads: await done<Uint8Array[]>(heads.getAll(within(id))),
      poison: await this.poison(id),
    };
  }

  /** Takes note that the program stopped while it worked on a document. */
  async died(id: string, document: string, now_ms: number): Promise<void> {
    const { program } = this;
    const transaction = this.db.transaction("settings", "readwrite", STRICT);
    const settings = transaction.objectStore("settings");
    const deaths = (await done<Death[] | undefined>(settings.get(`deaths ${id}`))) ?? [];
    const before = deaths.find((one) => one.document === document && one.program === program);
    const times_ms = [...(before?.times_ms ?? []), now_ms].slice(-DEATHS_MAX);
    const others = deaths.filter((one) => one.document !== document && one.program === program);
    settings.put([...others, { document, program, times_ms }] satisfies Death[], `deaths ${id}`);
    await over(transaction);
  }

  /** Forgets at which documents the program stopped: they are tried again. */
  async forgive(id: string): Promise<void> {
    const transaction = this.db.transaction("settings", "readwrite", STRICT);
    transaction.objectStore("settings").delete(`deaths ${id}`);
    await over(transaction);
  }

  /** Another program, or another day, tries again. */
  private async poison(id: string): Promise<string[]> {
    const deaths = (await done<Death[] | undefined>(this.read("settings").get(`deaths ${id}`))) ?? [];
    const since = Date.now() - DEATHS_WITHIN_MS;
    const often = deaths.filter((one) => one.program === this.program && one.times_ms.filter((at) => at > since).length >= DEATHS_MAX);
    return often.map((one) => one.document);
  }

  /** The entries of a document from a number on. */
  async entries(id: string, document: string, from: number): Promise<Uint8Array[]> {
    const range = IDBKeyRange.bound([id, document, from], [id, document, Number.MAX_SAFE_INTEGER]);
    return done<Uint8Array[]>(this.read("entries").getAll(range));
  }

  /** Writes what belongs together; over when it is on disk. */
  async commit(id: string, batch: Batch): Promise<void> {
    // Nothing but the database may be waited for while a transaction is open.
    const calls = await Promise.all(batch.calls.map(async (call) => ({ tab: call.tab, row: await this.rowOf(call) })));
    const transaction = this.db.transaction(["entries", "records", "calls"], "readwrite", STRICT);
    put(transaction, id, batch);
    for (const { tab, row } of calls) await note(transaction, id, tab, row);
    await over(transaction);
  }

  /** What a call of a tab answered, in a partnership or beginning one, if it was carried out. */
  async answered(id: string | null, tab: string, call: string): Promise<{ answer: unknown } | null> {
    for (const place of [BEGINNINGS, ...(id === null ? [] : [id])]) {
      const rows = (await done<DoneRow[] | undefined>(this.read("calls").get([place, tab]))) ?? [];
      const row = rows.find((one) => one.id === call);
      if (row?.sealed) {
        const text = new TextDecoder().decode(await unseal(this.wrap, sealedAs(tab, call), row.sealed));
        return { answer: JSON.parse(text) as unknown };
      }
      if (row) return { answer: row.answer };
    }
    return null;
  }

  /** A tab is gone: nobody asks for its answers any more. */
  async gone(id: string | null, tab: string): Promise<void> {
    const transaction = this.db.transaction("calls", "readwrite");
    for (const place of [BEGINNINGS, ...(id === null ? [] : [id])]) transaction.objectStore("calls").delete([place, tab]);
    await over(transaction);
  }

  private async rowOf({ tab, id, answer, isSecret }: DoneCall): Promise<DoneRow> {
    if (!isSecret) return { id, answer };
    const bytes = new TextEncoder().encode(JSON.stringify(answer));
    return { id, sealed: await seal(this.wrap, sealedAs(tab, id), bytes) };
  }

  /** Keeps the relay's last words. */
  async keepHeads(id: string, heads: [string, Uint8Array][]): Promise<void> {
    const transaction = this.witness.transaction("heads", "readwrite", STRICT);
    for (const [document, bytes] of heads) transaction.objectStore("heads").put(bytes, [id, document]);
    await over(transaction);
  }

  private read(name: string): IDBObjectStore {
    return this.db.transaction(name, "readonly").objectStore(name);
  }
}

/** To what an answer is bound that lies encrypted. */
function sealedAs(tab: string, call: string): string {
  return `answer ${tab} ${call}`;
}

function put(transaction: IDBTransaction, id: string, batch: Batch): void {
  const entries = transaction.objectStore("entries");
  const records = transaction.objectStore("records");
  for (const document of batch.setAside) {
    entries.delete(IDBKeyRange.bound([id, document, 0], [id, document, Number.MAX_SAFE_INTEGER]));
  }
  for (const { document, seq, bytes } of batch.keep) entries.put(bytes, [id, document, seq]);
  for (const { key, value } of batch.write) {
    if (value) records.put(value, [id, new Uint8Array(key)]);
    else records.delete([id, new Uint8Array(key)]);
  }
}

async function note(transaction: IDBTransaction, id: string, tab: string, row: DoneRow): Promise<void> {
  const calls = transaction.objectStore("calls");
  const before = (await done<DoneRow[] | undefined>(calls.get([id, tab]))) ?? [];
  calls.put([...before, row].slice(-CALLS_MAX), [id, tab]);
}

/** All keys that begin with a partnership. */
function within(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []]);
}

async function wrapOf(db: IDBDatabase): Promise<CryptoKey> {
  const known = await done<CryptoKey | undefined>(db.transaction("keys", "readonly").objectStore("keys").get("wrap"));
  if (known) return known;
  const wrap = await newWrap();
  const transaction = db.transaction("keys", "readwrite", STRICT);
  transaction.objectStore("keys").put(wrap, "wrap");
  await over(transaction);
  return wrap;
}

function opened(name: string, create: (db: IDBDatabase) => void): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => create(request.result);
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function over(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}
