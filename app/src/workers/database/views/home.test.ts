import type { DocumentOf } from '@darasa/shared/documents';
import { sampleDocument } from '@darasa/shared/fixtures';
import { expect, test } from 'vitest';
import { dueItems } from './home.ts';

const sample = <Type extends 'course' | 'outline' | 'class' | 'assignment'>(type: Type, partition: string): DocumentOf<Type> =>
  sampleDocument(type, partition, 'tembo') as DocumentOf<Type>; // a sample is of the type that was asked for
const materials = [{ course: sample('course', 'public'), outline: sample('outline', 'course-maths-7'), readable: true, lessonsHere: 1 }];
const work = { learnerId: 'ada', enrolments: [], progress: [], attempts: [], grades: [] };
const set = (title: string, more: Partial<DocumentOf<'assignment'>>): DocumentOf<'assignment'> => ({
  ...sample('assignment', 'class-7a'),
  title,
  ...more,
});
const due = (...assignments: DocumentOf<'assignment'>[]): string[] =>
  dueItems(materials, work, [{ card: sample('class', 'class-7a'), assignments, announcements: [] }]).map(({ assignment }) => assignment);

test('a learner sees what is set for the class and for them, what has a date first', () => {
  const later = set('later', { dueAt: '2026-03-01T14:00:00.000Z' });
  const sooner = set('sooner', { dueAt: '2026-02-01T14:00:00.000Z', learnerIds: ['ada'] });
  expect(due(set('any time', { instructions: 'Read.' }), later, sooner)).toEqual(['sooner', 'later', 'any time']);
});

test('a learner does not see what is set for others, nor what was taken back', () => {
  expect(due(set('for Ben', { learnerIds: ['ben'] }), set('taken back', { withdrawn: true }))).toEqual([]);
});
