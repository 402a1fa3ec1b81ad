import {
  isKey,
  KEYED_PARTITIONS,
  type KeyedPartition,
  type PartitionId,
  partitionId,
  SINGLE_PARTITIONS,
} from '../../documents/partitions.ts';
import type { Person } from './person.ts';
import { mayReadPartition, type OpenCourses } from './read.ts';

/** What a person may read, named from what their roles name, without looking at the partitions of the school. */
export interface Readable {
  /** Partitions by name; they need not exist. */
  readonly partitions: ReadonlySet<PartitionId>;
  /** Kinds of which every partition may be read. */
  readonly kinds: ReadonlySet<KeyedPartition>;
}

/** A key that no role can name, since it is never a key: what it opens is open by its kind. */
const NOBODYS_KEY = '';

/**
 * Says the same as `mayReadPartition` of each partition, in time that depends on the person's roles and the open courses
 * alone. A rule that opened a partition by something else than its kind or a key in the person's roles would break it; a
 * property test compares the two.
 */
export function readablePartitions(person: Person | null, openCourses: OpenCourses): Readable {
  const partitions = new Set<PartitionId>();
  const kinds = new Set<KeyedPartition>();
  for (const kind of SINGLE_PARTITIONS) if (mayReadPartition(person, { kind, key: null }, openCourses)) partitions.add(partitionId(kind));
  if (person === null) return { partitions, kinds };

  const { learns, teaches, keeps, guards, authors, takes, gives, marks } = person;
  const named = [learns, teaches, keeps, guards, authors, takes, gives, marks, openCourses];
  const keys = new Set([person.id, ...named.flatMap((each) => [...each])]);
  for (const kind of KEYED_PARTITIONS) {
    if (mayReadPartition(person, { kind, key: NOBODYS_KEY }, openCourses)) kinds.add(kind);
    else
      for (const key of keys)
        if (mayReadPartition(person, { kind, key }, openCourses) && isKey(key)) partitions.add(partitionId(kind, key));
  }
  return { partitions, kinds };
}
