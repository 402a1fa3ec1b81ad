import {
  docId,
  ERASED,
  erasureIdFor,
  KEYED_PARTITIONS,
  type PartitionId,
  parseDocId,
  partitionId,
  partitionOf,
  SINGLE_PARTITIONS,
} from '@darasa/shared/documents';
import {
  afterChange,
  type Branch,
  couchDocumentSchema,
  type DeviceStorage,
  type Digest,
  type ExchangeDocument,
  fromCouch,
  type HeldDocument,
  leavesWithout,
  type Position,
  type PushLimits,
  type RefusedDocument,
  rankOf,
  revisionsOf,
  toCouch,
} from '@darasa/shared/sync';
import type { Logger } from 'pino';
import * as v from 'valibot';
import { type CouchClient, documentPath } from '../couch/couch-client.ts';
import type { ServerStore } from '../couch/server-store.ts';
import { readLeaves } from '../exchange/read-leaves.ts';
import type { BuiltIndex } from '../feed/index/school-index.ts';
import type { SchoolFeed } from '../feed/school-feed.ts';

export interface ReplicaStorageParts {
  readonly couch: CouchClient;
  readonly store: ServerStore;
  readonly feed: SchoolFeed;
  readonly school: string;
  readonly now: () => number;
  readonly log: Logger;
  /** Something was written here that the school has not. */
  readonly onUnsent: () => void;
}

const positionRecord = v.looseObject({
  _rev: v.string(),
  position: v.object({ cursor: v.string(), partitions: v.array(v.string()), kinds: v.array(v.string()) }),
});
const openRevs = v.array(v.looseObject({ ok: v.optional(couchDocumentSchema) }));
const writeAnswers = v.array(v.looseObject({ id: v.optional(v.string()), error: v.optional(v.string()), reason: v.optional(v.string()) }));
const INDEX_MS = 60_000;
const PURGED_AT_ONCE = 100;

/** What nobody here can have written: where the school has it no more, it is removed. Anything else is somebody's work, and is sent. */
const SCHOOLS_OWN = new Set(
  [
    ['school', 'course', 'issuer-key', 'job', 'category', 'settings', 'achievement'],
    ['outline', 'lesson', 'quiz', 'answer-key', 'class', 'member', 'roster-entry', 'receipt', 'device-key'],
  ].flat(),
);

/**
 * What a class laptop holds, as the device's side of an exchange sees it: documents and digests are those of the laptop's own database and
 * its index, so nothing about them can be wrong for long or has to be kept twice. What the school has of it is kept in memory alone: after
 * a restart the first exchange compares, and what the school lacks is sent.
 *
 * Grades that were given here do not count and are not sent: the school gives its own, which are the same documents where both come to the
 * same. Where they differ the school's takes the place of the laptop's.
 */
export class ReplicaStorage implements DeviceStorage {
  readonly #parts: ReplicaStorageParts;
  readonly #database: string;
  readonly #unsubscribe: () => void;
  /** Leaves that the school has, as `<id> <rev>`. */
  readonly #atSchool = new Set<string>();
  /** Documents with leaves that the school may lack. */
  readonly #unsent = new Set<string>();
  /** Revisions that do not count: refused by the school, or not meant for it. */
  readonly #aside = new Map<string, Set<string>>();
  readonly #refused = new Map<string, string>();
  /** The leaves that such documents have for the digests; null for none. */
  readonly #shown = new Map<string, readonly string[] | null>();

