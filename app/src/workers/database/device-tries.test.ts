import { expect, test } from 'vitest';
import { waitOf } from './device-tries.ts';

test('five wrong secrets are free, each further one waits twice as long, and never more than a quarter of an hour', () => {
  const wait = (wrong: number, after = 0): number => waitOf({ wrong, at: 1_000 }, 1_000 + after);
  expect([0, 4, 5, 6, 7, 40].map((wrong) => wait(wrong))).toEqual([0, 0, 30_000, 60_000, 120_000, 900_000]);
  expect([wait(5, 29_999), wait(5, 30_000)]).toEqual([1, 0]);
});

test('a clock that was set back makes nobody wait longer', () => {
  expect(waitOf({ wrong: 5, at: 900_000 }, 0)).toBe(30_000);
});
