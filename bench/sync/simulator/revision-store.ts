import { type ExchangeDocument, generationOf } from '@darasa/shared/sync';

interface Revision {
  readonly parent: string | null;
  /** Null for an ancestor that is only known by name. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Trees of revisions as CouchDB and PouchDB keep them: nothing that was written is lost, a leaf is what has no child. */
export class RevisionStore {
  readonly #documents = new Map<string, Map<string, Revision>>();

  ids(): string[] {
    return [...this.#documents.keys()];
  }

  has(id: string, rev: string): boolean {
    return this.#documents.get(id)?.has(rev) === true;
  }

  /** The leaves in order of names; without some revisions, as if those had never been written. */
  leaves(id: string, without: ReadonlySet<string> = NOTHING): string[] {
    const tree = this.#documents.get(id);
    if (tree === undefined) return [];
    const parents = new Set<string>();
    for (const [rev, { parent }] of tree) if (!without.has(`${id} ${rev}`) && parent !== null) parents.add(parent);
    return [...tree].flatMap(([rev, { body }]) => (body !== null && !parents.has(rev) && !without.has(`${id} ${rev}`) ? [rev] : [])).sort();
  }

  read(id: string, rev: string): ExchangeDocument | null {
    const tree = this.#documents.get(id);
    const body = tree?.get(rev)?.body ?? null;
    if (tree === undefined || body === null) return null;
    const ancestors: string[] = [];
    for (let at = tree.get(rev)?.parent ?? null; at !== null; at = tree.get(at)?.parent ?? null)
      ancestors.push(at.slice(at.indexOf('-') + 1));
    return { id, rev, ancestors, body };
  }

  /** Adds a leaf with its history, as `new_edits: false` does; answers whether it was new. */
  add({ id, rev, ancestors, body }: ExchangeDocument): boolean {
    const tree = this.#documents.get(id) ?? new Map<string, Revision>();
    this.#documents.set(id, tree);
    if ((tree.get(rev)?.body ?? null) !== null) return false;
    const generation = generationOf(rev);
    const chain = [rev, ...ancestors.map((hash, i) => `${generation - 1 - i}-${hash}`)];
    chain.forEach((each, i) => {
      const known = tree.get(each);
      tree.set(each, { parent: chain[i + 1] ?? known?.parent ?? null, body: i === 0 ? body : (known?.body ?? null) });
    });
    return true;
  }

  remove(id: string): void {
    this.#documents.delete(id);
  }

  copy(): RevisionStore {
    const copy = new RevisionStore();
    for (const [id, tree] of this.#documents) copy.#documents.set(id, new Map(tree));
    return copy;
  }
}
