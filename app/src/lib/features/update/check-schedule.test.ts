import { expect, test } from 'vitest';
import { checkIsDue } from './check-schedule.ts';

test('a new build is asked for at most once an hour', () => {
  const minute = 60_000;
  expect(checkIsDue(0, 59 * minute)).toBe(false);
  expect(checkIsDue(0, 60 * minute)).toBe(true);
  expect(checkIsDue(60 * minute, 61 * minute)).toBe(false);
  expect(checkIsDue(300 * minute, 0)).toBe(true);
});
