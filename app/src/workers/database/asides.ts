import { partitionOf } from '@darasa/shared/documents';
import { afterChange, type Digest, EMPTY_DIGEST, type HeldDocument } from '@darasa/shared/sync';
import type { AsideRow, DeviceStore, HeldRow } from './device-store.ts';

/*
 * Two places need not know the same. A class laptop that has not met the school for a week lacks what the school gave this device; the
 * school lacks what the laptop wrote. Such a document is put aside: to that place the device counts it as the place has it,
 * so that the digests say whether everything else agrees, and nothing is removed from the device because one place lacks it (rule L5).
 */

const words = (text: string): string[] => (text === '' ? [] : text.split(' '));

/** What one person's documents on this device are not to one place. */
export class Asides {
  readonly #store: DeviceStore;
  readonly #accountId: string;
  readonly #place: string;

  constructor(store: DeviceStore, accountId: string, place: string) {
    this.#store = store;
    this.#accountId = accountId;
    this.#place = place;
  }

  async all(): Promise<ReadonlyMap<string, AsideRow>> {
    const rows = await this.#store.asides.where('[accountId+place]').equals([this.#accountId, this.#place]).toArray();
    return new Map(rows.map((row) => [row.id, row]));
  }

  async put(kind: AsideRow['kind'], rows: readonly Pick<AsideRow, 'id' | 'theirs' | 'ours'>[]): Promise<void> {
    await this.#store.asides.bulkPut(rows.map((row) => ({ ...row, kind, accountId: this.#accountId, place: this.#place })));
  }

  async forget(ids: readonly string[]): Promise<void> {
    await this.#store.asides.bulkDelete(ids.map((id): [string, string, string] => [this.#accountId, this.#place, id]));
  }
}

/** What is told of a document that was put aside: the leaves that the place has. Null: what the device has, as of any other. */
function told(aside: AsideRow | undefined): readonly string[] | null {
  return aside === undefined || aside.kind === 'send' ? null : words(aside.theirs);
}

/** Digests as they are told to the place. `held`: what is held of the documents that were put aside. */
export function digestsWith(
  asides: ReadonlyMap<string, AsideRow>,
  held: readonly HeldRow[],
  digests: readonly (readonly [partitionId: string, digest: Digest])[],
): readonly (readonly [partitionId: string, digest: Digest])[] {
  const next = new Map(digests);
  for (const { id, leaves } of held) {
    const theirs = told(asides.get(id));
    if (theirs === null) continue;
    const partition = partitionOf(id);
    const [before, after] = [words(leaves), theirs].map((each) => (each.length === 0 ? null : each));
    next.set(partition, afterChange(next.get(partition) ?? EMPTY_DIGEST, id, before ?? null, after ?? null));
  }
  return [...next];
}

/** A partition's documents as they are told to the place. */
export function documentsWith(asides: ReadonlyMap<string, AsideRow>, documents: readonly HeldDocument[]): HeldDocument[] {
  return documents.flatMap(([id, leaves]): HeldDocument[] => {
    const theirs = told(asides.get(id)) ?? leaves;
    return theirs.length === 0 ? [] : [[id, theirs]];
  });
}
