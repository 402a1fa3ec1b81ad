import type { CouchAdmin } from '@darasa/couchdb/provisioning';
import { describe, expect, it } from 'vitest';
import { AccessTokens } from './access-tokens.ts';
import { memoryStore } from './memory-store.fixture.ts';
import { SigningKeys } from './signing-keys.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A CouchDB of which only the configured keys matter. */
function couchOfKeys(): { admin: CouchAdmin; kids: () => string[] } {
  const config = new Map<string, unknown>();
  const admin: CouchAdmin = {
    url: 'http://couch.example',
    async request(method, path, { body } = {}) {
      if (path === '/_membership') return { status: 404, body: {} };
      if (method === 'PUT') config.set(path, body);
      if (method === 'DELETE') config.delete(path);
      return config.has(path) ? { status: 200, body: config.get(path) } : { status: 404, body: {} };
    },
  };
  return { admin, kids: () => [...config.keys()].map((path) => decodeURIComponent(path).split('ec:')[1] ?? '').sort() };
}

function school() {
  const clock = { at: Date.UTC(2026, 0, 5) };
  const store = memoryStore();
  const couch = couchOfKeys();
  const environment = { now: () => clock.at, random: (bytes: Uint8Array) => crypto.getRandomValues(new Uint8Array(bytes.length)) };
  return {
    clock,
    couch,
    store,
    async server() {
      const keys = await SigningKeys.open(store, couch.admin, environment);
      return { keys, tokens: new AccessTokens(keys, environment, 900) };
    },
  };
}

const claims = { accountId: 'ada', school: 'greenhill', name: 'Ada', roles: ['learner'] };
const kidsOf = async (keys: SigningKeys): Promise<string[]> => (await keys.jwks()).keys.map(({ kid }) => kid ?? '').sort();

describe('a signing key', () => {
  it('signs for ninety days; the next start makes a new one, and the old one still verifies', async () => {
    const { clock, server } = school();
    const first = await server();
    clock.at += 89 * DAY_MS;
    expect((await server()).keys.current.kid).toBe(first.keys.current.kid);
    clock.at += DAY_MS;
    const token = await first.tokens.sign(claims);
    const next = await server();
    expect(next.keys.current.kid).not.toBe(first.keys.current.kid);
    expect(await next.tokens.verify(token)).toMatchObject({ accountId: 'ada' });
    expect(await kidsOf(next.keys)).toHaveLength(2);
  });

  it('that was replaced goes a day later, from the JWKS, from CouchDB and from the database', async () => {
    const { clock, couch, store, server } = school();
    const { keys } = await server();
    const old = keys.current.kid;
    clock.at += 90 * DAY_MS;
    await keys.keepUp();
    clock.at += 23 * HOUR_MS;
    await keys.keepUp();
    expect(couch.kids()).toContain(old);
    clock.at += HOUR_MS;
    await keys.keepUp();
    expect(await kidsOf(keys)).toEqual([keys.current.kid]);
    expect(couch.kids()).toEqual([keys.current.kid]);
    expect(store.ids()).toEqual([`signing-key:${keys.current.kid}`]);
  });

  it('is never removed while it is the only one that every server knows, however old it is', async () => {
    const { clock, couch, server } = school();
    const { keys } = await server();
    clock.at += 300 * DAY_MS;
    await keys.keepUp();
    expect(couch.kids()).toHaveLength(2);
  });

  it('is replaced while the server runs, and every server comes to the same one', async () => {
    const { clock, couch, server } = school();
    const [one, other] = [await server(), await server()];
    expect(one.keys.current.kid).toBe(other.keys.current.kid);
    clock.at += 90 * DAY_MS;
    // In the same moment: both make one, and each verifies the other's.
    await Promise.all([one.keys.keepUp(), other.keys.keepUp()]);
    const [ofOne, ofOther] = [await one.tokens.sign(claims), await other.tokens.sign(claims)];
    clock.at += 60_000;
    expect(await other.tokens.verify(ofOne)).not.toBeNull();
    expect(await one.tokens.verify(ofOther)).not.toBeNull();
    await Promise.all([one.keys.keepUp(), other.keys.keepUp()]);
    expect(one.keys.current.kid).toBe(other.keys.current.kid);
    clock.at += DAY_MS;
    await Promise.all([one.keys.keepUp(), other.keys.keepUp()]);
    expect(couch.kids()).toEqual([one.keys.current.kid]);
    expect(await kidsOf(other.keys)).toEqual([one.keys.current.kid]);
  });

  it('of another server that was made a moment ago is looked up', async () => {
    const { clock, server } = school();
    const [one, other] = [await server(), await server()];
    clock.at += 11_000;
    await one.keys.rotate();
    expect(await other.tokens.verify(await one.tokens.sign(claims))).not.toBeNull();
  });
});
