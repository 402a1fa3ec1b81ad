import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import leveldown, { type LevelStore } from 'leveldown';
import type { JsonObject } from './json.ts';

export interface Attachment extends JsonObject {
  content_type?: string;
  digest?: string;
  length?: number;
  revpos?: number;
  stub?: boolean;
  data?: string;
}

export interface StoredDocument extends JsonObject {
  _id: string;
  _rev: string;
  _deleted?: boolean;
  _revisions?: { start: number; ids: string[] };
  _attachments?: Record<string, Attachment>;
}

export interface ChangeRow {
  id: string;
  seq: number;
  changes: { rev: string }[];
  deleted?: boolean;
  doc?: StoredDocument;
}

/** One node of PouchDB's revision tree: the hash, its state, and the branches that follow from it. */
export type RevisionNode = [hash: string, state: { status: 'available' | 'missing'; deleted?: boolean }, branches: RevisionNode[]];
export type RevisionTree = { pos: number; ids: RevisionNode }[];

export interface PouchResult {
  ok?: boolean;
  id: string;
  rev?: string;
  error?: unknown;
  status?: number;
  name?: string;
  message?: string;
  reason?: string;
}

/** The part of PouchDB 9 that this store stands on. */
export interface Pouch {
  readonly name: string;
  info(): Promise<{ doc_count: number; update_seq: number }>;
  get(id: string, options?: JsonObject): Promise<StoredDocument>;
  getAttachment(id: string, name: string, options: { rev?: string }): Promise<Buffer>;
  put(doc: JsonObject): Promise<{ id: string; rev: string }>;
  bulkDocs(docs: JsonObject[], options: { new_edits: boolean }): Promise<PouchResult[]>;
  allDocs(options: JsonObject): Promise<{ total_rows: number; offset: number; rows: JsonObject[] }>;
  changes(options: JsonObject): Promise<{ results: ChangeRow[]; last_seq: number }>;
  compact(): Promise<unknown>;
  close(): Promise<void>;
  find(request: JsonObject): Promise<{ docs: JsonObject[]; warning?: string }>;
  explain(request: JsonObject): Promise<JsonObject>;
  createIndex(request: JsonObject): Promise<JsonObject>;
  getIndexes(): Promise<JsonObject>;
  on(event: 'error', listener: (error: unknown) => void): void;
  removeAllListeners(): void;
  _getRevisionTree(id: string, callback: (error: { status?: number } | null, tree?: RevisionTree) => void): void;
  /** Views that were opened, by signature; PouchDB leaves them open when their database closes. */
  readonly _cachedViews?: Record<string, Promise<{ db: { close(): Promise<void> } }>>;
}

/** A remote database, or this store reached in process, for replication. */
export type PouchConstructor = {
  new (location: string, options?: JsonObject): Pouch;
  replicate(source: Pouch, target: Pouch, options: JsonObject): JsonObject;
};

// Required, not imported: @types/pouchdb describes version 6 without its internals, and redeclares Node's Buffer for the whole program.
const require = createRequire(import.meta.url);
export const PouchConstruct = require('pouchdb') as PouchConstructor & { plugin(plugin: unknown): void };
PouchConstruct.plugin(require('pouchdb-find'));

/** leveldb handles by path, so that what PouchDB has no call for (local documents, purge) can be done on the open store. */
const openStores = new Map<string, LevelStore>();

/**
 * leveldb as CouchDB commits: every write reaches the disk before it is acknowledged. PouchDB has no option for it and passes none to
 * leveldb, so it is set where PouchDB hands the write over. Indexes (`-mrview-`) can be rebuilt and are not synced.
 */
function durableLeveldown(location: string): LevelStore {
  const store = leveldown(location);
  openStores.set(location, store);
  const { _iterator } = store;
  store._iterator = (options) => _iterator.call(store, { ...options, ...wholeRange(options) });
  if (location.includes('-mrview-')) return store;
  const { _put, _del, _batch } = store;
  store._put = (key, value, options, callback) => _put.call(store, key, value, { ...options, sync: true }, callback);
  store._del = (key, options, callback) => _del.call(store, key, { ...options, sync: true }, callback);
  store._batch = (operations, options, callback) => _batch.call(store, operations, { ...options, sync: true }, callback);
  return store;
}
/** PouchDB ends its lists at U+00FF, which leaves out every id that begins with a later letter; they end after the last one here. */
function wholeRange({ lt, lte }: { lt?: unknown; lte?: unknown }): { lt?: string; lte?: string } {
  const stretched = (bound: unknown) =>
    typeof bound === 'string' && bound.endsWith('\u00ff\u00ff') ? `${bound.slice(0, -1)}\u{10ffff}` : undefined;
  const [below, upTo] = [stretched(lt), stretched(lte)];
  return { ...(below === undefined ? {} : { lt: below }), ...(upTo === undefined ? {} : { lte: upTo }) };
}

durableLeveldown.destroy = (location: string, callback: (error: Error | null) => void) => leveldown.destroy(location, callback);

export async function openPouch(location: string, revsLimit: number): Promise<Pouch> {
  await mkdir(location.slice(0, location.lastIndexOf('/')), { recursive: true });
  const pouch = new PouchConstruct(location, { db: durableLeveldown, adapter: 'leveldb', revs_limit: revsLimit });
  // PouchDB emits 'error' for a map function that throws; without a listener it prints them all.
  pouch.on('error', () => undefined);
  await pouch.info();
  return pouch;
}

export async function closePouch(pouch: Pouch): Promise<void> {
  for (const view of Object.values(pouch._cachedViews ?? {})) {
    const opened = await view.catch(() => undefined);
    await opened?.db.close();
  }
  await pouch.close();
  pouch.removeAllListeners();
  openStores.delete(pouch.name);
}

/** The leveldb below an open database. */
export function levelOf(pouch: Pouch): LevelStore {
  const store = openStores.get(pouch.name);
  if (!store) throw new Error(`no open leveldb at ${pouch.name}`);
  return store;
}

export function revisionTree(pouch: Pouch, id: string): Promise<RevisionTree | undefined> {
  return new Promise((resolve, reject) => {
    pouch._getRevisionTree(id, (error, tree) => {
      if (error && error.status !== 404) reject(error);
      else resolve(tree);
    });
  });
}
