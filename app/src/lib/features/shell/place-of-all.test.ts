import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { SyncView, WorkItem } from '$lib/client/index.ts';
import { speakLanguage } from '$lib/messages/index.ts';
import { placeOfAll, sinceWords } from './place-of-all.ts';

beforeAll(async () => {
  // The language is written into the page as well.
  vi.stubGlobal('document', { documentElement: {} });
  await speakLanguage('en');
});
afterAll(() => vi.unstubAllGlobals());

const sync: SyncView = {
  state: 'resting',
  place: { kind: 'school', name: '' },
  places: [],
  lastContactAt: '2026-05-20T07:00:00.000Z',
  unsent: 0,
  atLaptop: 0,
  remaining: null,
  moved: { received: 0, sent: 0, bytes: 0 },
  proved: true,
  refused: [],
  work: [],
  rest: null,
  heldBack: null,
  dataUse: 'always',
  dataUsed: { today: 0, month: 0 },
  onDevice: { documents: 1, courses: 1 },
  problem: null,
  unreadable: 0,
};
const refused: WorkItem = { id: 'x', type: 'attempt', title: '', at: '2026-05-20T07:00:00.000Z', place: 'refused', reason: 'no' };

it('all work is at the farthest place that all of it has proved to have reached', () => {
  expect(placeOfAll(sync)).toBe('school');
  expect(placeOfAll({ ...sync, atLaptop: 1 })).toBe('laptop');
  expect(placeOfAll({ ...sync, unsent: 1, atLaptop: 1 })).toBe('device');
  expect(placeOfAll({ ...sync, unsent: 1 })).toBe('device');
  expect(placeOfAll({ ...sync, unsent: 1, refused: [refused] })).toBe('refused');
});

it('work that the school took is not said to be all there before both sides were compared (D4)', () => {
  expect(placeOfAll({ ...sync, proved: false })).toBe('device');
});

it('what nobody has answered for is on the device', () => {
  expect(placeOfAll(undefined)).toBe('device');
  expect(placeOfAll({ ...sync, place: null, lastContactAt: null })).toBe('device');
});

it('since when that is known is said in words', () => {
  const now = new Date('2026-05-20T10:00:00.000Z');
  expect(sinceWords(sync, now)).toBe('Last contact: 3 hours ago');
  expect(sinceWords({ ...sync, lastContactAt: null }, now)).toBe('Last contact: Never yet');
  expect(sinceWords(undefined, now)).toBeNull();
});
