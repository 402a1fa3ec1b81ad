import * as v from 'valibot';
import { expect, test } from 'vitest';
import { isServerPath, serviceWorkerMessageSchema } from './service-worker.ts';

test.each([
  '/v1/auth/login',
  '/db/school-greenhill',
  '/couch/_utils/',
  '/couch',
  '/.well-known/jwks.json',
  '/healthz',
  '/readyz?x=1',
  '/metrics',
  '/hub',
])('%s is the server’s own', (path) => {
  expect(isServerPath(path)).toBe(true);
});

test.each(['/', '/courses', '/courses/db', '/database', '/v1x', '/couches', '/?v1', ''])('“%s” is a screen of the app', (path) => {
  expect(isServerPath(path)).toBe(false);
});

test('a service worker understands one message and no other', () => {
  expect(v.is(serviceWorkerMessageSchema, { type: 'SKIP_WAITING' })).toBe(true);
  expect(v.is(serviceWorkerMessageSchema, { type: 'CACHE_URLS' })).toBe(false);
  expect(v.is(serviceWorkerMessageSchema, 'SKIP_WAITING')).toBe(false);
});
