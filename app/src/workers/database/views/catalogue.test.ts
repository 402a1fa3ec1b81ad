import { expect, test } from 'vitest';
import type { CourseCard } from '../api.ts';
import { catalogue } from './catalogue.ts';

function card(courseId: string, change: Partial<CourseCard>): CourseCard {
  return {
    courseId,
    title: courseId,
    summary: '',
    language: 'en',
    programme: 'school',
    category: 'mathematics',
    tier: 'youth',
    grade: null,
    level: 'beginner',
    tags: [],
    featured: false,
    minutes: 10,
    lessonCount: 1,
    quizCount: 0,
    mine: false,
    readable: true,
    onDevice: true,
    progress: 0,
    state: 'not-started',
    ...change,
  };
}

const cards = [
  card('maths', { grade: 7, tags: ['Sehemu', 'fractions'] }),
  card('music', { category: 'music', grade: 8, featured: true }),
  card('simu', { category: 'repair', programme: 'skills', language: 'sw', title: 'Ukarabati wa simu' }),
];
const ids = (view: ReturnType<typeof catalogue>): readonly string[] => view.courses.map(({ courseId }) => courseId);

test('featured courses come first, then by title', () => {
  expect(ids(catalogue(cards, {}))).toEqual(['music', 'maths', 'simu']);
});

test('text is found in titles and tags, without case and accents, all words of it', () => {
  expect(ids(catalogue(cards, { text: 'SÍMU ukara' }))).toEqual(['simu']);
  expect(ids(catalogue(cards, { text: 'sehemu' }))).toEqual(['maths']);
  expect(ids(catalogue(cards, { text: 'simu maths' }))).toEqual([]);
});

test('a facet counts what each of its values would leave, with the other filters kept', () => {
  const view = catalogue(cards, { programme: 'school', grade: 7 });
  expect(ids(view)).toEqual(['maths']);
  expect(view.facets.grade).toEqual({ 7: 1, 8: 1 });
  expect(view.facets.programme).toEqual({ school: 1 });
  expect(view.facets.language).toEqual({ en: 1 });
  expect(view.total).toBe(3);
});
