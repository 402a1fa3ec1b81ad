import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { personas } from '../../rules/access/personas.fixture.ts';
import { sampleAttempt, sampleDocument } from '../../rules/validation/sample-documents.fixture.ts';
import { structureError } from '../../rules/validation/structure.ts';
import { contentDigest } from '../digest.ts';
import { parseDocId } from '../ids.ts';
import { courseIdOf, gradeIdFor, learnerIdOf } from '../known-ids.ts';
import { documentTypes } from '../registry.ts';
import { attemptId } from './attempt.ts';

describe('the builders of documents', () => {
  for (const type of ['attempt', 'grade', 'lesson-event', 'feedback', 'profile', 'enrolment', 'progress'] as const) {
    it(`build a complete ${type}`, () => {
      const doc = sampleDocument(type, 'learner-ada', personas.teacher.name ?? '');
      const id = parseDocId(doc._id);
      expect(v.is(documentTypes[type].schema, doc)).toBe(true);
      expect(id && structureError(id, doc)).toBeNull();
    });
  }

  it('end the id of an attempt with the digest of its content (I4)', () => {
    const attempt = sampleAttempt('ada');
    expect(attempt._id).toBe(`learner-ada:attempt:maths-7:fractions-check:tablet-1:7:${contentDigest(attempt)}`);
    expect(attemptId(attempt)).toBe(attempt._id);
  });

  it('give a grade the key of its attempt', () => {
    const attempt = sampleAttempt('ada');
    expect(gradeIdFor(attempt._id)).toBe(attempt._id.replace(':attempt:', ':grade:'));
    expect(() => gradeIdFor('learner-ada:profile:me')).toThrow(RangeError);
  });

  it('name the course and the learner of an id', () => {
    const attempt = sampleAttempt('ada')._id;
    expect([courseIdOf(attempt), learnerIdOf(attempt)]).toEqual(['maths-7', 'ada']);
    expect([courseIdOf('keys-art-8:answer-key:x:v1'), learnerIdOf('keys-art-8:answer-key:x:v1')]).toEqual(['art-8', null]);
    expect(courseIdOf('learner-ada:profile:me')).toBeNull();
    expect(courseIdOf('_design/rules')).toBeNull();
  });
});
