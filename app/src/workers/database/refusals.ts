import type { Outcome } from './api.ts';
import type { DeviceStore } from './device-store.ts';
import { type Environment, instantOf } from './environment.ts';
import type { LocalDatabase, Pouch } from './local-database.ts';
import { done, failed } from './write.ts';

/** What the school said of a document that it would not take. */
export interface RefusalReport {
  readonly id: string;
  readonly reason: string;
}

/**
 * Keeps what the school refuses. Replication goes on past a refused document and does not send that revision again; the
 * document stays where it is, a copy goes into the quarantine with the reason, and the person may have it tried again.
 */
export class Refusals {
  readonly #environment: Environment;
  readonly #store: DeviceStore;
  readonly #database: LocalDatabase;
  readonly #accountId: string;

  constructor(environment: Environment, store: DeviceStore, database: LocalDatabase, accountId: string) {
    this.#environment = environment;
    this.#store = store;
    this.#database = database;
    this.#accountId = accountId;
  }

  async keep({ id, reason }: RefusalReport): Promise<void> {
    const doc = await this.#database.use((pouch) => pouch.get<Record<string, unknown>>(id));
    await this.#store.refused.put({
      accountId: this.#accountId,
      id,
      rev: doc._rev,
      type: String(doc['type']),
      reason,
      at: instantOf(this.#environment),
      doc,
    });
  }

  /** The school has taken these after all. */
  async release(ids: readonly string[]): Promise<void> {
    await this.#store.refused.bulkDelete(ids.map((id): [string, string] => [this.#accountId, id]));
  }

  /** Sends a refused document once more, as it is now. */
  async retry(id: string, remote: Pouch): Promise<Outcome> {
    if ((await this.#store.refused.get([this.#accountId, id])) === undefined) return failed('not-found', id);
    const doc = await this.#database.use((pouch) => pouch.get<Record<string, unknown>>(id, { revs: true }));
    let answers: readonly unknown[];
    try {
      answers = await remote.bulkDocs([doc], { new_edits: false });
    } catch (error) {
      return failed('unreachable', error instanceof Error ? error.message : String(error));
    }
    // With new_edits=false only what failed is answered.
    const refusal = answers.find((answer) => typeof answer === 'object' && answer !== null && 'error' in answer);
    if (refusal === undefined) {
      await this.release([id]);
      return done();
    }
    const reason = reasonOf(refusal);
    await this.keep({ id, reason });
    return failed('not-allowed', reason);
  }
}

/** The words of whoever refused a document. */
export function reasonOf(refusal: unknown): string {
  if (typeof refusal !== 'object' || refusal === null) return String(refusal);
  const { reason, message, name } = refusal as { reason?: unknown; message?: unknown; name?: unknown }; // CouchDB’s members
  return [reason, message, name].find((each): each is string => typeof each === 'string' && each !== '') ?? 'refused';
}
