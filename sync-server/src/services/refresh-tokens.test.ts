import { describe, expect, it } from 'vitest';
import { memoryStore } from './memory-store.fixture.ts';
import { RefreshTokens, type TokenOrigin } from './refresh-tokens.ts';

const DAY_MS = 86_400_000;

function family() {
  const clock = { at: 0 };
  const environment = { now: () => clock.at, random: (bytes: Uint8Array) => crypto.getRandomValues(new Uint8Array(bytes.length)) };
  const store = memoryStore();
  let writes = 0;
  const counted = {
    ...store,
    write: (record: Parameters<typeof store.write>[0]) => {
      writes += 1;
      return store.write(record);
    },
  };
  const server = (): RefreshTokens => new RefreshTokens(counted, environment, 90);
  return { clock, store, server, writes: () => writes };
}

async function refreshed(server: RefreshTokens, token: string): Promise<{ token: string; origin: TokenOrigin }> {
  const outcome = await server.use(token);
  if (!outcome.ok) throw new Error(outcome.reason);
  return { token: outcome.refreshToken, origin: outcome.origin };
}

describe('a refresh token', () => {
  it('whose reply was lost is answered again after weeks, with the same successor', async () => {
    const { clock, server } = family();
    const { refreshToken } = await server().begin('ada', 'tablet-1');
    const lost = await refreshed(server(), refreshToken);
    clock.at += 40 * DAY_MS;
    expect(await refreshed(server(), refreshToken)).toEqual(lost);
    expect((await server().use(lost.token)).ok).toBe(true);
  });

  it('ends its family when it is shown after a request with an access token of its successor’s generation', async () => {
    const { server } = family();
    const one = server();
    const { refreshToken, origin } = await one.begin('ada', null);
    await one.arrived(origin);
    const next = await refreshed(one, refreshToken);
    await one.arrived(next.origin);
    expect(await one.use(refreshToken)).toEqual({ ok: false, reason: 'reused' });
    expect(await one.use(next.token)).toEqual({ ok: false, reason: 'unknown' });
  });

  it('ends its family when it is shown after its successor was used', async () => {
    const { server } = family();
    const { refreshToken } = await server().begin('ada', null);
    const second = await refreshed(server(), refreshToken);
    const third = await refreshed(server(), second.token);
    expect(await server().use(refreshToken)).toEqual({ ok: false, reason: 'reused' });
    expect(await server().use(third.token)).toEqual({ ok: false, reason: 'unknown' });
  });

  it('is not spoilt by an access token that was signed before it was replaced', async () => {
    const { server } = family();
    const one = server();
    const { refreshToken } = await one.begin('ada', null);
    const second = await refreshed(one, refreshToken);
    await one.arrived(second.origin);
    const third = await refreshed(one, second.token);
    // The reply with the third was lost: the device goes on with what it has, here and at a server that starts anew.
    await one.arrived(second.origin);
    await server().arrived(second.origin);
    expect(await refreshed(one, second.token)).toEqual(third);
  });

  it('is judged alike by every server: what one has seen arrive, the other counts as arrived', async () => {
    const { server } = family();
    const [one, other] = [server(), server()];
    const { refreshToken } = await one.begin('ada', null);
    const next = await refreshed(one, refreshToken);
    await other.arrived(next.origin);
    expect(await one.use(refreshToken)).toEqual({ ok: false, reason: 'reused' });
  });

  it('costs one write a generation, however many requests come with its access token', async () => {
    const { server, writes } = family();
    const one = server();
    const { refreshToken, origin } = await one.begin('ada', null);
    for (let i = 0; i < 5; i += 1) await one.arrived(origin);
    expect(writes()).toBe(1);
    const next = await refreshed(one, refreshToken);
    for (let i = 0; i < 5; i += 1) await one.arrived(next.origin);
    expect(writes()).toBe(3);
  });

  it('used at several servers in the same moment has one successor', async () => {
    const { server } = family();
    const { refreshToken } = await server().begin('ada', null);
    const answers = await Promise.all([server(), server(), server()].map((each) => refreshed(each, refreshToken)));
    expect(new Set(answers.map(({ token }) => token))).toHaveLength(1);
  });

  it('and the proof of the one before may cross: the new one is kept', async () => {
    const { server } = family();
    const { refreshToken } = await server().begin('ada', null);
    const second = await refreshed(server(), refreshToken);
    const [third] = await Promise.all([refreshed(server(), second.token), server().arrived(second.origin)]);
    expect(await refreshed(server(), second.token)).toEqual(third);
  });

  it('that a thief shows first ends the family when the device comes', async () => {
    const { server } = family();
    const { refreshToken } = await server().begin('ada', null);
    const stolen = await refreshed(server(), refreshToken);
    await server().arrived(stolen.origin);
    expect((await server().use(refreshToken)).ok).toBe(false);
    expect((await server().use(stolen.token)).ok).toBe(false);
  });

  it('that thief and device both hold ends the family at the second refresh', async () => {
    const { server } = family();
    const { refreshToken } = await server().begin('ada', null);
    const device = await refreshed(server(), refreshToken);
    const thief = await refreshed(server(), refreshToken);
    expect(thief).toEqual(device);
    const ahead = await refreshed(server(), thief.token);
    await server().arrived(ahead.origin);
    expect((await server().use(device.token)).ok).toBe(false);
    expect((await server().use(ahead.token)).ok).toBe(false);
  });

  it('of an account that has signed out is unknown, and its access token writes nothing more', async () => {
    const { server, store } = family();
    const one = server();
    const { refreshToken } = await one.begin('ada', null);
    const next = await refreshed(one, refreshToken);
    await one.end(next.token);
    await one.arrived(next.origin);
    expect(store.ids()).toEqual([]);
  });
});
