import { parseDocId } from '@darasa/shared/documents';
import type { Place } from './api.ts';
import type { DeviceStore, RefusedRow } from './device-store.ts';
import type { Ledger } from './ledger.ts';

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

/** Derives where work is from what the school acknowledged, never from hope: from the ledgers of the person's databases. */
export class WorkPlaces {
  readonly #store: DeviceStore;
  readonly #ledgers: readonly Ledger[];
  readonly #accountId: string;
  #known: Promise<Places> | null = null;

  constructor(store: DeviceStore, ledgers: readonly Ledger[], accountId: string) {
    this.#store = store;
    this.#ledgers = ledgers;
    this.#accountId = accountId;
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
    const unsent = new Map<string, UnsentDocument>();
    for (const ledger of this.#ledgers) {
      const keys = (await ledger.unsent(this.#accountId)).map(([id]) => id);
      if (keys.length === 0) continue;
      const found = await ledger.database.use((pouch) => pouch.allDocs<Record<string, unknown>>({ keys, include_docs: true }));
      for (const row of found.rows) {
        // What is deleted is nobody's work any more.
        if (!('doc' in row) || row.doc == null) continue;
        unsent.set(row.id, { id: row.id, type: parseDocId(row.id)?.type ?? '', createdAt: String(row.doc['createdAt']) });
      }
    }
    return { unsent, refused };
  }
}
