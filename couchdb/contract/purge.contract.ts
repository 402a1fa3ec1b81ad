import { expect, it } from 'vitest';
import { useStore } from './harness.ts';

const store = useStore();

it('a purged document is gone without a trace, from views too', async () => {
  const db = await store.database();
  await store.call('PUT', `/${db}/_design/v`, { body: { views: { all: { map: 'function (doc) { emit(doc._id, 1); }' } } } });
  await store.put(db, 'stays');
  const rev = await store.put(db, 'goes', { n: 1 });
  await store.call('PUT', `/${db}/goes/file.bin?rev=${rev}`, { raw: 'x', headers: { 'content-type': 'image/png' } });
  const current = (await store.call('GET', `/${db}/goes`)).json._rev;
  expect((await store.call('GET', `/${db}/_design/v/_view/all`)).json.rows).toHaveLength(2);
  const { status, json } = await store.call('POST', `/${db}/_purge`, { body: { goes: [current], never: ['1-abc'] } });
  expect(status).toBe(201);
  expect(json.purged).toEqual({ goes: [current], never: [] });
  const missing = await store.call('GET', `/${db}/goes`);
  expect([missing.status, missing.json.reason]).toEqual([404, 'missing']);
  expect((await store.call('GET', `/${db}/_changes`)).json.results.map((row: { id: string }) => row.id)).not.toContain('goes');
  expect((await store.call('GET', `/${db}/_design/v/_view/all`)).json.rows.map((row: { id: string }) => row.id)).toEqual(['stays']);
  expect((await store.call('GET', `/${db}`)).json.doc_count).toBe(2);
  expect(await store.put(db, 'goes')).toMatch(/^1-/);
});

it('purging one leaf of a conflict leaves the other', async () => {
  const db = await store.database();
  const docs = ['1-aaa', '1-bbb'].map((_rev) => ({ _id: 'twice', _rev, from: _rev }));
  await store.call('POST', `/${db}/_bulk_docs`, { body: { docs, new_edits: false } });
  await store.call('POST', `/${db}/_purge`, { body: { twice: ['1-bbb'] } });
  const { json } = await store.call('GET', `/${db}/twice?conflicts=true`);
  expect(json).toEqual({ _id: 'twice', _rev: '1-aaa', from: '1-aaa' });
});

it('only server admins may purge', async () => {
  const db = await store.database({ open: true });
  const rev = await store.put(db, 'a');
  const person = await store.account();
  const { status, json } = await store.call('POST', `/${db}/_purge`, { body: { a: [rev] }, as: person });
  expect([status, json]).toEqual([401, { error: 'unauthorized', reason: 'You are not a server admin.' }]);
  expect((await store.call('GET', `/${db}/a`)).status).toBe(200);
});
