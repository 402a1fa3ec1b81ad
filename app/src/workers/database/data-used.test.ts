import { expect, test } from 'vitest';
import { dataUsedOn, dayOf, keptDataUsed, withDataUsed } from './data-used.ts';

test('bytes add up by the day and by the month', () => {
  const morning = withDataUsed(keptDataUsed(undefined), 1_000, '2026-01-30');
  const evening = withDataUsed(morning, 500, '2026-01-30');
  expect(dataUsedOn(evening, '2026-01-30')).toEqual({ today: 1_500, month: 1_500 });
  const next = withDataUsed(evening, 10, '2026-01-31');
  expect(dataUsedOn(next, '2026-01-31')).toEqual({ today: 10, month: 1_510 });
});

test('a new day, and a new month, begin at nothing, though nothing was used in them yet', () => {
  const kept = withDataUsed(keptDataUsed(undefined), 1_000, '2026-01-31');
  expect(dataUsedOn(kept, '2026-02-01')).toEqual({ today: 0, month: 0 });
  expect(dataUsedOn(withDataUsed(kept, 7, '2026-02-01'), '2026-02-01')).toEqual({ today: 7, month: 7 });
});

test('what was kept and cannot be read counts as nothing', () => {
  expect(dataUsedOn(keptDataUsed({ day: 3 }), '2026-01-31')).toEqual({ today: 0, month: 0 });
});

test('the day is the device’s own, in order of text', () => {
  expect(dayOf(new Date(2026, 8, 5, 23, 59).getTime())).toBe('2026-09-05');
});
