import { describe, expect, it } from 'vitest';
import { AccessTokens } from './access-tokens.ts';
import { memoryStore } from './memory-store.fixture.ts';
import { SigningKeys } from './signing-keys.ts';

describe('an access token', () => {
  it('is verified once while it lives, is told of each time, and is not good a moment longer', async () => {
    const clock = { at: Date.UTC(2026, 0, 5) };
    const environment = { now: () => clock.at, random: (bytes: Uint8Array) => crypto.getRandomValues(new Uint8Array(bytes.length)) };
    const admin = { url: 'http://couch.example', request: async () => ({ status: 404, body: {} }) };
    let seen = 0;
    const keys = await SigningKeys.open(memoryStore(), admin, environment);
    const tokens = new AccessTokens(keys, environment, 900, async () => {
      seen += 1;
    });
    const origin = { familyId: 'f1', generation: 3 };
    const token = await tokens.sign({ accountId: 'ada', school: 'greenhill', name: 'Ada', roles: ['learner'], origin });
    const first = await tokens.verify(token);
    expect(first).toMatchObject({ accountId: 'ada', origin });
    expect(await tokens.verify(token)).toBe(first);
    expect(seen).toBe(2);
    expect(await tokens.verify(`${token.slice(0, -4)}AAAA`)).toBeNull();
    clock.at += 900_000;
    expect(await tokens.verify(token)).toBeNull();
    expect(seen).toBe(2);
  });
});
