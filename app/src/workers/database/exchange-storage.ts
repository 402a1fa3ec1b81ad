import { ERASED, partitionOf } from '@darasa/shared/documents';
import { scopeOf } from '@darasa/shared/protocol';
import { partitionReader } from '@darasa/shared/rules';
import {
  type CouchDocument,
  couchDocumentSchema,
  type DeviceStorage,
  type ExchangeDocument,
  fromCouch,
  type HeldDocument,
  isOwn,
  type Position,
  type PushLimits,
  type RefusedDocument,
  rankOf,
} from '@darasa/shared/sync';
import * as v from 'valibot';
import type { AccountRow, DeviceStore } from './device-store.ts';
import { type Environment, instantOf } from './environment.ts';
import type { Ledger } from './ledger.ts';
import { hasStatus, type LocalDatabase } from './local-database.ts';
import { authorFromId, authorOf } from './own-work.ts';
import { personOf } from './session.ts';

export interface ExchangeStorageParts {
  readonly environment: Pick<Environment, 'now'>;
  readonly store: DeviceStore;
  readonly account: () => AccountRow;
  readonly own: Ledger;
  /** Null where an exchange is about a person's own documents alone. */
  readonly content: Ledger | null;
  /** What is sent, unsent or refused changed. */
  readonly onChange: () => void;
}

const openedSchema = v.array(v.looseObject({ ok: v.optional(couchDocumentSchema) }));

/** One person's documents on this device, as an exchange meets them: their own database, and their part of the shared content. */
export class ExchangeStorage implements DeviceStorage {
  readonly #parts: ExchangeStorageParts;

  constructor(parts: ExchangeStorageParts) {
    this.#parts = parts;
  }

