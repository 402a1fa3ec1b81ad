import { partitionOf } from '@darasa/shared/documents';
import type { Person } from '@darasa/shared/rules';
import {
  afterChange,
  type Branch,
  type Digest,
  type ExchangeDocument,
  type HeldDocument,
  leavesWithout,
  revisionsOf,
  toCouch,
} from '@darasa/shared/sync';
import type { Collection } from 'dexie';
import { ownDatabaseName } from './database-names.ts';
import type { DeviceStore, HeldRow, LedgerRow, RefusedRow } from './device-store.ts';
import type { Environment } from './environment.ts';
import { hasStatus, type LocalDatabase } from './local-database.ts';
import { authorFromId, authorOf } from './own-work.ts';

/*
 * What the school knows of a local database, document by document, so that an exchange can prove that both hold the same.
 *
 * The ledger follows PouchDB's own feed of changes: whoever wrote a document, in this tab or another, now or before a crash, its
 * leaves are noted here before anything is answered, together with the digest of the partition, in one transaction of IndexedDB.
 * What was noted is changed only if nobody has changed it since it was read; else it is read again.
 *
 * A leaf is taken for the person's own work unless a place has sent it or the school has acknowledged it. What a place sends is announced here
 * before it is written, so that a crash in between does not make it the person's.
 *
 * A class laptop stands in for the school without being it (rules L of docs/sync-spec.md): what it acknowledged is noted beside, and is still
 * the school's to get; what it sent is noted as its, until the school is known to have it.
 */

export interface LedgerParts {
  readonly environment: Pick<Environment, 'removeDocuments'>;
  readonly store: DeviceStore;
  readonly database: LocalDatabase;
  readonly person: () => Person;
  /** Documents were removed from the device, of which PouchDB tells nobody. */
  readonly onRemoved: (ids: readonly string[]) => void;
}

/** A leaf that the school has: it sent or acknowledged it. */
export type KnownLeaf = Pick<ExchangeDocument, 'id' | 'rev' | 'ancestors'>;

interface Edit {
  readonly rows?: readonly HeldRow[];
  readonly removed?: readonly string[];
  readonly ledger?: Partial<Pick<LedgerRow, 'seq' | 'arriving' | 'removing' | 'removals'>>;
  readonly refused?: readonly RefusedRow[];
  readonly released?: readonly RefusedRow[];
}

const CHANGES_AT_ONCE = 500;
const words = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : text.split(' '));
type Named = Pick<ExchangeDocument, 'id' | 'rev'>;
const leafName = ({ id, rev }: Named, hub: string | null = null): string => (hub === null ? `${id} ${rev}` : `${id} ${rev} ${hub}`);

export class Ledger {
  readonly #parts: LedgerParts;
  /** One thing after another in this tab; other tabs are met in the transactions. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  get database(): LocalDatabase {
    return this.#parts.database;
  }

  /** Notes what was written since it was last asked. */
  catchUp(): Promise<void> {
    return this.#inTurn(() => this.#follow());
  }

  /** The digests of the partitions of which anything is held; empty ones of those with nothing but what was refused. */
  async digests(): Promise<(readonly [partitionId: string, digest: Digest])[]> {
    await this.catchUp();
    const rows = await this.#parts.store.digests.where('database').equals(this.#name).toArray();
    return rows.map(({ partition, a, b, count }) => [partition, { a, b, count }]);
  }

  async documents(partitionId: string): Promise<HeldDocument[]> {
    const rows = await this.rows(partitionId);
    return rows.flatMap(({ id, leaves }): HeldDocument[] => (leaves === '' ? [] : [[id, words(leaves)]]));
  }

