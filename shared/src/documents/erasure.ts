import { contentDigest } from './digest.ts';
import { type DocId, docId, parseDocId } from './ids.ts';
import { parsePartition, partitionId } from './partitions.ts';

/*
 * What was erased for good, because a family asked for it, is named by a document `staff:erasure:<key>` that stays. The key follows from what it
 * erases, so that whoever has the id of a document knows which erasure would forbid it: a learner's partition by the learner's key, a
 * single document elsewhere by a digest of its id.
 */

/**
 * The key of the erasure of a target: a learner's partition, or the id of one document elsewhere. Null where the target can be neither: one document of a
 * learner's is not erased alone, for its word would be that of the whole partition, and every device would drop all of it.
 */
export function erasureKeyOf(target: string): string | null {
  const partition = parsePartition(target);
  if (partition !== null) return partition.kind === 'learner' ? partition.key : null;
  const parsed = parseDocId(target);
  if (parsed === null || parsed.partition.kind === 'staff' || parsed.partition.kind === 'learner') return null;
  return contentDigest({ id: target });
}

/** The id of the erasure that would forbid a document; null for what nobody erases. */
export function erasureIdFor(id: string): DocId | null {
  const partition = parseDocId(id)?.partition;
  const key = partition?.kind === 'learner' ? partition.key : erasureKeyOf(id);
  return key === null ? null : docId(partitionId('staff'), 'erasure', key);
}

/**
 * The reason of CouchDB's `forbidden` for a document that was erased. A device that meets it keeps nothing of the document, not even in
 * quarantine.
 */
export const ERASED = 'Erased for good';
