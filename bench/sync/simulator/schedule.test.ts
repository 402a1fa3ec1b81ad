import { expect, test } from 'vitest';
import { runSchedule } from './schedule.ts';

/** Fresh seeds each day, so that every day looks somewhere else; a failure names its seed. */
const TODAY = Math.floor(Date.now() / 86_400_000) * 10_000;

test.each([
  ['the schedules of every run', 1, 1_000],
  ['schedules of today', TODAY, 1_000],
])(
  '%s: equal where access is equal, nothing lost or changed, nothing kept that may not be read, every merge merged (A4, A5, D4, D6, E2, E3, X2, X9, N2, N3, F1, F2, F3)',
  async (_, first, count) => {
    for (let seed = first; seed < first + count; seed += 1) {
      const { broken } = await runSchedule(seed);
      expect(broken, `npm run fuzz:sync -- --schedules 1 --seed ${seed}`).toEqual([]);
    }
  },
  1_200_000,
);

test('the same seed is the same schedule, step by step (F4)', async () => {
  expect(await runSchedule(77)).toEqual(await runSchedule(77));
});