  /** What is noted of a partition, refused documents included. */
  async rows(partitionId: string): Promise<HeldRow[]> {
    await this.catchUp();
    const { held } = this.#parts.store;
    return held
      .where('[database+id]')
      .between([this.#name, `${partitionId}:`], [this.#name, `${partitionId}:\uffff`])
      .toArray();
  }

  /** The leaves of somebody's work that the school has not acknowledged, or a class laptop has not, by document. */
  async unsent(accountId: string, hub: string | null = null): Promise<HeldDocument[]> {
    const rows = await this.authored(accountId);
    return rows.map((row) => [row.id, hub === null ? newLeaves(row) : without(words(row.leaves), words(row.atHubs?.[hub]))]);
  }

  /** What is noted of somebody's work that the school has not acknowledged. */
  async authored(accountId: string): Promise<HeldRow[]> {
    await this.catchUp();
    return this.#parts.store.held.where('[database+author]').equals([this.#name, accountId]).toArray();
  }

  /** What class laptops sent and the school is not known to have. */
  async fromHubs(): Promise<HeldRow[]> {
    await this.catchUp();
    return this.#parts.store.held.where('[database+from]').between([this.#name, ''], [this.#name, '\uffff']).toArray();
  }

  /** What is noted of these documents. */
  async rowsOf(ids: readonly string[]): Promise<(HeldRow | undefined)[]> {
    await this.catchUp();
    return this.#read(ids);
  }

  /** Writes what the school sent, or a class laptop, as `new_edits: false` does. */
  receive(docs: readonly ExchangeDocument[], hub: string | null = null): Promise<void> {
    return this.#inTurn(async () => {
      const names = docs.map((doc) => leafName(doc, hub));
      await this.#change(async ({ arriving }) => ({ ledger: { arriving: [...new Set([...arriving, ...names])] } }));
      await this.database.use((pouch) => pouch.bulkDocs(docs.map(toCouch), { new_edits: false }));
      await this.#follow();
      if (hub === null) await this.#acknowledge(docs, new Set(names));
      else await this.#atHub(hub, docs, new Set(names));
    });
  }

