import { describe, expect, it } from 'vitest';
import { LockOut } from './lock-out.ts';
import { memoryStore } from './memory-store.fixture.ts';

const ada = { school: 'greenhill', username: 'ada', address: '192.0.2.1' };

function fresh() {
  const clock = { at: 1_000_000 };
  const store = memoryStore();
  return { clock, store, lockOut: new LockOut(store, { now: () => clock.at, random: (bytes) => bytes }) };
}

describe('lock-out', () => {
  it('admits five tries, and counts tries of one moment one by one', async () => {
    const { lockOut } = fresh();
    const tries = await Promise.all(Array.from({ length: 12 }, () => lockOut.admit(ada)));
    expect(tries.filter(({ admitted }) => admitted)).toHaveLength(5);
  });

  it('says how long it lasts, and is over then', async () => {
    const { lockOut, clock } = fresh();
    for (let i = 0; i < 5; i += 1) await lockOut.admit(ada);
    clock.at += 60_000;
    expect(await lockOut.admit(ada)).toEqual({ admitted: false, retryAfterSeconds: 840 });
    clock.at += 840_000;
    expect(await lockOut.admit(ada)).toEqual({ admitted: true });
  });

  it('is of one name in one school, however the name is typed', async () => {
    const { lockOut } = fresh();
    for (const name of ['ada', 'ADA', ' ada', 'Ada ', 'ada']) await lockOut.admit({ ...ada, username: name });
    expect((await lockOut.admit(ada)).admitted).toBe(false);
    expect((await lockOut.admit({ ...ada, username: 'ben' })).admitted).toBe(true);
    expect((await lockOut.admit({ ...ada, school: 'hillside' })).admitted).toBe(true);
  });

  it('is forgotten after a right password, and keeps no name in readable form', async () => {
    const { lockOut, store } = fresh();
    for (let i = 0; i < 4; i += 1) await lockOut.admit(ada);
    expect(store.ids().join()).not.toContain('ada');
    await lockOut.clear(ada, null);
    expect(store.ids()).toEqual([]);
  });

  it('from one network leaves others in, until fifty failures lock the name everywhere', async () => {
    const { lockOut } = fresh();
    const tryFrom = async (address: string) => (await lockOut.admit({ ...ada, address })).admitted;
    for (let i = 0; i < 20; i += 1) await tryFrom('198.51.100.7');
    expect(await tryFrom('198.51.100.7')).toBe(false);
    expect(await tryFrom('192.0.2.1')).toBe(true);
    // Five were counted from the first and one from the second.
    const admitted = await Promise.all(Array.from({ length: 60 }, (_, i) => tryFrom(`203.0.113.${i}`)));
    expect(admitted.filter(Boolean)).toHaveLength(44);
    expect(await tryFrom('192.0.2.99')).toBe(false);
  });

  it('takes the addresses of one IPv6 network for one', async () => {
    const { lockOut } = fresh();
    for (const last of ['1', '2:3', 'a:b:c:d', '5', '6'])
      await lockOut.admit({ ...ada, address: last.includes('a:') ? `2001:db8:0:1:${last}` : `2001:db8:0:1::${last}` });
    expect((await lockOut.admit({ ...ada, address: '2001:db8:0:1::99' })).admitted).toBe(false);
    expect((await lockOut.admit({ ...ada, address: '2001:db8:0:2::1' })).admitted).toBe(true);
    expect((await lockOut.admit({ ...ada, address: '::1' })).admitted).toBe(true);
  });

  it('counts a known device for itself, five times', async () => {
    const { lockOut, store } = fresh();
    for (let i = 0; i < 6; i += 1) await lockOut.admit(ada);
    const tries = await Promise.all(Array.from({ length: 7 }, () => lockOut.admitDevice(ada, 'tablet-1')));
    expect(tries.filter(({ admitted }) => admitted)).toHaveLength(5);
    await lockOut.clear(ada, 'tablet-1');
    expect(store.ids()).toEqual([]);
  });
});
