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
  id: string;
  answer: unknown;
}

/** Everything that is stored of one partnership. */
export interface Loaded {
  secret: Uint8Array;
  records: [Uint8Array, Uint8Array][];
  /** By document, in the order of their numbers. */
  entries: [string, Uint8Array][];
  heads: Uint8Array[];
}

/** What one transaction writes. */
export interface Batch {
  keep: { document: string; seq: number; bytes: Uint8Array }[];
  setAside: string[];
  write: { key: Uint8Array; value: Uint8Array | null }[];
  calls: { tab: string; done: DoneCall }[];
}

/** How many calls of a tab are remembered. */
const CALLS_MAX = 32;
const STRICT: IDBTransactionOptions = { durability: "strict" };

export class Store {
  private constructor(
    private readonly db: IDBDatabase,
    private readonly witness: IDBDatabase,
    private readonly wrap: CryptoKey,
  ) {}

  static async open(): Promise<Store> {
    const db = await opened("entente", (db) => {
      db.createObjectStore("profiles", { keyPath: "id" });
      for (const name of ["entries", "records", "calls", "keys", "settings"]) db.createObjectStore(name);
    });
    const witness = await opened("entente-witness", (db) => db.createObjectStore("heads"));
    return new Store(db, witness, await wrapOf(db));
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

  /** Begins to keep a partnership. */
  async create(id: string, secret: Uint8Array, title: Words, used_ms: number): Promise<void> {
    const sealed = await seal(this.wrap, id, secret);
    const transaction = this.db.transaction("profiles", "readwrite", STRICT);
    transaction.objectStore("profiles").put({ id, title, used_ms, sealed } satisfies ProfileRow);
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
    };
  }

  /** The entries of a document from a number on. */
  async entries(id: string, document: string, from: number): Promise<Uint8Array[]> {
    const range = IDBKeyRange.bound([id, document, from], [id, document, Number.MAX_SAFE_INTEGER]);
    return done<Uint8Array[]>(this.read("entries").getAll(range));
  }

  /** Writes what belongs together; over when it is on disk. */
  async commit(id: string, batch: Batch): Promise<void> {
    const transaction = this.db.transaction(["entries", "records", "calls"], "readwrite", STRICT);
    const entries = transaction.objectStore("entries");
    const records = transaction.objectStore("records");
    const calls = transaction.objectStore("calls");
    for (const document of batch.setAside) {
      entries.delete(IDBKeyRange.bound([id, document, 0], [id, document, Number.MAX_SAFE_INTEGER]));
    }
    for (const { document, seq, bytes } of batch.keep) entries.put(bytes, [id, document, seq]);
    for (const { key, value } of batch.write) {
      if (value) records.put(value, [id, new Uint8Array(key)]);
      else records.delete([id, new Uint8Array(key)]);
    }
    for (const { tab, done: call } of batch.calls) {
      const before = (await done<DoneCall[] | undefined>(calls.get([id, tab]))) ?? [];
      calls.put([...before, call].slice(-CALLS_MAX), [id, tab]);
    }
    await over(transaction);
  }

  /** A call of a tab, if it was carried out. */
  async call(id: string, tab: string, call: string): Promise<DoneCall | null> {
    const known = await done<DoneCall[] | undefined>(this.read("calls").get([id, tab]));
    return known?.find((one) => one.id === call) ?? null;
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
