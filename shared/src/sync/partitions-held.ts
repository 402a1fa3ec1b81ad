import { parsePartition } from '../documents/partitions.ts';
import type { Digest } from './digest.ts';

/** The partitions that the school said are the person's to read. */
export interface OwnPartitions {
  readonly partitions: readonly string[];
  /** Kinds of which every partition may be read, empty at the school or not. */
  readonly kinds: readonly string[];
}

export function isOwn({ partitions, kinds }: OwnPartitions, partitionId: string): boolean {
  if (partitions.includes(partitionId)) return true;
  const kind = parsePartition(partitionId)?.kind;
  return kind !== undefined && kinds.includes(kind);
}

export type HeldDigests = Iterable<readonly [partitionId: string, digest: Digest]>;

/** The digests of what is held of the partitions that may be read; of all while the school has not said which those are. */
export function ownDigests(own: OwnPartitions | null, held: HeldDigests): (readonly [string, Digest])[] {
  return [...held].filter(([partitionId]) => own === null || isOwn(own, partitionId));
}
