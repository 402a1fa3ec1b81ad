import { ERASED } from '@darasa/shared/documents';
import { type CouchDocument, couchDocumentSchema, fromCouch, revisionsOf } from '@darasa/shared/sync';
import * as v from 'valibot';
import type { Outcome } from './api.ts';
import type { DeviceStore, RefusedRow } from './device-store.ts';
import { type Environment, instantOf } from './environment.ts';
import type { ExchangeStorage } from './exchange-storage.ts';
import { hasStatus, type Pouch } from './local-database.ts';
import { done, failed } from './write.ts';

/**
 * What the school refused. The document stays where it is, counts in no digest and is not sent again by itself; a copy stands in the
 * quarantine with the reason, and the person may have it tried again.
 */
export class Refusals {
  readonly #environment: Pick<Environment, 'now'>;
  readonly #store: DeviceStore;
  readonly #storage: ExchangeStorage;
  readonly #accountId: string;

  constructor(environment: Pick<Environment, 'now'>, store: DeviceStore, storage: ExchangeStorage, accountId: string) {
    this.#environment = environment;
    this.#store = store;
    this.#storage = storage;
    this.#accountId = accountId;
  }

  /** Sends a refused revision once more, with what was written upon it since. */
  async retry(id: string, remote: Pouch): Promise<Outcome> {
    const row = await this.#store.refused.get([this.#accountId, id]);
    if (row === undefined) return failed('not-found', id);
    const docs = await this.#branchesOf(row);
    let answers: readonly unknown[];
    try {
      answers = await remote.bulkDocs([...docs], { new_edits: false });
    } catch (error) {
      return failed('unreachable', error instanceof Error ? error.message : String(error));
    }
    // With new_edits=false only what failed is answered.
    const refusal = answers.find((answer) => typeof answer === 'object' && answer !== null && 'error' in answer);
    if (refusal === undefined) {
      await this.#storage.sent(docs.map((doc) => fromCouch(v.parse(couchDocumentSchema, doc))));
      return done();
    }
    const reason = reasonOf(refusal);
    if (reason === ERASED) await this.#storage.refused([{ id, rev: row.rev, error: 'forbidden', reason }]);
    else await this.#store.refused.update([this.#accountId, id], { reason, at: instantOf(this.#environment) });
    return failed('not-allowed', reason);
  }

  /** The leaves that descend from what was refused, whichever wins; the copy where the device does not hold it any more. */
  async #branchesOf({ id, revs, doc }: RefusedRow): Promise<readonly CouchDocument[]> {
    const leaves = await this.#storage.databaseOf(id).use((pouch) => leavesOf(pouch, id));
    const refused = leaves.filter((leaf) => revisionsOf(fromCouch(leaf)).some((rev) => revs.includes(rev)));
    return refused.length > 0 ? refused : [v.parse(couchDocumentSchema, doc)];
  }
}

const openedSchema = v.array(v.looseObject({ ok: v.optional(couchDocumentSchema) }));

async function leavesOf(pouch: Pouch, id: string): Promise<readonly CouchDocument[]> {
  try {
    // PouchDB's types do not know that attachments may come with several revisions.
    const options: PouchDB.Core.GetOpenRevisions & { attachments: true } = { open_revs: 'all', revs: true, attachments: true };
    const answer: unknown = await pouch.get(id, options);
    return v.parse(openedSchema, answer).flatMap(({ ok }) => ok ?? []);
  } catch (error) {
    if (hasStatus(error, 404)) return [];
    throw error;
  }
}

/** The words of whoever refused a document. */
export function reasonOf(refusal: unknown): string {
  if (typeof refusal !== 'object' || refusal === null) return String(refusal);
  const { reason, message, name } = refusal as { reason?: unknown; message?: unknown; name?: unknown }; // CouchDB’s members
  return [reason, message, name].find((each): each is string => typeof each === 'string' && each !== '') ?? 'refused';
}
