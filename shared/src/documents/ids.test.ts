import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { docId, MAX_DOC_ID_LENGTH, parseDocId, partitionOf } from './ids.ts';
import { isKey, KEYED_PARTITIONS, type Partition, parsePartition, partitionId, SINGLE_PARTITIONS } from './partitions.ts';

const key = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/).filter(isKey);
const type = fc.stringMatching(/^[a-z]{1,8}(-[a-z]{1,8})?$/);
const anyPartition: fc.Arbitrary<Partition> = fc.oneof(
  fc.constantFrom(...SINGLE_PARTITIONS).map((kind) => ({ kind, key: null }) as Partition), // a pair of one arm of the union
  fc.tuple(fc.constantFrom(...KEYED_PARTITIONS), key).map(([kind, name]) => ({ kind, key: name }) as Partition),
);
const idOf = (partition: Partition) => (partition.key === null ? partitionId(partition.kind) : partitionId(partition.kind, partition.key));

describe('document ids', () => {
  it('are read as they were built', () => {
    fc.assert(
      fc.property(anyPartition, type, fc.array(key, { minLength: 1, maxLength: 5 }), (partition, name, parts) => {
        const id = docId(idOf(partition), name, ...parts);
        expect(parseDocId(id)).toEqual({ partitionId: idOf(partition), partition, type: name, key: parts });
        expect(partitionOf(id)).toBe(idOf(partition));
      }),
    );
  });

  it('are built again from what was read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z-]{1,12}:[a-z]{1,6}:[a-z0-9:-]{0,12}$/)), (text) => {
        const parsed = parseDocId(text);
        if (parsed !== null) expect(docId(parsed.partitionId, parsed.type, ...parsed.key)).toBe(text);
      }),
    );
  });

  for (const hostile of [
    '',
    ':',
    'learner-ada',
    'learner-ada:profile',
    'learner-ada:profile:',
    'learner-ada::me',
    'learner-:profile:me',
    'learner:profile:me',
    'public-x:school:card',
    'learner-ada:profile:me:',
    'learner-../../x:profile:me',
    'learner-ada%2Fben:profile:me',
    'learner-ada:profile:m\u0000e',
    'learner-ada:profile:me\n',
    'Learner-ada:profile:me',
    'learner-аda:profile:me',
    ' learner-ada:profile:me',
    '_design/rules',
    '_local/checkpoint',
    'org.couchdb.user:ada',
    'learner-constructor:profile:me',
    'learner-ada:progress:prototype',
    'learner-__proto__:profile:me',
    'class--7a:class:card',
    'learner-ada-:profile:me',
    `learner-${'a'.repeat(41)}:profile:me`,
    `learner-ada:attempt:${Array.from({ length: 60 }, () => 'abcd').join(':')}`,
  ]) {
    it(`refuse ${JSON.stringify(hostile.slice(0, 60))}`, () => {
      expect(parseDocId(hostile)).toBeNull();
    });
  }

  it('cannot be built from hostile parts', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!isKey(text));
        expect(() => partitionId('learner', text)).toThrow(RangeError);
        fc.pre(!text.split(':').every(isKey));
        expect(() => docId(partitionId('public'), 'school', text)).toThrow(RangeError);
      }),
    );
  });

  it('are no longer than the bound (I1)', () => {
    const long = Array.from({ length: 6 }, () => 'a'.repeat(40));
    expect(() => docId(partitionId('public'), 'school', ...long)).toThrow(RangeError);
    expect(docId(partitionId('public'), 'school', ...long.slice(1)).length).toBeLessThanOrEqual(MAX_DOC_ID_LENGTH);
  });

  it('never put a document into the partition of another (I1)', () => {
    fc.assert(
      fc.property(anyPartition, anyPartition, (one, other) => {
        fc.pre(idOf(one) !== idOf(other));
        expect(parsePartition(idOf(one))).not.toEqual(parsePartition(idOf(other)));
      }),
    );
  });
});
