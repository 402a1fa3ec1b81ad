import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EmbeddedStore, startEmbeddedStore } from './index.ts';

let dataDir = '';
let store: EmbeddedStore;
const headers = { authorization: `Basic ${btoa('admin:secret')}`, 'content-type': 'application/json' };

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'darasa-feeds-'));
  store = await startEmbeddedStore({ dataDir, admin: { name: 'admin', password: 'secret' } });
  await fetch(`${store.url}/db`, { method: 'PUT', headers });
});
afterEach(async () => {
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function openFeed(feed: string): Promise<ReadableStreamDefaultReader<Uint8Array> | undefined> {
  const response = await fetch(`${store.url}/db/_changes?feed=${feed}&since=now&heartbeat=20`, { headers });
  const reader = response.body?.getReader();
  await reader?.read();
  return reader;
}

async function readToEnd(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<'ended'> {
  for (;;) {
    const part = await reader?.read().catch(() => undefined);
    if (!part || part.done) return 'ended';
  }
}

it.each(['longpoll', 'continuous', 'eventsource'])('a %s feed ends when its database is deleted', async (feed) => {
  const reader = await openFeed(feed);
  await fetch(`${store.url}/db`, { method: 'DELETE', headers });
  expect(await readToEnd(reader)).toBe('ended');
});

it('feeds end when the store closes, and the data directory can be opened again at once', async () => {
  const readers = await Promise.all(['longpoll', 'continuous'].map(openFeed));
  await store.close();
  expect(await Promise.all(readers.map(readToEnd))).toEqual(['ended', 'ended']);
  store = await startEmbeddedStore({ dataDir, admin: { name: 'admin', password: 'secret' } });
  expect((await fetch(`${store.url}/db`, { headers })).status).toBe(200);
});

it('purging, compacting and new limits do not stop writes that go on meanwhile', async () => {
  const design = { validate_doc_update: 'function () {}' };
  await fetch(`${store.url}/db/_design/v`, { method: 'PUT', headers, body: JSON.stringify(design) });
  const send = (method: string, path: string, body: unknown) =>
    fetch(`${store.url}/db${path}`, { method, headers, body: JSON.stringify(body) }).then(({ status }) => status);
  const writes = Array.from({ length: 60 }, (_, n) => send('PUT', `/doc-${n}`, { n }));
  const upkeep = [send('POST', '/_purge', { 'doc-1': ['1-none'] }), send('PUT', '/_revs_limit', 10), send('POST', '/_compact', {})];
  const redesign = send('PUT', '/_design/w', design);
  expect(new Set(await Promise.all(writes))).toEqual(new Set([201]));
  expect(await Promise.all(upkeep)).toEqual([201, 200, 202]);
  expect(await redesign).toBe(201);
});