  /** The school has these leaves, and what they descend from. What was refused of it is so no more (rule F3). */
  acknowledge(docs: readonly KnownLeaf[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#follow();
      await this.#acknowledge(docs, new Set());
    });
  }

  /** A class laptop has these leaves. The school is still to get them (rule L4). */
  acknowledgeAtHub(hub: string, docs: readonly KnownLeaf[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#follow();
      await this.#atHub(hub, docs, new Set());
    });
  }

  /** A class laptop does not have these documents any more: they are to be sent to it again. */
  forgetAtHub(hub: string, ids: readonly string[]): Promise<void> {
    return this.#inTurn(() =>
      this.#change(async () => ({
        rows: (await this.#read(ids)).flatMap((row) => {
          if (row?.atHubs === undefined) return [];
          const { [hub]: _gone, ...atHubs } = row.atHubs;
          return [{ ...row, atHubs }];
        }),
      })),
    );
  }

  /** The school has all of these documents as they are here: it says so of a learner's work, or it has been proved. */
  settle(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return Promise.resolve();
    return this.#inTurn(async () => {
      await this.#follow();
      await this.#change(async () => ({
        rows: (await this.#read(ids)).flatMap((row) => (row === undefined ? [] : [bare(row)])),
      }));
    });
  }

  /** Takes a refused revision out of the digests, with what the school does not have of its history. Answers whether it was there. */
  refuse(refusal: Omit<RefusedRow, 'revs' | 'doc' | 'type'>): Promise<boolean> {
    const { id, rev } = refusal;
    return this.#inTurn(async () => {
      await this.#follow();
      const branches = await this.#branches(id);
      const branch = branches.find((each) => revisionsOf(each).includes(rev));
      if (branch === undefined) return false;
      const doc: Record<string, unknown> = await this.database.use((pouch) =>
        pouch.get<Record<string, unknown>>(id, { rev: branch.rev, revs: true, attachments: true }),
      );
      await this.#change(async () => {
        const [row] = await this.#read([id]);
        const former = await this.#parts.store.refused.get([refusal.accountId, id]);
        const atSchool = new Set(schoolHas(row));
        // What was written upon it meanwhile is not refused yet.
        const chain = revisionsOf(branch).slice(revisionsOf(branch).indexOf(rev));
        const known = chain.findIndex((each) => atSchool.has(each));
        const revs = [...new Set([...(former?.revs ?? []), ...(known < 0 ? chain : chain.slice(0, known))])];
        const leaves = leavesWithout(branches, new Set(revs));
        return {
          rows: [
            settled({
              database: this.#name,
              id,
              leaves: leaves.join(' '),
              atSchool: [...atSchool].join(' '),
              author: row?.author ?? refusal.accountId,
            }),
          ],
          refused: [{ ...refusal, revs, type: String(doc['type'] ?? ''), doc }],
        };
      });
      return true;
    });
  }

  /** The school does not have these leaves: they are unsent again. */
  unacknowledge(documents: readonly (readonly [id: string, author: string])[]): Promise<void> {
    return this.#inTurn(() =>
      this.#change(async () => {
        const rows = await this.#read(documents.map(([id]) => id));
        return {
          rows: rows.flatMap((row, at) => {
            if (row === undefined) return [];
            const { from, ...held } = row;
            const atHubs = from === undefined ? row.atHubs : { ...row.atHubs, [from]: row.leaves };
            return [{ ...held, author: documents[at]?.[1] ?? '', atSchool: '', ...(atHubs === undefined ? {} : { atHubs }) }];
          }),
        };
      }),
    );
  }

  /**
   * Removes documents from the device with all their revisions, save those in which somebody has unsent work by now. `erased`: they go
   * whatever is in them, and so does what stands of them in quarantine, whoever wrote it.
   */
  remove(named: readonly string[], erased = false): Promise<void> {
    if (named.length === 0) return Promise.resolve();
    return this.#inTurn(async () => {
      await this.#follow();
      const { refused } = this.#parts.store;
      // Were it the other way round, a crash would leave digests that count what is gone.
      await this.#change(async ({ seq, removing, removals = 0 }) => {
        // Whoever asks has looked before, and a person may have written since.
        const rows = await this.#read(named);
        const ids = erased ? named : named.filter((_, at) => !hasWork(rows[at]));
        return {
          removed: ids,
          released: erased ? (await refused.toArray()).filter(({ id }) => ids.includes(id)) : [],
          ledger: { removing: { ids: [...(removing?.ids ?? []), ...ids], upTo: seq }, removals: removals + 1 },
        };
      });
      await this.#opened();
      await this.#follow();
    });
  }

  #rowsOf(partitionId: string): Collection<HeldRow> {
    const { held } = this.#parts.store;
    return held.where('[database+id]').between([this.#name, `${partitionId}:`], [this.#name, `${partitionId}:\uffff`]);
  }

  /** How often documents were removed. A checkpoint of stock replication from before stands for what is not here any more. */
  async removals(): Promise<number> {
    return (await this.#parts.store.ledgers.get(this.#name))?.removals ?? 0;
  }

  get #name(): string {
    return this.#parts.database.name;
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined); // Told to who asked; the next is not stopped by it.
    return mine;
  }

  /** The ledger's own row, after what a crash left half done. */
  async #opened(): Promise<LedgerRow> {
    const { store, environment, onRemoved } = this.#parts;
    const instance = await this.database.use((pouch) => idOf(pouch));
    for (;;) {
      const ledger = await store.ledgers.get(this.#name);
      if (ledger?.instance !== instance) {
        await forgetLedger(store, this.#name, { instance, version: (ledger?.version ?? 0) + 1 });
        continue;
      }
      if (ledger.removing === null) return ledger;
      const { ids, upTo } = ledger.removing;
      await environment.removeDocuments(this.#name, ids, upTo);
      if (await this.#commit(ledger, { ledger: { removing: null } })) onRemoved(ids);
    }
  }

  async #follow(): Promise<void> {
    for (;;) {
      const ledger = await this.#opened();
      const { results, last_seq } = await this.database.use((pouch) =>
        pouch.changes({ since: ledger.seq, style: 'all_docs', limit: CHANGES_AT_ONCE }),
      );
      if (results.length === 0) return;
      const leaves = new Map(results.map(({ id, changes }) => [id, changes.map(({ rev }) => rev)]));
      const noted = await this.#commit(ledger, { rows: await this.#rowsWith(leaves, ledger.arriving), ledger: { seq: Number(last_seq) } });
      if (noted && results.length < CHANGES_AT_ONCE) return;
    }
  }

  async #acknowledge(docs: readonly KnownLeaf[], arrived: ReadonlySet<string>): Promise<void> {
    const { store } = this.#parts;
    const known = new Map<string, Set<string>>();
    for (const doc of docs) known.set(doc.id, new Set([...(known.get(doc.id) ?? []), ...revisionsOf(doc)]));
    await this.#change(async ({ arriving }) => {
      const ids = [...known.keys()];
      const rows = await this.#read(ids);
      const refused = (await store.refused.toArray()).filter(({ id, revs }) => revs.some((rev) => known.get(id)?.has(rev)));
      const released = new Set(refused.map(({ id }) => id));
      const edited: HeldRow[] = [];
      const unlike = new Map<string, readonly string[]>();
      ids.forEach((id, at) => {
        const row = rows[at];
        const leaves = docs.filter((doc) => doc.id === id).map(({ rev }) => rev);
        if (released.has(id) || (arrived.size > 0 && !leaves.every((rev) => words(row?.leaves).includes(rev)))) unlike.set(id, leaves);
        else if (row?.atSchool !== undefined)
          edited.push(settled({ ...row, atSchool: [...new Set([...words(row.atSchool), ...leaves])].join(' ') }));
      });
      const remaining = refused.map((row) => ({ ...row, revs: row.revs.filter((rev) => !known.get(row.id)?.has(rev)) }));
      for (const id of unlike.keys()) {
        const others = remaining.filter((row) => row.id === id).flatMap(({ revs }) => revs);
        const leaves = leavesWithout(await this.#branches(id), new Set(others));
        const row = rows[ids.indexOf(id)];
        const atSchool = [...schoolHas(row), ...(unlike.get(id) ?? [])];
        const author = row?.author ?? (row?.from === undefined ? authorFromId(id) : null) ?? undefined;
        edited.push(
          settled({
            database: this.#name,
            id,
            leaves: leaves.join(' '),
            ...(author === undefined ? {} : { author, atSchool: atSchool.join(' ') }),
            ...(row?.from === undefined ? {} : { from: row.from, atSchool: atSchool.join(' ') }),
          }),
        );
      }
      const ledger = arrived.size === 0 ? {} : { arriving: arriving.filter((name) => !arrived.has(name)) };
      return {
        rows: edited,
        refused: remaining.filter(({ revs }) => revs.length > 0),
        released: remaining.filter(({ revs }) => revs.length === 0),
        ledger,
      };
    });
  }

  /** Notes that a class laptop has these leaves: beside what is noted of work that the school does not have. */
  async #atHub(hub: string, docs: readonly KnownLeaf[], arrived: ReadonlySet<string>): Promise<void> {
    await this.#change(async ({ arriving }) => {
      const known = new Map<string, string[]>();
      for (const { id, rev } of docs) known.set(id, [...(known.get(id) ?? []), rev]);
      const rows = await this.#read([...known.keys()]);
      return {
        rows: rows.flatMap((row) => (row?.author === undefined ? [] : [withHub(row, hub, known.get(row.id) ?? [])])),
        ledger: arrived.size === 0 ? {} : { arriving: arriving.filter((name) => !arrived.has(name)) },
      };
    });
  }

  /** The rows of documents whose leaves are these. */
  async #rowsWith(leavesById: ReadonlyMap<string, readonly string[]>, arriving: readonly string[]): Promise<HeldRow[]> {
    const ids = [...leavesById.keys()];
    const [rows, refused] = await Promise.all([this.#read(ids), this.#parts.store.refused.toArray()]);
    const announced = new Set(arriving);
    const hubs = new Map(arriving.flatMap((name) => (words(name).length === 3 ? [splitAnnounced(name)] : [])));
    const unknown: { readonly row: HeldRow; readonly atSchool: readonly string[] }[] = [];
    const next: HeldRow[] = [];
    for (const [at, id] of ids.entries()) {
      const before = rows[at];
      const left = new Set(refused.filter((row) => row.id === id).flatMap(({ revs }) => revs));
      const all = leavesById.get(id) ?? [];
      const leaves = left.size === 0 ? all : leavesWithout(await this.#branches(id), left);
      const arrived = leaves.filter((rev) => announced.has(leafName({ id, rev })));
      const row: HeldRow = { database: this.#name, id, leaves: [...leaves].sort().join(' ') };
      const known = [...new Set([...schoolHas(before), ...arrived])];
      const fresh = without(leaves, known);
      const sentBy = fresh.map(
        (rev) => hubs.get(leafName({ id, rev })) ?? (words(before?.leaves).includes(rev) ? before?.from : undefined),
      );
      if (fresh.length === 0) next.push(row);
      else if (before?.author !== undefined) next.push({ ...before, ...row, atSchool: known.join(' ') });
      // Of all that is new here a class laptop is known to be the source.
      else if (!sentBy.includes(undefined)) next.push({ ...row, atSchool: known.join(' '), from: sentBy[0] ?? '' });
      else unknown.push({ row, atSchool: known });
    }
    const authors = await this.#authors(unknown.map(({ row }) => row.id));
    for (const { row, atSchool } of unknown) {
      const author = authors.get(row.id) ?? null;
      next.push(author === null ? row : { ...row, author, atSchool: atSchool.join(' ') });
    }
    return next;
  }

  async #authors(ids: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    const person = this.#parts.person();
    const authors = new Map(ids.map((id) => [id, authorFromId(id)]));
    const keys = ids.filter((id) => authors.get(id) === null);
    if (keys.length === 0) return this.#onlyTheirs(person, authors);
    const { rows } = await this.database.use((pouch) => pouch.allDocs<Record<string, unknown>>({ keys, include_docs: true }));
    for (const row of rows) {
      if (!('doc' in row)) continue;
      // What is deleted names nobody: whoever is in has just done it.
      authors.set(row.id, row.doc == null ? person.id : authorOf(row.doc, person));
    }
    return this.#onlyTheirs(person, authors);
  }

  /** In a person's own database nobody else has written: what is another's there came from the school, whatever became of the ledger. */
  #onlyTheirs(person: Person, authors: ReadonlyMap<string, string | null>): ReadonlyMap<string, string | null> {
    if (this.#name !== ownDatabaseName(person.id)) return authors;
    return new Map([...authors].map(([id, author]) => [id, author === person.id ? author : null]));
  }

  /** All leaves of a document, refused ones too, with what they descend from. */
  async #branches(id: string): Promise<Branch[]> {
    return this.database.use((pouch) => branchesOf(pouch, id));
  }

  #read(ids: readonly string[]): Promise<(HeldRow | undefined)[]> {
    return this.#parts.store.held.bulkGet(ids.map((id): [string, string] => [this.#name, id]));
  }

  async #change(edit: (ledger: LedgerRow) => Promise<Edit>): Promise<void> {
    for (;;) {
      const ledger = await this.#opened();
      if (await this.#commit(ledger, await edit(ledger))) return;
    }
  }

  /** False: somebody else changed the ledger since it was read, and nothing was done. */
  #commit(read: LedgerRow, { rows = [], removed = [], ledger = {}, refused = [], released = [] }: Edit): Promise<boolean> {
    const { store } = this.#parts;
    return store.transaction('rw', store.held, store.digests, store.ledgers, store.refused, async () => {
      const now = await store.ledgers.get(this.#name);
      if (now?.instance !== read.instance || now.version !== read.version) return false;
      const after = new Map<string, HeldRow | null>([
        ...rows.map((row) => [row.id, row] as const),
        ...removed.map((id) => [id, null] as const),
      ]);
      await this.#count(after);
      await store.held.bulkPut([...rows]);
      await store.held.bulkDelete(removed.map((id): [string, string] => [this.#name, id]));
      for (const partition of new Set(removed.map(partitionOf))) {
        if ((await this.#rowsOf(partition).count()) === 0) await store.digests.delete([this.#name, partition]);
      }
      await store.refused.bulkPut([...refused]);
      await store.refused.bulkDelete(released.map(({ accountId, id }): [string, string] => [accountId, id]));
      await store.ledgers.put({ ...now, ...ledger, version: now.version + 1 });
      return true;
    });
  }

  /** Brings the digests to what the rows are going to be. */
  async #count(after: ReadonlyMap<string, HeldRow | null>): Promise<void> {
    const { store } = this.#parts;
    const ids = [...after.keys()];
    const before = await this.#read(ids);
    const partitions = [...new Set(ids.map(partitionOf))];
    const keys = partitions.map((partition): [string, string] => [this.#name, partition]);
    const digests = new Map(
      (await store.digests.bulkGet(keys)).map((row, at) => [partitions[at], row ?? { a: 0, b: 0, count: 0 }] as const),
    );
    ids.forEach((id, at) => {
      const partition = partitionOf(id);
      const digest = digests.get(partition) ?? { a: 0, b: 0, count: 0 };
      digests.set(partition, afterChange(digest, id, counted(before[at]), counted(after.get(id))));
    });
    await store.digests.bulkPut(
      partitions.map((partition) => {
        const { a, b, count } = digests.get(partition) ?? { a: 0, b: 0, count: 0 };
        return { database: this.#name, partition, a, b, count };
      }),
    );
  }
}

/** Forgets what was noted of a local database: it will be read anew. With `next`, a ledger of the database as it is now begins. */
export async function forgetLedger(store: DeviceStore, database: string, next?: Pick<LedgerRow, 'instance' | 'version'>): Promise<void> {
  await store.transaction('rw', store.held, store.digests, store.ledgers, async () => {
    await store.held.where('[database+id]').between([database, ''], [database, '\uffff']).delete();
    await store.digests.where('database').equals(database).delete();
    if (next === undefined) await store.ledgers.delete(database);
    else await store.ledgers.put({ database, ...next, seq: 0, arriving: [], removing: null });
  });
}

function counted(row: HeldRow | null | undefined): readonly string[] | null {
  const leaves = words(row?.leaves);
  return leaves.length === 0 ? null : leaves;
}

/** The revisions that the school is known to have. */
function schoolHas(row: HeldRow | undefined): string[] {
  return words(row?.atSchool ?? row?.leaves);
}

function newLeaves({ leaves, atSchool }: HeldRow): string[] {
  return without(words(leaves), words(atSchool));
}

function without(revs: readonly string[], known: readonly string[]): string[] {
  return revs.filter((rev) => !known.includes(rev));
}

function withHub(row: HeldRow, hub: string, revs: readonly string[]): HeldRow {
  const atHubs = { ...row.atHubs, [hub]: [...new Set([...words(row.atHubs?.[hub]), ...revs])].join(' ') };
  return { ...row, atHubs };
}

/** An announced leaf of a class laptop: the leaf's own name, and the laptop. */
function splitAnnounced(name: string): readonly [leaf: string, hub: string] {
  const at = name.lastIndexOf(' ');
  return [name.slice(0, at), name.slice(at + 1)];
}

/** Whether a class laptop has every leaf that the school is not known to have: which one. */
export function hubWith(row: HeldRow): string | null {
  if (row.from !== undefined) return row.from;
  const fresh = newLeaves(row);
  const found = Object.entries(row.atHubs ?? {}).find(([, revs]) => without(fresh, words(revs)).length === 0);
  return found?.[0] ?? null;
}

/** Whether somebody of this device has written what the school does not have. */
function hasWork(row: HeldRow | undefined): boolean {
  return row?.author !== undefined && newLeaves(row).length > 0;
}

/** A row without what it need not say once the school has everything. */
function settled(row: HeldRow): HeldRow {
  return newLeaves(row).length === 0 ? bare(row) : row;
}

function bare({ database, id, leaves }: HeldRow): HeldRow {
  return { database, id, leaves };
}

function idOf(pouch: PouchDB.Database): Promise<string> {
  // PouchDB's types leave out the id of a database.
  return (pouch as PouchDB.Database & { id(): Promise<string> }).id();
}

async function branchesOf(pouch: PouchDB.Database, id: string): Promise<Branch[]> {
  let opened: readonly { readonly ok?: { readonly _rev: string; readonly _revisions?: { readonly ids: readonly string[] } } }[];
  try {
    // Its types do not know that several leaves come in one answer.
    opened = (await pouch.get(id, { open_revs: 'all', revs: true })) as unknown as typeof opened;
  } catch (error) {
    if (hasStatus(error, 404)) return [];
    throw error;
  }
  return opened.flatMap(({ ok }) => (ok === undefined ? [] : [{ rev: ok._rev, ancestors: ok._revisions?.ids.slice(1) ?? [] }]));
}
