import { isKey, type Partition, type PartitionId, parsePartition } from './partitions.ts';

declare const docBrand: unique symbol;
/** `<partition>:<type>:<key>`; the key may have further parts, separated by colons. */
export type DocId = string & { readonly [docBrand]: true };

export interface ParsedDocId {
  readonly partitionId: PartitionId;
  readonly partition: Partition;
  readonly type: string;
  /** The parts of the key, at least one. */
  readonly key: readonly string[];
}

const TYPE_PATTERN = /^[a-z]+(?:-[a-z]+)*$/;
/** CouchDB has no limit of its own; a bound keeps ids cheap to index and to list. */
export const MAX_DOC_ID_LENGTH = 240;

/** Builds a document id. Throws a RangeError when a part is not a key: a bug in the caller. */
export function docId(partition: PartitionId, type: string, ...key: readonly string[]): DocId {
  const id = [partition, type, ...key].join(':');
  if (parseDocId(id) === null) throw new RangeError(`Not a document id: ${JSON.stringify(id)}`);
  return id as DocId;
}

/** Reads a document id; null when it is none of ours (a design document, a local document, a stranger's id). */
export function parseDocId(id: string): ParsedDocId | null {
  if (id.length > MAX_DOC_ID_LENGTH) return null;
  const [first, type, ...key] = id.split(':');
  if (first === undefined || type === undefined || key.length === 0) return null;
  const partition = parsePartition(first);
  if (partition === null || !TYPE_PATTERN.test(type) || !key.every(isKey)) return null;
  return { partitionId: first as PartitionId, partition, type, key };
}

/** The partition of a document id, by the text before its first colon. Cheap: for filtering feeds. */
export function partitionOf(id: string): string {
  const colon = id.indexOf(':');
  return colon < 0 ? '' : id.slice(0, colon);
}
