import { expect, it } from 'vitest';
import { summaryOf } from './summary.ts';

const proved = { unsent: 0, atLaptop: 0, lastContactAt: '2026-05-20T07:00:00.000Z', proved: true, refused: [] };

it('all work is said to have arrived when that is proved and nothing waits (D4)', () => {
  expect(summaryOf(proved)).toBe('arrived');
  expect(summaryOf({ ...proved, proved: false })).toBe('nothing-waits');
  expect(summaryOf({ ...proved, unsent: 1, atLaptop: 1 })).toBe('waiting');
  expect(summaryOf({ ...proved, atLaptop: 1 })).toBe('at-laptop');
  expect(summaryOf({ ...proved, proved: false, lastContactAt: null })).toBe('not-heard');
});

it('work that the school refused has not arrived (D7)', () => {
  const work = { id: 'x', type: 'attempt', title: '', at: '2026-05-20T07:00:00.000Z', place: 'refused', reason: 'not-allowed' } as const;
  expect(summaryOf({ ...proved, refused: [work] })).toBe('nothing-waits');
});
