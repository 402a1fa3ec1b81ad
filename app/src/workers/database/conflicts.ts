import {
  canonicalJson,
  contentDigest,
  type DocumentOf,
  type DocumentType,
  documentTypes,
  type KeyedPartition,
  parseDocId,
  partitionId,
} from '@darasa/shared/documents';
import { isMergedType, type MergedTypeName, mergeDocuments, type Person, validateWrite } from '@darasa/shared/rules';
import * as v from 'valibot';
import { hasStatus, type LocalDatabase, type StoredDocument } from './local-database.ts';

/**
 * How conflicts end. Two devices that wrote the same document apart leave two leaves in its revision tree. Whoever sees
 * both merges them, and because the merge and the names of the revisions follow from the leaves alone, every device that
 * resolves the same leaves writes the same revisions, which replication recognises as one.
 *
 * The merge goes on top of the winner, unless the winner says it all already. Every other leaf gets a tombstone.
 */

interface Leaf {
  readonly doc: StoredDocument;
  /** The revision's ancestry, newest first, without generations. */
  readonly ids: readonly string[];
  readonly generation: number;
}

function generationOf(rev: string): number {
  return Number.parseInt(rev, 10);
}

async function readLeaf(database: LocalDatabase, id: string, rev: string): Promise<Leaf> {
  const doc = await database.use((pouch) => pouch.get<Record<string, unknown>>(id, { rev, revs: true }));
  const { _revisions, ...rest } = doc;
  return { doc: rest, ids: _revisions?.ids ?? [rev.slice(rev.indexOf('-') + 1)], generation: _revisions?.start ?? generationOf(rev) };
}

/** A revision whose name follows from its parent and its content. 32 hexadecimal characters, as CouchDB's own names have. */
function childOf(leaf: Leaf, content: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const generation = leaf.generation + 1;
  // contentDigest leaves out members that begin with an underscore, so they stand here in a text.
  const name = contentDigest({ parent: leaf.doc._rev, content: canonicalJson(content) }).padEnd(32, '0');
  return { ...content, _id: leaf.doc._id, _rev: `${generation}-${name}`, _revisions: { start: generation, ids: [name, ...leaf.ids] } };
}

function withoutRevision(doc: StoredDocument): Record<string, unknown> {
  return Object.fromEntries(Object.entries(doc).filter(([name]) => name === '_id' || !name.startsWith('_')));
}

function mergeLeaves<Type extends MergedTypeName>(type: Type, leaves: readonly Leaf[]): DocumentOf<Type> | null {
  const docs: DocumentOf<Type>[] = [];
  for (const { doc } of leaves) {
    const parsed = v.safeParse(documentTypes[type].schema, doc);
    // A leaf that this version cannot read: a newer one will merge it. Nothing is thrown away meanwhile.
    if (!parsed.success) return null;
    docs.push(parsed.output as DocumentOf<Type>); // the schema of the same type
  }
  return mergeDocuments(type, docs);
}

/**
 * Resolves the conflict of one document, if it has one that can be merged and the person may write the outcome: a teacher who
 * sees two revisions of a learner's progress leaves them to the learner. Answers whether anything was written.
 */
export async function resolveConflict(database: LocalDatabase, person: Person, id: string): Promise<boolean> {
  const type = parseDocId(id)?.type;
  if (type === undefined || !isMergedType(type)) return false;
  const winner = await winnerOf(database, id);
  if (winner === null || winner.others.length === 0) return false;
  const revisions = [winner.doc._rev, ...winner.others];

  const [first, ...losers] = await Promise.all(revisions.map((rev) => readLeaf(database, id, rev)));
  if (first === undefined) return false;
  const merged = mergeLeaves(type, [first, ...losers]);
  if (merged === null || validateWrite({ ...merged }, first.doc, person) !== null) return false;

  const content: Record<string, unknown> = { ...merged };
  const unchanged = canonicalJson(content) === canonicalJson(withoutRevision(first.doc));
  const resolution = [...(unchanged ? [] : [childOf(first, content)]), ...losers.map((loser) => childOf(loser, { _deleted: true }))];
  await database.use((pouch) => pouch.bulkDocs(resolution, { new_edits: false }));
  return true;
}

/** The winning revision, with the names of the others; null where there is none, or all are deleted. */
async function winnerOf(
  database: LocalDatabase,
  id: string,
): Promise<{ readonly doc: StoredDocument; readonly others: readonly string[] } | null> {
  try {
    const { _conflicts, ...doc } = await database.use((pouch) => pouch.get<Record<string, unknown>>(id, { conflicts: true }));
    return { doc, others: _conflicts ?? [] };
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}

/**
 * The one revision that all leaves on this device are merged into, null where there is none: what a person edits. `unmerged`: there are
 * leaves that this version cannot merge.
 */
export async function mergedRevision(database: LocalDatabase, person: Person, id: string): Promise<StoredDocument | null | 'unmerged'> {
  for (;;) {
    const winner = await winnerOf(database, id);
    if (winner === null || winner.others.length === 0) return winner?.doc ?? null;
    if (!(await resolveConflict(database, person, id))) return 'unmerged';
  }
}

/** The partitions of a kind in which a person may hold documents that they merge. */
function mergedPartitions(person: Person): readonly string[] {
  const named = (kind: KeyedPartition, keys: Iterable<string>): string[] => [...keys].map((key) => partitionId(kind, key));
  return [
    ...(person.kinds.has('learner') ? [partitionId('learner', person.id)] : []),
    ...named('class', person.teaches),
    ...named('register', person.teaches),
    ...named('draft', person.authors),
  ];
}

/** The documents that a person may merge and that are in conflict: after a start, for what a crash left unresolved. */
export async function resolveAllConflicts(database: LocalDatabase, person: Person): Promise<void> {
  const ids: string[] = [];
  for (const partition of mergedPartitions(person)) {
    const kind = partition.slice(0, partition.indexOf('-'));
    for (const type of Object.keys(documentTypes).filter(isMergedType)) {
      const { partitions }: DocumentType = documentTypes[type];
      if (!partitions.some((each) => each === kind)) continue;
      const prefix = `${partition}:${type}:`;
      const { rows } = await database.use((pouch) =>
        pouch.allDocs({ startkey: prefix, endkey: `${prefix}\uffff`, include_docs: true, conflicts: true }),
      );
      for (const { id, doc } of rows) if ((doc?._conflicts?.length ?? 0) > 0) ids.push(id);
    }
  }
  for (const id of ids) await resolveConflict(database, person, id);
}
