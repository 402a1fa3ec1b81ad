import { contentDigest } from '../digest.ts';
import { type DocId, docId } from '../ids.ts';
import type { PartitionId } from '../partitions.ts';

interface Content {
  readonly type: string;
}

/**
 * The id of an append-only document: its key ends with the digest of its content, so the content is complete before it has an id.
 * Throws a RangeError when a part is not a key: a bug in the caller.
 */
export function sealedId(partition: PartitionId, content: Content, ...key: readonly (string | number)[]): DocId {
  return docId(partition, content.type, ...key.map(String), contentDigest({ ...content }));
}
