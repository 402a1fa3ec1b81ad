import type { RevisionNode, RevisionTree } from './pouch.ts';

export interface Revision {
  readonly rev: string;
  readonly isLeaf: boolean;
  readonly isDeleted: boolean;
  /** Whether its body is still stored. */
  readonly isAvailable: boolean;
  /** Its ancestors, nearest first. */
  readonly ancestors: readonly string[];
}

/** Every revision of a document, by its name. */
export function revisionsOf(tree: RevisionTree): Map<string, Revision> {
  const found = new Map<string, Revision>();
  function visit([hash, state, branches]: RevisionNode, pos: number, ancestors: readonly string[]): void {
    const rev = `${pos}-${hash}`;
    found.set(rev, {
      rev,
      isLeaf: branches.length === 0,
      isDeleted: state.deleted === true,
      isAvailable: state.status === 'available',
      ancestors,
    });
    for (const branch of branches) visit(branch, pos + 1, [rev, ...ancestors]);
  }
  for (const { pos, ids } of tree) visit(ids, pos, []);
  return found;
}

/** The order in which CouchDB and PouchDB choose a winner: not deleted first, then the longest history, then the greater hash. */
export function winnerFirst(a: Revision, b: Revision): number {
  if (a.isDeleted !== b.isDeleted) return a.isDeleted ? 1 : -1;
  const byLength = generationOf(b.rev) - generationOf(a.rev);
  if (byLength !== 0) return byLength;
  return a.rev < b.rev ? 1 : -1;
}

export function generationOf(rev: string): number {
  return Number.parseInt(rev, 10);
}
