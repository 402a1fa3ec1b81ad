import { expect, test } from 'vitest';
import { runStorageSchedule } from './testing/storage-schedule.fixture.ts';

// More of them, from other seeds: `npm run fuzz:sync -- --storage app`.
test('both sides are the same after schedules of chance, and nothing is kept that may not be read (D, X, A, F2)', async () => {
  for (let seed = 1; seed <= 8; seed += 1) expect(await runStorageSchedule(seed), `seed ${seed}`).toEqual([]);
}, 120_000);

test('what others wrote goes from a person’s own database with the access to it, though the ledger was lost in between (A4, F1)', async () => {
  for (const seed of [1052, 1256, 1290]) expect(await runStorageSchedule(seed), `seed ${seed}`).toEqual([]);
}, 120_000);
