import { generationOf } from './exchange-document.ts';

/** A leaf with the hashes of its ancestors, the youngest first. */
export interface Branch {
  readonly rev: string;
  readonly ancestors: readonly string[];
}

/** The revisions of a branch, the leaf first. */
export function revisionsOf({ rev, ancestors }: Branch): string[] {
  const generation = generationOf(rev);
  return [rev, ...ancestors.map((hash, at) => `${generation - 1 - at}-${hash}`)];
}

/** The leaves that a document would have if some revisions had never been written (rule D7). */
export function leavesWithout(branches: readonly Branch[], refused: ReadonlySet<string>): string[] {
  const leaves = new Set<string>();
  const parents = new Set<string>();
  for (const branch of branches) {
    const [leaf, ...below] = revisionsOf(branch).filter((rev) => !refused.has(rev));
    if (leaf !== undefined) leaves.add(leaf);
    for (const rev of below) parents.add(rev);
  }
  return [...leaves].filter((rev) => !parents.has(rev)).sort();
}
