import { describe, expect, it } from 'vitest';
import { LockOut } from './lock-out.ts';
import { memoryStore } from './memory-store.fixture.ts';

function fresh() {
  const clock = { at: 1_000_000 };
  const store = memoryStore();
  return { clock, store, lockOut: new LockOut(store, { now: () => clock.at, random: (bytes) => bytes }) };
}

describe('lock-out', () => {
  it('admits five tries, and counts tries of one moment one by one', async () => {
    const { lockOut } = fresh();
    const tries = await Promise.all(Array.from({ length: 12 }, () => lockOut.admit('greenhill', 'ada')));
    expect(tries.filter(({ admitted }) => admitted)).toHaveLength(5);
  });

  it('says how long it lasts, and is over then', async () => {
    const { lockOut, clock } = fresh();
    for (let i = 0; i < 5; i += 1) await lockOut.admit('greenhill', 'ada');
    clock.at += 60_000;
    expect(await lockOut.admit('greenhill', 'ada')).toEqual({ admitted: false, retryAfterSeconds: 840 });
    clock.at += 840_000;
    expect(await lockOut.admit('greenhill', 'ada')).toEqual({ admitted: true });
  });

  it('is of one name in one school, however the name is typed', async () => {
    const { lockOut } = fresh();
    for (const name of ['ada', 'ADA', ' ada', 'Ada ', 'ada']) await lockOut.admit('greenhill', name);
    expect((await lockOut.admit('greenhill', 'ada')).admitted).toBe(false);
    expect((await lockOut.admit('greenhill', 'ben')).admitted).toBe(true);
    expect((await lockOut.admit('hillside', 'ada')).admitted).toBe(true);
  });

  it('is forgotten after a right password, and keeps no name in readable form', async () => {
    const { lockOut, store } = fresh();
    for (let i = 0; i < 4; i += 1) await lockOut.admit('greenhill', 'ada');
    expect(store.ids().join()).not.toContain('ada');
    await lockOut.clear('greenhill', 'ada');
    expect(store.ids()).toEqual([]);
  });
});
