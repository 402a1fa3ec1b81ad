import { parseDocId } from '@darasa/shared/documents';
import type { Place } from './api.ts';
import type { DeviceStore, RefusedRow } from './device-store.ts';
import { hubWith, type Ledger } from './ledger.ts';
import { authorFromId } from './own-work.ts';

/** Where a person's documents are, as far as it is proved. */
export interface ProvedPlaces {
  /** Own documents that nobody else is known to have, by id. */
  readonly unsent: ReadonlyMap<string, UnsentDocument>;
  /** What a class laptop has and the school is not known to have, by id. */
  readonly atLaptop: ReadonlyMap<string, { readonly own: boolean; readonly type: string }>;
  readonly refused: ReadonlyMap<string, RefusedRow>;
}

export interface UnsentDocument {
  readonly id: string;
  readonly type: string;
  readonly createdAt: string;
}

export function placeOf(places: ProvedPlaces, id: string): Place {
  if (places.refused.has(id)) return 'refused';
  if (places.unsent.has(id)) return 'device';
  return places.atLaptop.has(id) ? 'laptop' : 'school';
}

/** Pieces of work that have to be sent. Seals go with the attempts that they are of. Lesson events only repeat, one by one, what progress tells as a whole. */
export function unsentCount(places: ProvedPlaces): number {
  return [...places.unsent.values()].filter(isPiece).length;
}

/** Pieces of the person's own work that a class laptop has and the school is not known to have. */
export function atLaptopCount(places: ProvedPlaces): number {
  return [...places.atLaptop.values()].filter((work) => work.own && isPiece(work)).length;
}

function isPiece({ type }: { readonly type: string }): boolean {
  return type !== 'lesson-event' && type !== 'seal';
}

/** Derives where work is from what the places acknowledged, never from hope: from the ledgers of the person's databases. */
export class WorkPlaces {
  readonly #store: DeviceStore;
  readonly #ledgers: readonly Ledger[];
  readonly #accountId: string;
  #known: Promise<ProvedPlaces> | null = null;

  constructor(store: DeviceStore, ledgers: readonly Ledger[], accountId: string) {
    this.#store = store;
    this.#ledgers = ledgers;
    this.#accountId = accountId;
  }

  /** Something changed: the next question is answered anew. */
  forget(): void {
    this.#known = null;
  }

  current(): Promise<ProvedPlaces> {
    this.#known ??= this.#derive();
    return this.#known;
  }

  async #derive(): Promise<ProvedPlaces> {
    const rows = await this.#store.refused.where('accountId').equals(this.#accountId).toArray();
    const refused = new Map(rows.map((row) => [row.id, row]));
    const unsent = new Map<string, UnsentDocument>();
    const atLaptop = new Map<string, { readonly own: boolean; readonly type: string }>();
    for (const ledger of this.#ledgers) {
      const rows = await ledger.authored(this.#accountId);
      const there = rows.filter((row) => hubWith(row) !== null);
      for (const { id, author } of [...there, ...(await ledger.fromHubs())]) {
        atLaptop.set(id, { own: (author ?? authorFromId(id)) === this.#accountId, type: parseDocId(id)?.type ?? '' });
      }
      const keys = rows.flatMap(({ id }) => (atLaptop.has(id) ? [] : [id]));
      if (keys.length === 0) continue;
      const found = await ledger.database.use((pouch) => pouch.allDocs<Record<string, unknown>>({ keys, include_docs: true }));
      for (const row of found.rows) {
        // What is deleted is nobody's work any more.
        if (!('doc' in row) || row.doc == null) continue;
        unsent.set(row.id, { id: row.id, type: parseDocId(row.id)?.type ?? '', createdAt: String(row.doc['createdAt']) });
      }
    }
    return { unsent, atLaptop, refused };
  }
}
