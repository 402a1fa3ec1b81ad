import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { otherOrigins } from './other-origins.ts';
import type { ServerEnv } from './server-context.ts';

const SCHOOL = 'https://learn.example.org';
const app = new Hono<ServerEnv>();
app.use(otherOrigins([SCHOOL]));
app.all('*', (c) => c.text('answered'));

const ask = (path: string, origin: string, preflight = false) =>
  app.request(path, {
    method: preflight ? 'OPTIONS' : 'POST',
    headers: {
      origin,
      ...(preflight
        ? {
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization,content-encoding,content-type,darasa-clock,darasa-device',
            'access-control-request-private-network': 'true',
          }
        : {}),
    },
  });

it('the app of a named origin may sign in and sync, and is named, never *', async () => {
  for (const path of ['/v1/auth/login', '/v1/auth/refresh', '/v1/schools', '/db/school-greenhill/_exchange']) {
    const before = await ask(path, SCHOOL, true);
    expect(before.status).toBe(204);
    expect(before.headers.get('access-control-allow-origin')).toBe(SCHOOL);
    expect(before.headers.get('access-control-allow-private-network')).toBe('true');
    expect(before.headers.get('access-control-allow-headers')?.toLowerCase()).toMatch(/authorization.*content-encoding.*darasa-device/);
    expect(before.headers.has('access-control-allow-credentials')).toBe(false);
    const answer = await ask(path, SCHOOL);
    expect(answer.headers.get('access-control-allow-origin')).toBe(SCHOOL);
    expect(answer.headers.get('vary')).toMatch(/origin/i);
  }
});

it('no other origin may, and nobody may ask for admin or the database itself', async () => {
  const elsewhere = ['https://learn.example.org.evil.example', 'http://learn.example.org', 'null'];
  for (const origin of elsewhere) {
    for (const preflight of [true, false]) {
      const answer = await ask('/v1/auth/login', origin, preflight);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.get('access-control-allow-private-network')).toBeNull();
    }
  }
  for (const path of ['/v1/admin/accounts', '/couch/_all_dbs', '/metrics', '/v1/hubs/token']) {
    expect((await ask(path, SCHOOL)).headers.get('access-control-allow-origin')).toBeNull();
  }
});
