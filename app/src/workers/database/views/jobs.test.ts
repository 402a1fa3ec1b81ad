import { expect, test } from 'vitest';
import type { JobLine } from '../api.ts';
import { inOrderOfUse } from './jobs.ts';

const job = (id: string, change: Partial<JobLine>): JobLine => ({
  id,
  title: id,
  employerName: 'Fundi Works',
  place: 'Kisumu',
  descriptionHtml: '',
  closesAt: null,
  closed: false,
  own: false,
  courses: [],
  ...change,
});

test('jobs come with one’s own first, then open ones by the date of closing, and closed ones last', () => {
  const jobs = [
    job('closed', { closed: true, closesAt: '2026-01-01T00:00:00.000Z' }),
    job('no end', {}),
    job('later', { closesAt: '2026-09-01T00:00:00.000Z' }),
    job('soon', { closesAt: '2026-02-01T00:00:00.000Z' }),
    job('mine, closed', { own: true, closed: true, closesAt: '2026-01-01T00:00:00.000Z' }),
    job('mine', { own: true }),
  ];
  const wanted = ['mine', 'mine, closed', 'soon', 'later', 'no end', 'closed'];
  expect(inOrderOfUse(jobs).map(({ id }) => id)).toEqual(wanted);
  expect(inOrderOfUse([...jobs].reverse()).map(({ id }) => id)).toEqual(wanted);
});
