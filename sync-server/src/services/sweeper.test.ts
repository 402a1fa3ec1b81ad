import { describe, expect, it } from 'vitest';
import { LockOut } from './lock-out.ts';
import { memoryStore } from './memory-store.fixture.ts';
import { RefreshTokens } from './refresh-tokens.ts';
import { sweep } from './sweeper.ts';

describe('the sweeper', () => {
  it('removes lock-outs and refresh tokens that have expired, and nothing else', async () => {
    const store = memoryStore();
    const clock = { at: 0 };
    const environment = { now: () => clock.at, random: (bytes: Uint8Array) => crypto.getRandomValues(new Uint8Array(bytes.length)) };
    await new LockOut(store, environment).admit({ school: 'greenhill', username: 'ada', address: '192.0.2.1' });
    await new RefreshTokens(store, environment, 90).begin('k3v9', null);
    await store.write({ _id: 'school:greenhill', name: 'Greenhill' });
    const left = async (at: number): Promise<string[]> => {
      clock.at = at;
      await sweep(store, environment);
      return store.ids().map((id) => id.split(':')[0] ?? '');
    };
    expect(await left(14 * 60_000)).toEqual(['lock-out', 'lock-out', 'refresh', 'school']);
    expect(await left(16 * 60_000)).toEqual(['refresh', 'school']);
    expect(await left(91 * 86_400_000)).toEqual(['school']);
  });
});