  async position(): Promise<Position | null> {
    return (await this.#parts.store.positions.get(positionKey(this.#accountId, this.#parts.content !== null))) ?? null;
  }

  async remember({ cursor, partitions, kinds }: Position): Promise<void> {
    const accountId = positionKey(this.#accountId, this.#parts.content !== null);
    await this.#parts.store.positions.put({ accountId, cursor, partitions, kinds });
  }

  async digests(): ReturnType<Ledger['digests']> {
    return (await Promise.all(this.#ledgers.map((ledger) => ledger.digests()))).flat();
  }

  documents(partitionId: string): Promise<readonly HeldDocument[]> {
    return this.#ledgerOf(partitionId)?.documents(partitionId) ?? Promise.resolve([]);
  }

  /** What the school lacks a leaf of, with these leaves. */
  async waiting(): Promise<readonly HeldDocument[]> {
    const waiting = await Promise.all(this.#ledgers.map((ledger) => ledger.unsent(this.#accountId)));
    return waiting.flat().filter(([, leaves]) => leaves.length > 0);
  }

  async unsent({ docs, bytes }: PushLimits): Promise<readonly ExchangeDocument[]> {
    const found: ExchangeDocument[] = [];
    let size = 0;
    for (const ledger of this.#ledgers) {
      const waiting = await ledger.unsent(this.#accountId);
      waiting.sort(([one], [other]) => rankOf(one) - rankOf(other));
      for (const [id, leaves] of waiting) {
        for (const doc of await readLeaves(ledger.database, id, leaves)) {
          size += JSON.stringify(doc.body).length;
          if (found.length > 0 && (found.length >= docs || size > bytes)) return found;
          found.push(doc);
        }
      }
    }
    return found;
  }

  async sent(docs: readonly ExchangeDocument[]): Promise<void> {
    if (docs.length === 0) return;
    await this.#each(docs, (ledger, part) => ledger.acknowledge(part));
    this.#parts.onChange();
  }

  async refused(documents: readonly RefusedDocument[]): Promise<void> {
    const position = await this.position();
    for (const { id, rev, reason } of documents) {
      const partition = partitionOf(id);
      const ledger = this.#ledgerOf(partition);
      if (reason === ERASED) {
        await ledger?.remove([id], true);
        continue;
      }
      const at = instantOf(this.#parts.environment);
      const kept = await ledger?.refuse({ accountId: this.#accountId, id, rev, reason, at });
      // The copy in quarantine is all that stays of a partition that is not theirs any more.
      if (kept === true && position !== null && !isOwn(position, partition)) await this.drop([partition]);
    }
    this.#parts.onChange();
  }

  async apply(docs: readonly ExchangeDocument[]): Promise<void> {
    await this.#each(docs, (ledger, part) => ledger.receive(part));
  }

  async drop(partitionIds: readonly string[]): Promise<void> {
    const mayKeep = await this.#othersMayRead();
    for (const partitionId of partitionIds) {
      if (mayKeep(partitionId)) continue;
      const ledger = this.#ledgerOf(partitionId);
      const rows = (await ledger?.rows(partitionId)) ?? [];
      await ledger?.remove(rows.filter(({ author }) => author === undefined).map(({ id }) => id));
    }
  }

  /** The person leaves this device: what came from the school is removed, save what others here may read. */
  async dropAll(): Promise<void> {
    await this.drop((await this.digests()).map(([partitionId]) => partitionId));
  }

  async missingAtSchool(documents: readonly HeldDocument[]): Promise<void> {
    await this.#each(
      documents.map(([id]) => ({ id })),
      async (ledger, part) => {
        const ids = part.map(({ id }) => id);
        const [writable, unsent] = [await this.#writable(ledger, ids), new Set((await ledger.unsent(this.#accountId)).map(([id]) => id))];
        await ledger.unacknowledge(ids.filter((id) => writable.has(id)).map((id) => [id, this.#accountId] as const));
        // Work that was never acknowledged waits for the school's own word.
        await ledger.remove(ids.filter((id) => !writable.has(id) && !unsent.has(id)));
      },
    );
    this.#parts.onChange();
  }

  /** Notes what was written since it was last asked. */
  async catchUp(): Promise<void> {
    await Promise.all(this.#ledgers.map((ledger) => ledger.catchUp()));
  }

  /** Another text whenever what is noted has changed. May be asked within a transaction about the ledgers. */
  async version(): Promise<string> {
    const rows = await this.#parts.store.ledgers.bulkGet(this.#ledgers.map(({ database }) => database.name));
    return rows.map((row) => `${row?.instance ?? ''} ${row?.version ?? ''}`).join('; ');
  }

  /** The database that has this document, if the device has it. */
  databaseOf(id: string): LocalDatabase {
    return (this.#ledgerOf(partitionOf(id)) ?? this.#parts.own).database;
  }

  get #accountId(): string {
    return this.#parts.account().accountId;
  }

  get #ledgers(): readonly Ledger[] {
    const { own, content } = this.#parts;
    return content === null ? [own] : [own, content];
  }

  #ledgerOf(partitionId: string): Ledger | null {
    return scopeOf(partitionId) === 'content' ? this.#parts.content : this.#parts.own;
  }

  async #each<Named extends { readonly id: string }>(
    all: readonly Named[],
    work: (ledger: Ledger, part: readonly Named[]) => Promise<void>,
  ): Promise<void> {
    for (const ledger of this.#ledgers) {
      const part = all.filter(({ id }) => this.#ledgerOf(partitionOf(id)) === ledger);
      if (part.length > 0) await work(ledger, part);
    }
  }

  /** Content stays for whoever else uses this device and may read it. */
  async #othersMayRead(): Promise<(partitionId: string) => boolean> {
    const { store, account, content } = this.#parts;
    const { accountId, school } = account();
    const others = (await store.accounts.toArray()).filter((each) => each.school === school && each.accountId !== accountId);
    if (others.length === 0 || content === null) return () => false;
    const open = await openCourses(content.database);
    const readers = others.map((each) => partitionReader(personOf(each), open));
    return (partitionId) => scopeOf(partitionId) === 'content' && readers.some((mayRead) => mayRead(partitionId));
  }

  /** Of these documents the ones that this person may write, so that the school can have them again. */
  async #writable(ledger: Ledger, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const person = personOf(this.#parts.account());
    const { rows } = await ledger.database.use((pouch) => pouch.allDocs<Record<string, unknown>>({ keys: [...ids], include_docs: true }));
    const own = ids.filter((id) => authorFromId(id) === person.id);
    for (const row of rows) if ('doc' in row && row.doc != null && authorOf(row.doc, person) === person.id) own.push(row.id);
    return new Set(own);
  }
}

/** An exchange about everything and one about one's own documents stand at places of their own. */
export function positionKey(accountId: string, everything: boolean): string {
  return everything ? accountId : `${accountId} own`;
}

/** The courses that every member may read, as far as this device knows. */
async function openCourses(database: LocalDatabase): Promise<ReadonlySet<string>> {
  const prefix = 'public:course:';
  const { rows } = await database.use((pouch) =>
    pouch.allDocs<{ open?: boolean; courseId?: string }>({ startkey: prefix, endkey: `${prefix}\uffff`, include_docs: true }),
  );
  return new Set(rows.flatMap(({ doc }) => (doc?.open === true && doc.courseId !== undefined ? [doc.courseId] : [])));
}

async function readLeaves(database: LocalDatabase, id: string, revs: readonly string[]): Promise<ExchangeDocument[]> {
  if (revs.length === 0) return [];
  try {
    // PouchDB's types do not know that attachments may come with several revisions.
    const options: PouchDB.Core.GetOpenRevisions & { attachments: true } = { open_revs: [...revs], revs: true, attachments: true };
    const answer: unknown = await database.use<unknown>((pouch) => pouch.get(id, options));
    return v.parse(openedSchema, answer).flatMap(({ ok }) => (ok === undefined ? [] : fromCouch(ok satisfies CouchDocument)));
  } catch (error) {
    if (hasStatus(error, 404)) return [];
    throw error;
  }
}
