import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEYED_PARTITIONS, parsePartition, partitionId, SINGLE_PARTITIONS } from '../../documents/partitions.ts';
import { type DocumentTypeName, documentTypes } from '../../documents/registry.ts';
import { sampleDocument } from '../validation/sample-documents.fixture.ts';
import type { UserContext } from '../validation/validate-update.ts';
import { accessTable, openCoursesOfTable } from './access-table.fixture.ts';
import { may } from './may.ts';
import { type Person, personFrom } from './person.ts';
import { personas } from './personas.fixture.ts';
import { mayReadPartition, partitionReader } from './read.ts';

const typeNames = Object.keys(documentTypes) as DocumentTypeName[]; // the keys of that very table
const typesIn = (kind: string): DocumentTypeName[] =>
  typeNames.filter((type) => (documentTypes[type].partitions as readonly string[]).includes(kind));

const personOf = ({ name, roles }: UserContext): Person | null => (name === null ? null : personFrom(name, roles));

function mayWriteSomething(person: Person | null, partition: string): boolean {
  const kind = parsePartition(partition)?.kind ?? '';
  return typesIn(kind).some((type) => {
    const newDoc = sampleDocument(type, partition, person?.id ?? 'somebody');
    return may(person, { action: 'write', newDoc, oldDoc: null }, newDoc._id).allowed;
  });
}

describe('the access table', () => {
  for (const { persona, partitionId: partition, read, write } of accessTable) {
    const person = personOf(personas[persona]);
    it(`${persona} ${read ? 'reads' : 'does not read'} and ${write ? 'writes' : 'does not write'} ${partition}`, () => {
      expect(partitionReader(person, openCoursesOfTable)(partition)).toBe(read);
      expect(mayWriteSomething(person, partition)).toBe(write);
    });
  }

  it('has a row for every kind of partition (A1)', () => {
    const kinds = new Set(accessTable.map((each) => parsePartition(each.partitionId)?.kind));
    expect([...SINGLE_PARTITIONS, ...KEYED_PARTITIONS].filter((kind) => !kinds.has(kind))).toEqual([]);
  });
});

const key = fc.stringMatching(/^[a-z0-9]{1,6}$/);
const scoped = fc.constantFrom('learns', 'teaches', 'guards', 'authors', 'takes', 'gives', 'marks', 'service', 'school', 'keeps', 'hosts');
const kind = fc.constantFrom('learner', 'teacher', 'guardian', 'employer', 'admin', 'operator');
const role = fc.oneof(
  kind,
  fc.tuple(scoped, fc.array(key, { minLength: 1, maxLength: 3 })).map(([name, keys]) => `${name}:${keys.join(',')}`),
  fc.string(),
);
const anybody = fc.tuple(key, fc.array(role, { maxLength: 6 })).map(([id, roles]) => personFrom(id, roles));

describe('reading, for any person', () => {
  it('opens a learner’s partition to that learner, their guardians, who marks them and admins alone', () => {
    fc.assert(
      fc.property(anybody, key, (person, learnerId) => {
        const entitled =
          (person.kinds.has('learner') && person.id === learnerId) ||
          person.guards.has(learnerId) ||
          person.marks.has(learnerId) ||
          person.kinds.has('admin');
        expect(mayReadPartition(person, { kind: 'learner', key: learnerId })).toBe(entitled);
      }),
    );
  });

  it('opens the keys of an exam to no learner who neither writes nor gives the course', () => {
    fc.assert(
      fc.property(anybody, key, (person, courseId) => {
        fc.pre(!person.authors.has(courseId) && !person.gives.has(courseId) && !person.services.has('grading'));
        expect(mayReadPartition(person, { kind: 'keys', key: courseId })).toBe(false);
      }),
    );
  });

  it('opens nothing but public to somebody who has not signed in, whatever the courses', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KEYED_PARTITIONS), key, (partition, name) => {
        expect(partitionReader(null, new Set([name]))(partitionId(partition, name))).toBe(false);
      }),
    );
  });

  it('opens nothing that is no partition', () => {
    fc.assert(
      fc.property(anybody, fc.string(), (person, text) => {
        fc.pre(parsePartition(text) === null);
        expect(partitionReader(person, new Set())(text)).toBe(false);
      }),
    );
  });

  it('never widens by roles that are unknown', () => {
    fc.assert(
      fc.property(key, fc.array(role), fc.constantFrom(...KEYED_PARTITIONS), key, (id, roles, partition, name) => {
        const known = roles.filter((each) => /^[a-z]+(?::[a-z0-9,]+)?$/.test(each));
        const reads = (given: readonly string[]) => mayReadPartition(personFrom(id, given), { kind: partition, key: name });
        expect(reads(roles)).toBe(reads(known));
      }),
    );
  });
});

describe('writing, for any person', () => {
  const anyType = fc.constantFrom(...typeNames);

  it('puts a learner’s own work into no other partition than their own', () => {
    fc.assert(
      fc.property(
        anybody,
        key,
        fc.constantFrom('profile', 'progress', 'enrolment', 'attempt', 'lesson-event'),
        (person, learnerId, type) => {
          fc.pre(person.id !== learnerId);
          const newDoc = sampleDocument(type, `learner-${learnerId}`, person.id);
          expect(may(person, { action: 'write', newDoc, oldDoc: null }, newDoc._id).allowed).toBe(person.serverAdmin);
        },
      ),
    );
  });

  it('refuses every type in a partition where it does not belong, deletions too', () => {
    fc.assert(
      fc.property(anybody, anyType, fc.constantFrom(...KEYED_PARTITIONS), key, fc.boolean(), (person, type, partition, name, deleting) => {
        const { partitions, key: parts } = documentTypes[type];
        fc.pre(!(partitions as readonly string[]).includes(partition));
        const doc = {
          _id: `${partition}-${name}:${type}:${parts.map(() => name).join(':')}`,
          type,
          ...(deleting ? { _deleted: true } : {}),
        };
        expect(may(person, { action: 'write', newDoc: doc, oldDoc: null }, doc._id).allowed).toBe(false);
      }),
    );
  });

  it('lets nobody change or delete what is append-only (I4)', () => {
    const appendOnly = typeNames.filter((type) => documentTypes[type].mutability === 'append-only');
    fc.assert(
      fc.property(anybody, fc.constantFrom(...appendOnly), key, fc.boolean(), (person, type, name, deleting) => {
        const { partitions } = documentTypes[type];
        const oldDoc = sampleDocument(type, `${partitions[0]}-${name}`, person.id);
        const newDoc = deleting ? { _id: oldDoc._id, _deleted: true } : oldDoc;
        const decision = may(person, { action: 'write', newDoc, oldDoc }, oldDoc._id);
        expect(decision).toEqual({ allowed: false, reason: expect.stringContaining('written once') });
      }),
    );
  });
});
