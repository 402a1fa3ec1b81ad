import { type ExchangeDocument, generationOf } from '@darasa/shared/sync';

interface Revision {
  readonly parent: string | null;
  /** Null for an ancestor that is only known by name. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** Revisions as `<id> <rev>`. */
interface Revisions {
  has(name: string): boolean;
}

const NOTHING: Revisions = new Set<string>();

/** Trees of revisions as CouchDB and PouchDB keep them: nothing that was written is lost, a leaf is what has no child. */
export class RevisionStore {
  readonly #documents = new Map<string, Map<string, Revision>>();
  /** The leaves of documents that have not changed since they were asked for. */
  readonly #leaves = new Map<string, string[]>();

  ids(): string[] {
    return [...this.#documents.keys()];
  }

  has(id: string, rev: string): boolean {
    return this.#documents.get(id)?.has(rev) === true;
  }

  /** The leaves in order of names; without some revisions, as if those had never been written. */
  leaves(id: string, without: Revisions = NOTHING): string[] {
    const tree = this.#documents.get(id);
    if (tree === undefined) return [];
    const known = without === NOTHING ? this.#leaves.get(id) : undefined;
    if (known !== undefined) return known;
    const parents = new Set<string>();
    for (const [rev, { parent }] of tree) if (!without.has(`${id} ${rev}`) && parent !== null) parents.add(parent);
    const leaves = [...tree]
      .flatMap(([rev, { body }]) => (body !== null && !parents.has(rev) && !without.has(`${id} ${rev}`) ? [rev] : []))
      .sort();
    if (without === NOTHING) this.#leaves.set(id, leaves);
    return leaves;
  }

  /** As CouchDB orders leaves: the living before the deleted, the longest history first, then the greater name. The first is the winner. */
  inOrder(id: string, without: Revisions = NOTHING): ExchangeDocument[] {
    const deleted = (doc: ExchangeDocument): number => (doc.body['_deleted'] === true ? 1 : 0);
    return this.leaves(id, without)
      .flatMap((rev) => this.read(id, rev) ?? [])
      .sort((a, b) => deleted(a) - deleted(b) || generationOf(b.rev) - generationOf(a.rev) || (a.rev < b.rev ? 1 : -1));
  }

  /** The living leaves, the winner first. */
  living(id: string, without: Revisions = NOTHING): ExchangeDocument[] {
    return this.inOrder(id, without).filter(({ body }) => body['_deleted'] !== true);
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
    if (tree.has(rev)) return false;
    this.#leaves.delete(id);
    const generation = generationOf(rev);
    const chain = [rev, ...ancestors.map((hash, i) => `${generation - 1 - i}-${hash}`)];
    chain.forEach((each, i) => {
      const known = tree.get(each);
      tree.set(each, { parent: chain[i + 1] ?? known?.parent ?? null, body: i === 0 ? body : (known?.body ?? null) });
    });
    return true;
  }

  /** A purge of leaves, with what led to them alone; answers those that were there. */
  purge(id: string, revs: readonly string[]): string[] {
    const tree = this.#documents.get(id);
    if (tree === undefined) return [];
    const gone = this.leaves(id).filter((rev) => revs.includes(rev));
    const kept = this.leaves(id)
      .filter((rev) => !gone.includes(rev))
      .flatMap((rev) => this.read(id, rev) ?? []);
    if (gone.length > 0) this.remove(id);
    for (const doc of kept) this.add(doc);
    return gone;
  }

  remove(id: string): void {
    this.#leaves.delete(id);
    this.#documents.delete(id);
  }

  copy(): RevisionStore {
    const copy = new RevisionStore();
    for (const [id, tree] of this.#documents) copy.#documents.set(id, new Map(tree));
    return copy;
  }
}
