import { partitionOf } from '../documents/ids.ts';
import { afterChange, type Digest, EMPTY_DIGEST } from './digest.ts';

/** The digests of a device: one for each partition, kept up document by document. */
export class DigestTable {
  readonly #leaves = new Map<string, Map<string, readonly string[]>>();
  readonly #digests = new Map<string, Digest>();

  /** Notes a document as it stands now; null when the device does not hold it any more. */
  set(id: string, leaves: readonly string[] | null): void {
    const partition = partitionOf(id);
    let documents = this.#leaves.get(partition);
    if (documents === undefined) {
      documents = new Map();
      this.#leaves.set(partition, documents);
    }
    const before = documents.get(id) ?? null;
    this.#digests.set(partition, afterChange(this.digest(partition), id, before, leaves));
    if (leaves === null) documents.delete(id);
    else documents.set(id, [...leaves]);
  }

  leaves(id: string): readonly string[] | null {
    return this.#leaves.get(partitionOf(id))?.get(id) ?? null;
  }

  digest(partitionId: string): Digest {
    return this.#digests.get(partitionId) ?? EMPTY_DIGEST;
  }

  /** The partitions of which at least one document is held. */
  digests(): (readonly [partitionId: string, digest: Digest])[] {
    return [...this.#digests].filter(([, { count }]) => count > 0);
  }

  documents(partitionId: string): (readonly [id: string, leaves: readonly string[]])[] {
    return [...(this.#leaves.get(partitionId) ?? [])];
  }
}
