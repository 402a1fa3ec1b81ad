import { expect, test } from 'vitest';
import { runStorageSchedule } from './testing/storage-schedule.fixture.ts';

// More of them, from other seeds: `npm run fuzz:sync -- --storage app`.
test('both sides are the same after schedules of chance, and nothing is kept that may not be read (D, X, A, F2)', async () => {
  for (let seed = 1; seed <= 8; seed += 1) expect(await runStorageSchedule(seed), `seed ${seed}`).toEqual([]);
}, 120_000);
