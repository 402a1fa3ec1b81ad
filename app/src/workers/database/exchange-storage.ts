import { ERASED, partitionOf } from '@darasa/shared/documents';
import { scopeOf } from '@darasa/shared/protocol';
import { partitionReader } from '@darasa/shared/rules';
import {
  type CouchDocument,
  couchDocumentSchema,
  type DeviceStorage,
  type Digest,
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
import { Asides, digestsWith, documentsWith } from './asides.ts';
import type { AccountRow, DeviceStore, HeldRow } from './device-store.ts';
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
  /** The class laptop that it meets, by its id; null is the school. */
  readonly hub: string | null;
  /** What is sent, unsent or refused changed. */
  readonly onChange: () => void;
}

const openedSchema = v.array(v.looseObject({ ok: v.optional(couchDocumentSchema) }));

/**
 * One person's documents on this device, as an exchange with one place meets them: their own database, and their part of the shared
 * content. To a class laptop the school's word is not the laptop's to give: it takes nothing away and refuses nothing for good (rule L5).
 */
export class ExchangeStorage implements DeviceStorage {
  readonly #parts: ExchangeStorageParts;
  readonly #asides: Asides;

  constructor(parts: ExchangeStorageParts) {
    this.#parts = parts;
    this.#asides = new Asides(parts.store, parts.account().accountId, parts.hub ?? 'school');
  }

