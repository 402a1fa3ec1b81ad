import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { newClassCode, newClassSignIn } from '../../documents/build/class-sign-in.ts';
import { newAssignment, newCourseDraft, newLessonDraft, newQuizDraft, newSeating } from '../../documents/build/edited.ts';
import { newEnrolment, newProfile, newProgress } from '../../documents/build/learner-state.ts';
import { type Edits, NO_EDITS, WHOLE } from '../../documents/edits.ts';
import { type DocumentOf, documentTypes } from '../../documents/registry.ts';
import { shown } from '../edits/read.ts';
import { countOf, removeItem, writeCell } from '../edits/write.ts';
import { assignmentEdits, withAssignmentEdits } from './assignment.ts';
import { joinEdits } from './edits.ts';
import { mergeEnrolment } from './enrolment.ts';
import { joinUnknown } from './join.ts';
import { isMergedType, type MergedTypeName, mergeDocuments } from './merge-documents.ts';
import { mergeProfile } from './profile.ts';
import { mergeProgress } from './progress.ts';
import { bumpRegister } from './register.ts';

// Few devices, ticks and times, so that versions meet in every field.
const device = fc.constantFrom('phone-1', 'tablet-2', 'tablet-3');
const time = fc.integer({ min: 0, max: 5 }).map((day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString());
const small = fc.integer({ min: 0, max: 3 });
const json = fc.jsonValue({ maxDepth: 2 });
/** Fields of a newer program: names and values that this one does not know, objects with a tick among them. */
const extras = fc.dictionary(
  fc.constantFrom('streak', 'badges', 'theme'),
  fc.oneof(json, fc.record({ value: small, tick: small, deviceId: device }), fc.dictionary(fc.constantFrom('tick', 'a', 'b'), small)),
  { maxKeys: 2 },
);
const registerOf = <Value>(value: fc.Arbitrary<Value>) =>
  fc.tuple(extras, fc.record({ value, tick: small, deviceId: device })).map(([more, register]) => ({ ...more, ...register }));
const revision = fc.record({ _rev: fc.constantFrom('1-a', '2-b'), _conflicts: fc.constant(['2-c']) }, { requiredKeys: [] });

const lesson = fc
  .tuple(extras, fc.record({ completedAt: fc.option(time), seen: fc.constantFrom(0, 0.25, 0.8, 1), seconds: fc.dictionary(device, small) }))
  .map(([more, known]) => ({ ...more, ...known }));

const sampleAssignment = newAssignment({
  classId: '7a',
  id: '01kf0000000000000000000000',
  authorId: 'tembo',
  courseId: 'maths-7',
  item: { kind: 'lesson', id: 'halves' },
  title: 'Halves',
  instructions: '',
  dueAt: null,
  learnerIds: null,
  createdAt: '2026-01-02T00:00:00.000Z',
  deviceId: 'phone-1',
});

/** Cells as several people write them apart: any history of a few savings in three copies, of which one is taken. */
const cellsOf = (cells: readonly string[], values: fc.Arbitrary<unknown>, begin: Edits): fc.Arbitrary<Edits> =>
  fc
    .array(
      fc.record({ who: fc.nat(2), meets: fc.option(fc.nat(2)), cell: fc.constantFrom(...cells), value: values, removes: fc.boolean() }),
      {
        maxLength: 8,
      },
    )
    .map((savings) => {
      const copies = [begin, begin, begin];
      for (const { who, meets, cell, value, removes } of savings) {
        const edits = copies[who] ?? begin;
        const by = `copy-${who}`;
        const stamp = { by, n: countOf(edits, by) + 1, personId: 'tembo', at: '2026-01-03T00:00:00.000Z' };
        if (meets !== null) copies[who] = joinEdits(edits, copies[meets] ?? begin);
        else copies[who] = removes ? removeItem(edits, stamp, WHOLE) : writeCell(edits, stamp, cell, value, shown(edits, cell));
      }
      return copies[0] ?? begin;
    });

const sampleVerifier = {
  password_scheme: 'pbkdf2',
  pbkdf2_prf: 'sha256',
  salt: 'ab'.repeat(16),
  iterations: 100_000,
  derived_key: 'cd'.repeat(32),
} as const;

const texts = fc.constantFrom('Half', 'One half', 'Two');
const teachers = fc.constantFrom('tembo', 'juma');
const edited = (cells: readonly string[]) => fc.tuple(extras, revision, time, device, teachers, cellsOf(cells, texts, NO_EDITS));

const versions: { readonly [Type in MergedTypeName]: fc.Arbitrary<DocumentOf<Type>> } = {
  assignment: fc
    .tuple(extras, revision, cellsOf(['title', 'instructions'], texts, assignmentEdits(sampleAssignment)), fc.boolean())
    .map(([more, rev, edits, untouched]) => ({
      ...more,
      ...(untouched ? sampleAssignment : withAssignmentEdits(sampleAssignment, edits)),
      ...rev,
    })),
  seating: edited(['group', 'note']).map(([more, rev, createdAt, deviceId, authorId, edits]) => ({
    ...more,
    ...newSeating({ classId: '7a', accountId: 'ada', authorId, createdAt, deviceId }),
    edits,
    ...rev,
  })),
  'class-sign-in': fc
    .tuple(
      extras,
      revision,
      time,
      device,
      fc.record({
        code: registerOf(
          fc.constantFrom({ kind: 'none' as const, by: 'tembo' }, { kind: 'pin' as const, by: 'juma', verifier: sampleVerifier }),
        ),
        card: registerOf(
          fc.constantFrom({ kind: 'none' as const, by: 'tembo' }, { kind: 'card' as const, by: 'juma', digest: 'a0'.repeat(32) }),
        ),
      }),
    )
    .map(([more, rev, createdAt, deviceId, changed]) => ({
      ...more,
      ...newClassSignIn({ classId: '7a', accountId: 'ada', by: 'tembo', createdAt, deviceId }),
      ...changed,
      ...rev,
    })),
  'class-code': fc
    .tuple(
      extras,
      revision,
      time,
      device,
      registerOf(fc.constantFrom({ text: 'k7pm-4xq9', by: 'tembo' }, { text: 'bbbb-2222', by: 'juma' })),
    )
    .map(([more, rev, createdAt, deviceId, code]) => ({
      ...more,
      ...newClassCode({ classId: '7a', by: 'tembo', text: 'k7pm-4xq9', createdAt, deviceId }),
      code,
      ...rev,
    })),
  'course-draft': edited(['title', 'section.s1.title', 'lesson.l1.order']).map(([more, rev, createdAt, deviceId, authorId, edits]) => ({
    ...more,
    ...newCourseDraft({ courseId: 'maths-7', authorId, createdAt, deviceId }),
    edits,
    ...rev,
  })),
  'lesson-draft': edited(['title', 'block.b1.text', 'block.b1.order']).map(([more, rev, createdAt, deviceId, authorId, edits]) => ({
    ...more,
    ...newLessonDraft({ courseId: 'maths-7', lessonId: 'halves', authorId, createdAt, deviceId }),
    edits,
    ...rev,
  })),
  'quiz-draft': edited(['title', 'section.s1.title', 'section.s1.order']).map(([more, rev, createdAt, deviceId, authorId, edits]) => ({
    ...more,
    ...newQuizDraft({ courseId: 'maths-7', quizId: 'fractions-check', authorId, createdAt, deviceId }),
    edits,
    ...rev,
  })),
  profile: fc
    .tuple(
      extras,
      revision,
      time,
      device,
      fc.record({ displayName: registerOf(fc.constantFrom('Ada', 'Ada W.')), bio: registerOf(fc.constant('')) }),
    )
    .map(([more, rev, createdAt, deviceId, changed]) => ({
      ...more,
      ...newProfile({ learnerId: 'ada', displayName: 'Ada', language: 'sw', createdAt, deviceId }),
      ...changed,
      ...rev,
    })),
  enrolment: fc
    .tuple(
      extras,
      revision,
      time,
      device,
      fc.record({
        status: registerOf(fc.constantFrom('active' as const, 'withdrawn' as const)),
        enrolledAt: time,
        completedAt: fc.option(time),
      }),
    )
    .map(([more, rev, createdAt, deviceId, changed]) => ({
      ...more,
      ...newEnrolment({ learnerId: 'ada', courseId: 'maths-7', createdAt, deviceId }),
      ...changed,
      ...rev,
    })),
  progress: fc
    .tuple(
      extras,
      revision,
      time,
      device,
      fc.record({
        lessons: fc.dictionary(fc.constantFrom('halves', 'thirds', '1'), lesson),
        resume: fc.option(
          registerOf(fc.record({ kind: fc.constantFrom('lesson' as const, 'quiz' as const), id: fc.constantFrom('halves', 'thirds') })),
        ),
      }),
    )
    .map(([more, rev, createdAt, deviceId, changed]) => ({
      ...more,
      ...newProgress({ learnerId: 'ada', courseId: 'maths-7', createdAt, deviceId }),
      ...changed,
      ...rev,
    })),
};

const bytes = (doc: unknown): string => JSON.stringify(doc);

function laws<Type extends MergedTypeName>(type: Type): void {
  const version = versions[type] as fc.Arbitrary<DocumentOf<Type>>; // the table pairs each type with its own
  const merge = (...leaves: DocumentOf<Type>[]): DocumentOf<Type> => mergeDocuments(type, leaves);

  describe(`the merge of ${type}`, () => {
    it('is commutative, to the byte', () => {
      fc.assert(
        fc.property(version, version, (a, b) => {
          expect(bytes(merge(a, b))).toBe(bytes(merge(b, a)));
        }),
      );
    });
    it('is associative, to the byte', () => {
      fc.assert(
        fc.property(version, version, version, (a, b, c) => {
          expect(bytes(merge(merge(a, b), c))).toBe(bytes(merge(a, merge(b, c))));
        }),
      );
    });
    it('is idempotent, to the byte', () => {
      fc.assert(
        fc.property(version, (a) => {
          expect(bytes(merge(merge(a), a))).toBe(bytes(merge(a)));
        }),
      );
    });
    it('gives the same bytes for any order and repetition of its leaves', () => {
      const shuffled = fc
        .array(version, { minLength: 1, maxLength: 4 })
        .chain((leaves) => fc.tuple(fc.constant(leaves), fc.shuffledSubarray([...leaves, ...leaves], { minLength: 2 * leaves.length })));
      fc.assert(
        fc.property(shuffled, ([leaves, again]) => {
          expect(bytes(merge(...again))).toBe(bytes(merge(...leaves)));
        }),
      );
    });
    it('gives a valid document with the id and without revisions', () => {
      fc.assert(
        fc.property(version, version, (a, b) => {
          const merged = merge(a, b);
          expect(v.is(documentTypes[type].schema, merged)).toBe(true);
          expect(Object.keys(merged).filter((name) => name.startsWith('_'))).toEqual(['_id']);
        }),
      );
    });
    it('keeps every field that a newer program wrote', () => {
      fc.assert(
        fc.property(version, version, (a, b) => {
          const merged = merge(a, b);
          const names = [...Object.keys(a), ...Object.keys(b)].filter((name) => !name.startsWith('_'));
          expect(names.filter((name) => !Object.hasOwn(merged, name))).toEqual([]);
        }),
      );
    });
  });
}

for (const type of [
  'profile',
  'enrolment',
  'progress',
  'assignment',
  'seating',
  'class-sign-in',
  'class-code',
  'course-draft',
  'lesson-draft',
  'quiz-draft',
] as const)
  laws(type);

describe('a merge', () => {
  const origin = { createdAt: '2026-01-02T00:00:00.000Z', deviceId: 'phone-1' };
  const empty = newProgress({ ...origin, learnerId: 'ada', courseId: 'maths-7' });

  it('exists for every type that merges, and for no other', () => {
    const merged = Object.entries(documentTypes).filter(([, { mutability }]) => mutability === 'merges');
    expect(merged.map(([type]) => type).filter((type) => !isMergedType(type))).toEqual([]);
    expect(isMergedType('attempt')).toBe(false);
    expect(isMergedType('constructor')).toBe(false);
  });

  it('keeps the lesson completed first, the farthest part seen, and each device’s own seconds', () => {
    const lessonOn = (deviceId: string, completedAt: string | null, seen: number, seconds: number) => ({
      ...empty,
      lessons: { halves: { completedAt, seen, seconds: { [deviceId]: seconds } } },
    });
    const merged = mergeProgress(
      lessonOn('phone-1', '2026-01-05T00:00:00.000Z', 0.4, 60),
      lessonOn('tablet-2', '2026-01-03T00:00:00.000Z', 0.9, 30),
    );
    expect(merged.lessons).toEqual({
      halves: { completedAt: '2026-01-03T00:00:00.000Z', seen: 0.9, seconds: { 'phone-1': 60, 'tablet-2': 30 } },
    });
  });

  it('lets a learner’s change win over what another device began with, whatever the clocks', () => {
    const profile = newProfile({ ...origin, learnerId: 'ada', displayName: 'Ada', language: 'en' });
    const renamed = { ...profile, displayName: bumpRegister(profile.displayName, 'Ada W.', 'phone-1') };
    const begunLater = newProfile({
      createdAt: '2031-01-01T00:00:00.000Z',
      deviceId: 'tablet-9',
      learnerId: 'ada',
      displayName: 'ada',
      language: 'en',
    });
    expect(mergeProfile(begunLater, renamed).displayName.value).toBe('Ada W.');
    expect(mergeProfile(begunLater, renamed)).toMatchObject(origin);
  });

  it('keeps the first enrolment and the first completion', () => {
    const enrolment = newEnrolment({ ...origin, learnerId: 'ada', courseId: 'maths-7' });
    const done = { ...enrolment, enrolledAt: '2026-01-01T00:00:00.000Z', completedAt: '2026-02-01T00:00:00.000Z' };
    expect(mergeEnrolment(enrolment, done)).toMatchObject({ enrolledAt: done.enrolledAt, completedAt: done.completedAt });
  });

  it('refuses two different documents', () => {
    const other = newProgress({ ...origin, learnerId: 'ada', courseId: 'art-8' });
    expect(() => mergeProgress(empty, other)).toThrow(RangeError);
    expect(() => mergeDocuments('progress', [])).toThrow(RangeError);
  });
});

describe('the join of unknown values', () => {
  const value = fc.oneof(json, extras);
  it('is commutative, associative and idempotent', () => {
    const text = (one: unknown) => JSON.stringify(one, (_name, each: unknown) => (Object.is(each, -0) ? 0 : each));
    const same = (one: unknown, other: unknown) => expect(JSON.parse(text(one))).toEqual(JSON.parse(text(other)));
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        same(joinUnknown(a, b), joinUnknown(b, a));
        same(joinUnknown(joinUnknown(a, b), c), joinUnknown(a, joinUnknown(b, c)));
        same(joinUnknown(a, a), a);
      }),
    );
  });
});
