import { parsePartition } from '../documents/partitions.ts';

/**
 * A device keeps content, shared by everybody who uses it, apart from each person's own documents. It asks for one of the
 * two with `_changes?scope=content` or `scope=own`; without `scope` the feed has both.
 */
export const SCOPES = ['content', 'own'] as const;
export type Scope = (typeof SCOPES)[number];

const CONTENT_KINDS = ['public', 'school', 'course'];

/** The scope that a partition belongs to; null when it is no partition. */
export function scopeOf(partitionId: string): Scope | null {
  const partition = parsePartition(partitionId);
  if (partition === null) return null;
  return CONTENT_KINDS.includes(partition.kind) ? 'content' : 'own';
}