  async position(): Promise<Position | null> {
    return (await this.#parts.store.positions.get(this.#positionKey)) ?? null;
  }

  async remember({ cursor, partitions, kinds }: Position): Promise<void> {
    await this.#parts.store.positions.put({ accountId: this.#positionKey, cursor, partitions, kinds });
  }

  async digests(): Promise<readonly (readonly [partitionId: string, digest: Digest])[]> {
    const digests = (await Promise.all(this.#ledgers.map((ledger) => ledger.digests()))).flat();
    const asides = await this.#asides.all();
    return digestsWith(asides, await this.#rowsOf([...asides.keys()]), digests);
  }

  async documents(partitionId: string): Promise<readonly HeldDocument[]> {
    const documents = (await this.#ledgerOf(partitionId)?.documents(partitionId)) ?? [];
    return documentsWith(await this.#asides.all(), documents);
  }

  /** What the place lacks a leaf of, with these leaves. */
  async waiting(): Promise<readonly HeldDocument[]> {
    return (await Promise.all(this.#ledgers.map((ledger) => this.#waitingIn(ledger)))).flat();
  }

  async #waitingIn(ledger: Ledger): Promise<HeldDocument[]> {
    const { hub } = this.#parts;
    const waiting = (await ledger.unsent(this.#accountId, hub)).filter(([, leaves]) => leaves.length > 0);
    if (hub === null) return waiting;
    const asides = await this.#asides.all();
    const wanted = [...asides.values()].filter(({ id, kind }) => kind === 'send' && this.#ledgerOf(partitionOf(id)) === ledger);
    const rows = await ledger.rowsOf([...wanted.map(({ id }) => id), ...waiting.map(([id]) => id)]);
    const leavesOf = new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.id, row.leaves] as const])));
    return [
      // What the laptop would not take is offered again when it has changed.
      ...waiting.filter(([id]) => asides.get(id)?.kind !== 'refused' || asides.get(id)?.ours !== leavesOf.get(id)),
      ...wanted.flatMap(({ id }): HeldDocument[] => [[id, leavesOf.get(id)?.split(' ') ?? []]]),
    ];
  }

  async unsent({ docs, bytes }: PushLimits): Promise<readonly ExchangeDocument[]> {
    const found: ExchangeDocument[] = [];
    let size = 0;
    for (const ledger of this.#ledgers) {
      const waiting = await this.#waitingIn(ledger);
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
    const { hub, store, own } = this.#parts;
    if (hub === null) {
      await this.#each(docs, (ledger, part) => ledger.acknowledge(part));
      // What was proved before is not proved of this.
      await store.changeMark(own.database.name, { provedAt: null });
    } else {
      await this.#each(docs, (ledger, part) => ledger.acknowledgeAtHub(hub, part));
      await this.#asides.forget(docs.map(({ id }) => id));
    }
    this.#parts.onChange();
  }

  async refused(documents: readonly RefusedDocument[]): Promise<void> {
    if (this.#parts.hub !== null) {
      const rows = await this.#rowsOf(documents.map(({ id }) => id));
      await this.#asides.put(
        'refused',
        rows.map(({ id, leaves }) => ({ id, theirs: '', ours: leaves })),
      );
      this.#parts.onChange();
      return;
    }
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
    await this.#each(docs, (ledger, part) => ledger.receive(part, this.#parts.hub));
    await this.#heardOf(docs);
  }

  /** The place has told in which form it has these. */
  async #heardOf(docs: readonly ExchangeDocument[]): Promise<void> {
    const asides = await this.#asides.all();
    const ids = [...new Set(docs.map(({ id }) => id))].filter((id) => asides.has(id));
    if (ids.length === 0) return;
    const rows = await this.#rowsOf(ids);
    const theirs = (id: string): string =>
      docs
        .flatMap((doc) => (doc.id === id ? [doc.rev] : []))
        .sort()
        .join(' ');
    await this.#asides.forget(rows.flatMap(({ id, leaves }) => (theirs(id) === leaves ? [id] : [])));
    for (const { id, leaves } of rows) {
      const aside = asides.get(id);
      if (aside !== undefined && theirs(id) !== leaves) await this.#asides.put(aside.kind, [{ ...aside, theirs: theirs(id) }]);
    }
  }

  async drop(partitionIds: readonly string[]): Promise<void> {
    // A laptop keeps some classes alone. What a person may read is the school's to say.
    if (this.#parts.hub !== null) return;
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
    if (this.#parts.hub !== null) return this.#missingAtHub(this.#parts.hub, documents);
    await this.#each(
      documents.map(([id]) => ({ id })),
      async (ledger, part) => {
        const ids = part.map(({ id }) => id);
        const [writable, unsent] = [await this.#writable(ledger, ids), new Set((await ledger.unsent(this.#accountId)).map(([id]) => id))];
        await ledger.unacknowledge(ids.filter((id) => writable.has(id)).map((id) => [id, this.#accountId] as const));
        const others = ids.filter((id) => !writable.has(id));
        const fromHubs = (await ledger.rowsOf(others)).filter((row) => row?.from !== undefined).map((row) => row?.id ?? '');
        await this.#keepAside(fromHubs);
        // Work that was never acknowledged waits for the school's own word; what a laptop wrote comes to the school by the laptop.
        await ledger.remove(others.filter((id) => !unsent.has(id) && !fromHubs.includes(id)));
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

  /** A class laptop lacks these in this form. */
  async #missingAtHub(hub: string, documents: readonly HeldDocument[]): Promise<void> {
    await this.#each(
      documents.map(([id]) => ({ id })),
      async (ledger, part) => {
        const ids = part.map(({ id }) => id);
        const [writable, asides, rows] = [await this.#writable(ledger, ids), await this.#asides.all(), await ledger.rowsOf(ids)];
        const refused = new Set(ids.filter((id) => asides.get(id)?.kind === 'refused'));
        const authored = rows.filter((row) => row?.author !== undefined && !refused.has(row.id)).map((row) => row?.id ?? '');
        await ledger.forgetAtHub(hub, authored);
        const others = rows.flatMap((row) => (row === undefined || authored.includes(row.id) ? [] : [row]));
        const send = others.filter(({ id }) => writable.has(id) && !refused.has(id));
        await this.#asides.put(
          'send',
          send.map(({ id, leaves }) => ({ id, theirs: '', ours: leaves })),
        );
        // What it sent itself and has no more was erased, or it came back from an older backup: its writers have theirs.
        const gone = others.filter(({ id, from }) => from === hub && !send.some((each) => each.id === id)).map(({ id }) => id);
        await ledger.remove(gone);
        await this.#keepAside(others.map(({ id }) => id).filter((id) => !gone.includes(id) && !send.some((each) => each.id === id)));
      },
    );
    this.#parts.onChange();
  }

  async #keepAside(ids: readonly string[]): Promise<void> {
    const asides = await this.#asides.all();
    for (const id of ids) {
      const { kind, ours } = asides.get(id) ?? { kind: 'kept', ours: '' };
      await this.#asides.put(kind === 'refused' ? kind : 'kept', [{ id, theirs: '', ours }]);
    }
  }

  /** It was proved that the place holds the same: the school has what it was not known to have, save what was put aside. */
  async proved(): Promise<void> {
    const position = await this.position();
    if (this.#parts.hub !== null || position === null) return;
    const asides = await this.#asides.all();
    for (const ledger of this.#ledgers) {
      const ids = (await ledger.fromHubs()).map(({ id }) => id);
      await ledger.settle(ids.filter((id) => !asides.has(id) && isOwn(position, partitionOf(id))));
    }
  }

  /** The database that has this document, if the device has it. */
  databaseOf(id: string): LocalDatabase {
    return (this.#ledgerOf(partitionOf(id)) ?? this.#parts.own).database;
  }

  get #accountId(): string {
    return this.#parts.account().accountId;
  }

  get #positionKey(): string {
    return positionKey(this.#accountId, this.#parts.content !== null, this.#parts.hub);
  }

  async #rowsOf(ids: readonly string[]): Promise<HeldRow[]> {
    const rows: HeldRow[] = [];
    await this.#each(
      ids.map((id) => ({ id })),
      async (ledger, part) => {
        rows.push(...(await ledger.rowsOf(part.map(({ id }) => id))).filter((row) => row !== undefined));
      },
    );
    return rows;
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

/** An exchange about everything and one about one's own documents stand at positions of their own; so do those with each class laptop. */
export function positionKey(accountId: string, everything: boolean, hub: string | null): string {
  return `${accountId}${everything ? '' : ' own'}${hub === null ? '' : ` at ${hub}`}`;
}

/** The courses that every member may read, as far as this device knows. */
async function openCourses(database: LocalDatabase): Promise<ReadonlySet<string>> {
  const prefix = 'public:course:';
  const { rows } = await database.use((pouch) =>
    pouch.allDocs<{ open?: boolean; courseId?: string }>({ startkey: prefix, endkey: `${prefix}\uffff`, include_docs: true }),
  );
  return new Set(rows.flatMap(({ doc }) => (doc?.open === true && doc.courseId !== undefined ? [doc.courseId] : [])));
}

/** Leaves of a document, with their histories and attachments. */
export async function readLeaves(database: LocalDatabase, id: string, revs: readonly string[]): Promise<ExchangeDocument[]> {
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
