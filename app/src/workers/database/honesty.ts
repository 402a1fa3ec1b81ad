import type { Place } from './api.ts';
import type { DeviceStore, RefusedRow } from './device-store.ts';
import type { LocalDatabase } from './local-database.ts';
import { isOwnWork } from './own-work.ts';

/** Where a person's documents are, as far as it is proved. */
export interface Places {
  /** Own documents that nobody else is known to have, by id. */
  readonly unsent: ReadonlyMap<string, UnsentDocument>;
  readonly refused: ReadonlyMap<string, RefusedRow>;
}

export interface UnsentDocument {
  readonly id: string;
  readonly type: string;
  readonly createdAt: string;
}

export function placeOf(places: Places, id: string): Place {
  if (places.refused.has(id)) return 'refused';
  return places.unsent.has(id) ? 'device' : 'school';
}

/** Pieces of work that have to be sent. Lesson events only repeat, one by one, what progress tells as a whole. */
export function unsentCount(places: Places): number {
  return [...places.unsent.values()].filter(({ type }) => type !== 'lesson-event').length;
}

/**
 * Derives where work is from what the school acknowledged, never from hope.
 *
 * Replication reads the local sequence in order, and moves its mark only after the school answered for every revision up
 * to it: it has it, or has just taken it, or refused it, and then it stands in the quarantine. So own work beyond the
 * mark is the device's alone, unless this very revision came from the school.
 */
export class WorkPlaces {
  readonly #store: DeviceStore;
  readonly #database: LocalDatabase;
  readonly #accountId: string;
  readonly #received = new Map<string, string>();
  #known: Promise<Places> | null = null;

  constructor(store: DeviceStore, database: LocalDatabase, accountId: string) {
    this.#store = store;
    this.#database = database;
    this.#accountId = accountId;
  }

  /** The school sent these revisions, so it has them. */
  received(docs: readonly { readonly _id: string; readonly _rev: string }[]): void {
    for (const { _id, _rev } of docs) this.#received.set(_id, _rev);
    this.forget();
  }

  /** Something changed: the next question is answered anew. */
  forget(): void {
    this.#known = null;
  }

  current(): Promise<Places> {
    this.#known ??= this.#derive();
    return this.#known;
  }

  async #derive(): Promise<Places> {
    const rows = await this.#store.refused.where('accountId').equals(this.#accountId).toArray();
    const refused = new Map(rows.map((row) => [row.id, row]));
    const { pushedSeq } = await this.#store.mark(this.#database.name);
    const { results } = await this.#database.use((pouch) =>
      pouch.changes<Record<string, unknown>>({ since: pushedSeq, include_docs: true }),
    );
    const unsent = new Map<string, UnsentDocument>();
    for (const { doc } of results) {
      if (doc === undefined || doc._deleted === true || !isOwnWork(doc, this.#accountId)) continue;
      if (this.#received.get(doc._id) === doc._rev || refused.get(doc._id)?.rev === doc._rev) continue;
      unsent.set(doc._id, { id: doc._id, type: String(doc['type']), createdAt: String(doc['createdAt']) });
    }
    return { unsent, refused };
  }
}
