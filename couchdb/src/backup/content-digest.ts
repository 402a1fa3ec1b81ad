import { createHash } from 'node:crypto';

/** One digest over databases, ids and revisions in the order in which they stand in a backup: what was read back is what was sent off. */
export class ContentDigest {
  readonly #hash = createHash('sha256');
  documents = 0;

  document(database: string, { _id, _rev }: { readonly _id: string; readonly _rev: string }): void {
    this.#hash.update(JSON.stringify([database, _id, _rev]));
    this.documents += 1;
  }

  /** Of what came until now. */
  get value(): string {
    return this.#hash.copy().digest('base64url');
  }
}
