import { ERASED } from '@darasa/shared/documents';
import { couchDocumentSchema, fromCouch } from '@darasa/shared/sync';
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

  /** Sends a refused document once more, as it is now. */
  async retry(id: string, remote: Pouch): Promise<Outcome> {
    const row = await this.#store.refused.get([this.#accountId, id]);
    if (row === undefined) return failed('not-found', id);
    const doc = await this.#newest(row);
    let answers: readonly unknown[];
    try {
      answers = await remote.bulkDocs([doc], { new_edits: false });
    } catch (error) {
      return failed('unreachable', error instanceof Error ? error.message : String(error));
    }
    // With new_edits=false only what failed is answered.
    const refusal = answers.find((answer) => typeof answer === 'object' && answer !== null && 'error' in answer);
    if (refusal === undefined) {
      await this.#storage.sent([fromCouch(v.parse(couchDocumentSchema, doc))]);
      return done();
    }
    const reason = reasonOf(refusal);
    if (reason === ERASED) await this.#storage.refused([{ id, rev: String(doc['_rev']), error: 'forbidden', reason }]);
    else await this.#store.refused.update([this.#accountId, id], { reason, at: instantOf(this.#environment) });
    return failed('not-allowed', reason);
  }

  /** The document as it is now, or the copy where the device does not hold it any more. */
  async #newest({ id, doc }: RefusedRow): Promise<Readonly<Record<string, unknown>>> {
    try {
      return await this.#storage.databaseOf(id).use((pouch) => pouch.get<Record<string, unknown>>(id, { revs: true, attachments: true }));
    } catch (error) {
      if (hasStatus(error, 404)) return doc;
      throw error;
    }
  }
}

/** The words of whoever refused a document. */
export function reasonOf(refusal: unknown): string {
  if (typeof refusal !== 'object' || refusal === null) return String(refusal);
  const { reason, message, name } = refusal as { reason?: unknown; message?: unknown; name?: unknown }; // CouchDB’s members
  return [reason, message, name].find((each): each is string => typeof each === 'string' && each !== '') ?? 'refused';
}
