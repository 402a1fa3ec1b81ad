/**
 * A partition is the unit of access and the unit of sync: the part of a document id before its first colon.
 * Whether a person may read a document follows from its partition alone, so a feed is filtered by comparing strings.
 */
export const SINGLE_PARTITIONS = ['public', 'school', 'staff'] as const;
export const KEYED_PARTITIONS = ['course', 'draft', 'keys', 'class', 'register', 'learner', 'employer'] as const;

export type SinglePartition = (typeof SINGLE_PARTITIONS)[number];
export type KeyedPartition = (typeof KEYED_PARTITIONS)[number];
export type PartitionKind = SinglePartition | KeyedPartition;

declare const partitionBrand: unique symbol;
/** `public`, `school`, `staff`, or `<kind>-<key>`, for example `course-maths-7`. */
export type PartitionId = string & { readonly [partitionBrand]: true };

export type Partition =
  | { [Kind in SinglePartition]: { readonly kind: Kind; readonly key: null } }[SinglePartition]
  | { [Kind in KeyedPartition]: { readonly kind: Kind; readonly key: string } }[KeyedPartition];

/**
 * Keys of partitions, courses, lessons, quizzes and devices: lower case, digits and hyphens, 1 to 40 characters.
 * Keys also name members of records, so the two names that every object or function inherits are none.
 */
export const KEY_PATTERN = /^(?!(?:constructor|prototype)$)[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

export function isKey(text: string): boolean {
  return KEY_PATTERN.test(text);
}

/** Builds a partition id. Throws a RangeError when the key is not a key: a bug in the caller. */
export function partitionId(kind: SinglePartition): PartitionId;
export function partitionId(kind: KeyedPartition, key: string): PartitionId;
export function partitionId(kind: PartitionKind, key?: string): PartitionId {
  if (key === undefined) return kind as PartitionId;
  if (!isKey(key)) throw new RangeError(`Not a partition key: ${JSON.stringify(key)}`);
  return `${kind}-${key}` as PartitionId;
}

/** Reads a partition id; null when it is none. */
export function parsePartition(text: string): Partition | null {
  for (const kind of SINGLE_PARTITIONS) if (text === kind) return { kind, key: null } as Partition;
  const dash = text.indexOf('-');
  if (dash < 0) return null;
  const kind = KEYED_PARTITIONS.find((each) => each === text.slice(0, dash));
  const key = text.slice(dash + 1);
  return kind !== undefined && isKey(key) ? ({ kind, key } as Partition) : null;
}
