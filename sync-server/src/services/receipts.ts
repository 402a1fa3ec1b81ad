import {
  type DocumentOf,
  documentTypes,
  isDocumentType,
  learnerIdOf,
  MAX_RECEIVED,
  newReceipt,
  parseDocId,
} from '@darasa/shared/documents';
import * as v from 'valibot';
import { type CouchClient, CouchRefused } from '../couch/couch-client.ts';
import { writeDocuments } from '../couch/school-documents.ts';
import type { ServerStore } from '../couch/server-store.ts';
import type { AccessTokens } from './access-tokens.ts';
import { type Environment, randomId } from './environment.ts';
import type { FeedPlace } from './feed-services.ts';
import { sealedByDevice } from './sealed-work.ts';

export interface ReceiptParts {
  /** As the server's admin: it asks what has arrived. */
  readonly couch: CouchClient;
  readonly store: ServerStore;
  readonly tokens: Pick<AccessTokens, 'signService'>;
  readonly environment: Environment;
}

export interface HandedIn extends FeedPlace {
  readonly hubId: string;
}

const PREFIX = 'handing-in:';
/** `handing-in:<id>`: a laptop is handing these in; kept until their receipts are written. */
const intentRecord = v.looseObject({
  _id: v.string(),
  _rev: v.string(),
  school: v.string(),
  database: v.string(),
  hubId: v.string(),
  at: v.string(),
  leaves: v.array(v.object({ id: v.string(), rev: v.string() })),
});
type Intent = v.InferOutput<typeof intentRecord>;
type Leaf = Intent['leaves'][number];

const revsDiff = v.record(v.string(), v.looseObject({ missing: v.optional(v.array(v.string()), []) }));
/** What the laptop itself says, and what is said about it. */
const UNRECEIPTED: readonly string[] = ['contact', 'receipt'];

/**
 * Writes down which of a learner's work came by a class laptop's hand, and not with the learner's own token: one receipt for each push and
 * learner. That work is on its way is written before the work is, so that none of it ever stands there unmarked for long, whatever crashes.
 */
export class Receipts {
  readonly #parts: ReceiptParts;

  constructor(parts: ReceiptParts) {
    this.#parts = parts;
  }

  /** Has documents of a laptop written, and gives receipts for those that were taken. */
  async handIn<Outcome>(from: HandedIn, docs: readonly unknown[], write: () => Promise<Outcome>): Promise<Outcome> {
    const leaves = docs.flatMap(leafOf);
    if (leaves.length === 0) return write();
    const { store, environment } = this.#parts;
    const id = PREFIX + randomId(environment);
    const at = new Date(environment.now()).toISOString();
    const { school, database, hubId } = from;
    await store.write({ _id: id, school, database, hubId, at, leaves });
    const outcome = await write();
    const intent = await store.read(intentRecord, id);
    if (intent !== null) await this.#settle(intent);
    return outcome;
  }

  /** Gives the receipts that a server which ended in between still owes. To be given twice does no harm. */
  async settleLeft(): Promise<void> {
    for (const intent of await this.#parts.store.list(intentRecord, PREFIX)) await this.#settle(intent);
  }

  async #settle(intent: Intent): Promise<void> {
    const { couch, store, tokens } = this.#parts;
    const { school, database } = intent;
    const json: Record<string, string[]> = {};
    for (const { id, rev } of intent.leaves) json[id] = [...(json[id] ?? []), rev];
    const missing = await couch.ask(revsDiff, 'POST', `/${database}/_revs_diff`, { json });
    const arrived = intent.leaves.filter(({ id, rev }) => missing[id]?.missing.includes(rev) !== true);
    const receipts = await this.#receiptsFor(intent, arrived);
    if (receipts.length > 0) {
      const results = await writeDocuments(couch, database, receipts, await tokens.signService('receipts', school));
      for (const { error, reason } of results)
        if (error !== undefined && error !== 'conflict')
          throw new CouchRefused('POST _bulk_docs (receipt)', 403, `${error}: ${reason ?? ''}`);
    }
    await store.remove(intent._id, intent._rev);
  }

  async #receiptsFor({ school, database, hubId, at }: Intent, arrived: readonly Leaf[]): Promise<DocumentOf<'receipt'>[]> {
    const receipts: DocumentOf<'receipt'>[] = [];
    for (const learnerId of new Set(arrived.flatMap(({ id }) => learnerIdOf(id) ?? []))) {
      const own = arrived.filter(({ id }) => learnerIdOf(id) === learnerId);
      const ids = own.flatMap(({ id }) => (isWrittenOnce(id) ? [id] : []));
      const states = own.filter(({ id }) => !isWrittenOnce(id));
      const sealed = await sealedByDevice(this.#parts.couch, { school, database }, learnerId, ids);
      const origin = { createdAt: at, deviceId: 'server', learnerId, hubId };
      const kinds = [
        { vouched: 'device' as const, ids: ids.filter((id) => sealed.has(id)), states: [] },
        { vouched: 'hub' as const, ids: ids.filter((id) => !sealed.has(id)), states },
      ];
      for (const kind of kinds) {
        const most = Math.max(kind.ids.length, kind.states.length);
        for (let from = 0; from < most; from += MAX_RECEIVED) {
          const part = { ids: kind.ids.slice(from, from + MAX_RECEIVED), states: kind.states.slice(from, from + MAX_RECEIVED) };
          receipts.push(newReceipt({ ...origin, vouched: kind.vouched, ...part }));
        }
      }
    }
    return receipts;
  }
}

function leafOf(doc: unknown): Leaf[] {
  if (typeof doc !== 'object' || doc === null) return [];
  const { _id: id, _rev: rev }: { readonly _id?: unknown; readonly _rev?: unknown } = doc;
  if (typeof id !== 'string' || typeof rev !== 'string' || learnerIdOf(id) === null) return [];
  return UNRECEIPTED.includes(parseDocId(id)?.type ?? '') ? [] : [{ id, rev }];
}

function isWrittenOnce(id: string): boolean {
  const type = parseDocId(id)?.type ?? '';
  return isDocumentType(type) && documentTypes[type].mutability === 'append-only';
}