  private constructor(parts: ReplicaStorageParts) {
    this.#parts = parts;
    this.#database = parts.feed.database;
    this.#unsubscribe = parts.feed.tail.subscribe((id, leaves) => {
      if (id !== null) this.#noticed(id, leaves);
    });
  }

  static async open(parts: ReplicaStorageParts): Promise<ReplicaStorage> {
    const storage = new ReplicaStorage(parts);
    const { index } = await storage.#built();
    // What may be written and not read is in no comparison (A5): it is sent again, and the school knows it.
    for (const partition of index.readable({ partitions: new Set(), kinds: new Set(['employer']) }))
      for (const number of index.changedSince(partition, 0)) storage.#unsent.add(index.idOf(number));
    return storage;
  }

  close(): void {
    this.#unsubscribe();
  }

  /** How many documents wait for the school, and how many it will not take. */
  get waiting(): { readonly unsent: number; readonly refused: number } {
    return { unsent: this.#unsent.size, refused: this.#refused.size };
  }

  /** The hub may do other things than before: what was refused is tried again. */
  tryRefusedAgain(): void {
    for (const leaf of this.#refused.keys()) {
      const [id = '', rev = ''] = leaf.split(' ');
      this.#aside.get(id)?.delete(rev);
      this.#shown.delete(id);
      this.#unsent.add(id);
    }
    this.#refused.clear();
  }

  async position(): Promise<Position | null> {
    return (await this.#parts.store.read(positionRecord, this.#positionId))?.position ?? null;
  }

  async remember(position: Position): Promise<void> {
    const { store } = this.#parts;
    const before = await store.read(positionRecord, this.#positionId);
    await store.write({ _id: this.#positionId, ...(before === null ? {} : { _rev: before._rev }), position });
  }

  async digests(): Promise<(readonly [string, Digest])[]> {
    const { index } = await this.#built();
    const singles = SINGLE_PARTITIONS.map((kind) => partitionId(kind));
    const all = index.readable({ partitions: new Set(singles), kinds: new Set(KEYED_PARTITIONS) });
    const digests = new Map(all.filter((id) => id !== 'staff').map((id) => [id, index.digest(id)]));
    for (const [id, leaves] of this.#shown) {
      const held = index.leaves(id);
      const digest = digests.get(partitionOf(id));
      if (held !== null && digest !== undefined) digests.set(partitionOf(id), afterChange(digest, id, held, leaves));
    }
    return [...digests].filter(([, { count }]) => count > 0);
  }

  async documents(partition: string): Promise<readonly HeldDocument[]> {
    const { index } = await this.#built();
    return [...index.changedSince(partition, 0)].flatMap((number): HeldDocument[] => {
      const id = index.idOf(number);
      const leaves = this.#shown.has(id) ? (this.#shown.get(id) ?? null) : index.leavesOf(number);
      return leaves === null ? [] : [[id, leaves]];
    });
  }

  async unsent({ docs, bytes }: PushLimits): Promise<readonly ExchangeDocument[]> {
    const { index } = await this.#built();
    const found: ExchangeDocument[] = [];
    let size = 0;
    for (const id of [...this.#unsent].sort((one, other) => rankOf(one) - rankOf(other))) {
      if (found.length >= docs || size >= bytes) break;
      const wanted = (index.leaves(id) ?? []).filter(
        (rev) => !this.#atSchool.has(`${id} ${rev}`) && this.#aside.get(id)?.has(rev) !== true,
      );
      if (wanted.length === 0) this.#unsent.delete(id);
      for (const doc of await this.#read(wanted.map((rev) => ({ id, rev })))) {
        found.push(doc);
        size += JSON.stringify(doc.body).length;
      }
    }
    return found;
  }

  async sent(docs: readonly ExchangeDocument[]): Promise<void> {
    for (const { id, rev } of docs) this.#atSchool.add(`${id} ${rev}`);
  }

  async refused(documents: readonly RefusedDocument[]): Promise<void> {
    for (const { id, rev, error, reason } of documents) {
      this.#parts.log.warn({ id, rev, error, reason }, 'The school does not take a document; it stays on this laptop');
      if (reason === ERASED) await this.#eraseHere(id);
      else this.#refused.set(`${id} ${rev}`, reason);
      await this.#putAside(id, [rev]);
    }
  }

  async apply(docs: readonly ExchangeDocument[]): Promise<void> {
    // Named before they are written: the tail then knows that they are not news for the school.
    for (const { id, rev } of docs) this.#atSchool.add(`${id} ${rev}`);
    const json = { docs: docs.map(toCouch), new_edits: false };
    for (const { id, error, reason } of await this.#parts.couch.ask(writeAnswers, 'POST', `/${this.#database}/_bulk_docs`, { json }))
      if (error !== undefined)
        this.#parts.log.error({ id, error, reason }, 'A document of the school does not fit this program: update the laptop');
    await this.#parts.feed.index.caughtUp();
    for (const doc of docs) await this.#arrived(doc);
  }

  async drop(partitionIds: readonly string[]): Promise<void> {
    const { index } = await this.#built();
    for (const partition of partitionIds) {
      // Of an employer's the laptop holds what it hands in, and reads nothing.
      if (partition === 'staff' || partition.startsWith('employer-')) continue;
      const held = [...index.changedSince(partition, 0)].map((number): HeldDocument => [index.idOf(number), index.leavesOf(number)]);
      if (held.some(([id]) => this.#unsent.has(id))) {
        this.#parts.log.warn({ partition }, 'A partition is not this laptop’s any more; it stays until what was written here has arrived');
        continue;
      }
      await this.#purge(held);
      this.#parts.log.info({ partition, documents: held.length }, 'A partition is not this laptop’s any more and was removed');
    }
  }

  async missingAtSchool(documents: readonly HeldDocument[]): Promise<void> {
    const gone: HeldDocument[] = [];
    for (const [id, leaves] of documents) {
      const type = parseDocId(id)?.type ?? '';
      if (type === 'grade') await this.#putAside(id, leaves);
      else if (SCHOOLS_OWN.has(type)) gone.push([id, leaves]);
      else {
        for (const rev of leaves) this.#atSchool.delete(`${id} ${rev}`);
        this.#unsent.add(id);
      }
    }
    await this.#purge(gone);
  }

  get #positionId(): string {
    return `replica:${this.#parts.school}`;
  }

  async #built(): Promise<BuiltIndex> {
    const { index } = this.#parts.feed;
    const built = await index.ready(INDEX_MS);
    if (built === null) throw new Error('The laptop’s own database is still being read');
    return built;
  }

  /** The tail says that a document has these leaves now. */
  #noticed(id: string, leaves: readonly string[]): void {
    const parsed = parseDocId(id);
    if (parsed === null || parsed.partitionId === 'staff') return;
    const own = leaves.filter((rev) => !this.#atSchool.has(`${id} ${rev}`) && this.#aside.get(id)?.has(rev) !== true);
    if (own.length > 0 && parsed.type === 'grade') this.#noteAside(id, own);
    else if (own.length > 0) {
      this.#unsent.add(id);
      this.#parts.onUnsent();
    }
    if (this.#aside.has(id)) this.#shown.set(id, shownLeaves(leaves, this.#aside.get(id)));
  }

  /** A leaf of the school's is here: what it replaces does not count any more, and of a grade nothing else is kept. */
  async #arrived({ id, rev, ancestors }: ExchangeDocument): Promise<void> {
    const aside = this.#aside.get(id);
    if (aside === undefined) return;
    const known = new Set(revisionsOf({ rev, ancestors }));
    for (const each of known) {
      aside.delete(each);
      this.#refused.delete(`${id} ${each}`);
    }
    const { index } = await this.#built();
    const stale = parseDocId(id)?.type === 'grade' ? (index.leaves(id) ?? []).filter((each) => aside.has(each)) : [];
    if (stale.length > 0) {
      await this.#purgeLeaves([[id, stale]]);
      await this.#parts.feed.index.learn([id]);
      for (const each of stale) aside.delete(each);
    }
    await this.#putAside(id, []);
  }

  #noteAside(id: string, revs: readonly string[]): void {
    this.#aside.set(id, new Set([...(this.#aside.get(id) ?? []), ...revs]));
  }

  /** These revisions do not count: the document has the leaves that it would have without them (D7). */
  async #putAside(id: string, revs: readonly string[]): Promise<void> {
    this.#noteAside(id, revs);
    const aside = this.#aside.get(id) ?? new Set();
    const leaves = (await this.#built()).index.leaves(id) ?? [];
    if (aside.size === 0 || !leaves.some((rev) => aside.has(rev))) {
      this.#shown.delete(id);
      if (aside.size === 0) this.#aside.delete(id);
      return;
    }
    const without = leavesWithout(await this.#branches(id), aside);
    this.#shown.set(id, without.length === 0 ? null : without);
  }

  async #branches(id: string): Promise<Branch[]> {
    const query = { open_revs: 'all', revs: 'true' };
    const answer = await this.#parts.couch.find(openRevs, documentPath(this.#database, id), { query });
    return (answer ?? []).flatMap(({ ok }) => (ok === undefined ? [] : [fromCouch(ok)]));
  }

  async #read(leaves: readonly { readonly id: string; readonly rev: string }[]): Promise<readonly ExchangeDocument[]> {
    if (leaves.length === 0) return [];
    const { index } = this.#parts.feed;
    const { cache } = await this.#built();
    return readLeaves(this.#parts.couch, this.#database, cache, leaves, ({ id, rev }) => index.distrust(id, rev));
  }

  /** Documents as if they had never been here. The index hears of it by its audit; until then they do not count. */
  async #purge(documents: readonly HeldDocument[]): Promise<void> {
    await this.#purgeLeaves(documents);
    for (const [id, leaves] of documents) {
      this.#noteAside(id, leaves);
      this.#shown.set(id, null);
      this.#unsent.delete(id);
      for (const rev of leaves) this.#atSchool.delete(`${id} ${rev}`);
    }
  }

  async #purgeLeaves(documents: readonly HeldDocument[]): Promise<void> {
    for (let from = 0; from < documents.length; from += PURGED_AT_ONCE) {
      const json = Object.fromEntries(documents.slice(from, from + PURGED_AT_ONCE));
      await this.#parts.couch.ask(v.unknown(), 'POST', `/${this.#database}/_purge`, { json });
    }
  }

  /** The word of an erasure for this laptop: its service of erasing does the rest, and nobody brings it back here. */
  async #eraseHere(id: string): Promise<void> {
    const erasure = erasureIdFor(id);
    const parsed = parseDocId(id);
    if (erasure === null || parsed === null) return;
    const { couch, now } = this.#parts;
    const { partition, partitionId: of } = parsed;
    const target: PartitionId | string = partition.kind === 'learner' ? of : id;
    const erased = parseDocId(erasure)?.key[0] ?? '';
    const doc = {
      ...{ _id: docId(partitionId('staff'), 'erasure', erased), type: 'erasure', schemaVersion: 1 },
      ...{ createdAt: new Date(now()).toISOString(), deviceId: 'server', erased, target, actorId: 'service-replica' },
    };
    const answer = await couch.send('PUT', documentPath(this.#database, doc._id), { json: doc });
    await answer.body?.cancel();
  }
}

/** Until the tree was read: the leaves that are not aside. */
function shownLeaves(leaves: readonly string[], aside: ReadonlySet<string> | undefined): readonly string[] | null {
  const shown = leaves.filter((rev) => aside?.has(rev) !== true);
  return shown.length === 0 ? null : shown;
}
