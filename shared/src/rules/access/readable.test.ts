import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KEYED_PARTITIONS, type Partition, type PartitionId, partitionId, SINGLE_PARTITIONS } from '../../documents/partitions.ts';
import { personFrom } from './person.ts';
import { mayReadPartition } from './read.ts';
import { readablePartitions } from './readable.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const scoped = fc.constantFrom(
  'learns',
  'teaches',
  'guards',
  'authors',
  'takes',
  'gives',
  'marks',
  'service',
  'school',
  'hub',
  'keeps',
  'hosts',
);
const role = fc.oneof(
  fc.constantFrom('learner', 'teacher', 'guardian', 'employer', 'admin', 'operator', 'service:grading', '_admin'),
  fc.tuple(scoped, fc.array(key, { minLength: 1, maxLength: 3 })).map(([name, keys]) => `${name}:${keys.join(',')}`),
);
const anybody = fc.option(
  fc.tuple(key, fc.array(role, { maxLength: 6 })).map(([id, roles]) => personFrom(id, roles)),
  { nil: null },
);

it('names exactly what may be read, for anybody and any open courses (A2)', () => {
  const all: (readonly [PartitionId, Partition])[] = [
    ...SINGLE_PARTITIONS.map((kind) => [partitionId(kind), { kind, key: null }] as const),
    ...KEYED_PARTITIONS.flatMap((kind) =>
      ['a', 'b', 'c', 'd', 'e', 'z'].map((name) => [partitionId(kind, name), { kind, key: name }] as const),
    ),
  ];
  fc.assert(
    fc.property(anybody, fc.array(key, { maxLength: 2 }), (person, open) => {
      const courses = new Set(open);
      const { partitions, kinds } = readablePartitions(person, courses);
      for (const [id, partition] of all) {
        const named = partitions.has(id) || (partition.key !== null && kinds.has(partition.kind));
        expect([id, named]).toEqual([id, mayReadPartition(person, partition, courses)]);
      }
    }),
    { numRuns: 500 },
  );
});
