import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { rateLimit } from './rate-limit.ts';
import type { ServerEnv } from './server-context.ts';

function limited(trustedProxies = 1) {
  const clock = { now: 0 };
  const app = new Hono<ServerEnv>();
  app.use(rateLimit({ burst: 3, perMinute: 6, trustedProxies, now: () => clock.now }));
  app.get('/', (c) => c.text('in'));
  const ask = async (address: string) => (await app.request('/', { headers: { 'x-forwarded-for': address } }, {})).status;
  return { app, ask, clock };
}

describe('the rate limit', () => {
  it('lets a burst in and then so many a minute, for each address', async () => {
    const { ask, clock } = limited();
    expect([await ask('a'), await ask('a'), await ask('a'), await ask('a')]).toEqual([200, 200, 200, 429]);
    expect(await ask('b')).toBe(200);
    clock.now += 10_000;
    expect([await ask('a'), await ask('a')]).toEqual([200, 429]);
  });

  it('says when to come again', async () => {
    const { app, ask } = limited();
    for (let i = 0; i < 3; i += 1) await ask('a');
    const answer = await app.request('/', { headers: { 'x-forwarded-for': 'a' } }, {});
    expect(answer.headers.get('retry-after')).toBe('10');
    expect(await answer.json()).toMatchObject({ error: { id: 'too-many-requests', retryAfterSeconds: 10 } });
  });

  it('does not believe what a client writes into the header before the proxy', async () => {
    const { ask } = limited();
    for (let i = 0; i < 3; i += 1) await ask(`forged-${i}, real`);
    expect(await ask('forged-9, real')).toBe(429);
  });

  it('cannot be built so that nobody comes in', () => {
    expect(() => rateLimit({ burst: 0, perMinute: 6, trustedProxies: 0, now: () => 0 })).toThrow(RangeError);
  });
});
