import { beforeAll, describe, expect, it } from 'vitest';
import { type Json, useStore } from './harness.ts';

const store = useStore();
let db = '';
beforeAll(async () => {
  db = await store.database();
});

describe('_bulk_docs', () => {
  it('answers for each document in the order of the request', async () => {
    await store.put(db, 'taken');
    const docs = [{ _id: 'z' }, { _id: 'taken' }, { _id: 'a' }, { n: 1 }, { _id: 'm' }];
    const { status, json } = await store.call('POST', `/${db}/_bulk_docs`, { body: { docs } });
    expect(status).toBe(201);
    expect(json.map((one: Json) => one.id)).toEqual(['z', 'taken', 'a', expect.stringMatching(/^[0-9a-f]{32}$/), 'm']);
    expect(json[1]).toEqual({ id: 'taken', error: 'conflict', reason: 'Document update conflict.' });
    expect(json[0]).toEqual({ ok: true, id: 'z', rev: expect.stringMatching(/^1-/) });
  });

  it('takes revisions as they come with new_edits=false, and answers with refusals alone', async () => {
    const doc = { _id: 'replicated', _rev: '3-ccc', _revisions: { start: 3, ids: ['ccc', 'bbb', 'aaa'] }, n: 1 };
    const first = await store.call('POST', `/${db}/_bulk_docs`, { body: { docs: [doc], new_edits: false } });
    expect([first.status, first.json]).toEqual([201, []]);
    const again = await store.call('POST', `/${db}/_bulk_docs`, { body: { docs: [doc], new_edits: false } });
    expect([again.status, again.json]).toEqual([201, []]);
    const { json } = await store.call('GET', `/${db}/replicated?revs=true`);
    expect(json._revisions).toEqual({ start: 3, ids: ['ccc', 'bbb', 'aaa'] });
  });

  it('deletes', async () => {
    const rev = await store.put(db, 'to-delete');
    const { json } = await store.call('POST', `/${db}/_bulk_docs`, { body: { docs: [{ _id: 'to-delete', _rev: rev, _deleted: true }] } });
    expect(json[0]).toMatchObject({ ok: true, id: 'to-delete' });
    expect((await store.call('GET', `/${db}/to-delete`)).json.reason).toBe('deleted');
  });

  it('refuses the second of two documents with one id', async () => {
    const docs = [
      { _id: 'double', n: 1 },
      { _id: 'double', n: 2 },
    ];
    const { json } = await store.call('POST', `/${db}/_bulk_docs`, { body: { docs } });
    expect(json.filter((one: Json) => one.error === 'conflict')).toHaveLength(1);
    expect((await store.call('GET', `/${db}/double`)).json._rev).toMatch(/^1-/);
  });

  it('writes a thousand at once', async () => {
    const many = await store.database();
    const docs = Array.from({ length: 1000 }, (_, n) => ({ _id: `doc-${n}`, n }));
    const { json } = await store.call('POST', `/${many}/_bulk_docs`, { body: { docs } });
    expect(json.every((one: Json) => one.ok)).toBe(true);
    expect((await store.call('GET', `/${many}`)).json.doc_count).toBe(1000);
  });
});

describe('_bulk_get', () => {
  it('gives revisions, winners and what is missing', async () => {
    const first = await store.put(db, 'got', { n: 1 });
    const second = await store.put(db, 'got', { n: 2, _rev: first });
    const docs = [{ id: 'got' }, { id: 'got', rev: first }, { id: 'got', rev: '9-zzz' }, { id: 'never' }];
    const { status, json } = await store.call('POST', `/${db}/_bulk_get?revs=true`, { body: { docs } });
    expect(status).toBe(200);
    expect(json.results.map((one: Json) => one.id)).toEqual(['got', 'got', 'got', 'never']);
    expect(json.results[0].docs[0].ok).toMatchObject({ _rev: second, n: 2, _revisions: { start: 2 } });
    expect(json.results[1].docs[0].ok).toMatchObject({ _rev: first, n: 1 });
    expect(json.results[2].docs[0].error).toMatchObject({ id: 'got', rev: '9-zzz', error: 'not_found' });
    expect(json.results[3].docs[0].error).toMatchObject({ id: 'never', error: 'not_found', reason: 'missing' });
  });

  it('gives the leaf that follows with latest, and attachments when asked', async () => {
    const _attachments = { 'a.txt': { content_type: 'text/plain', data: btoa('hello') } };
    const first = await store.put(db, 'latest-got', { _attachments });
    const second = await store.put(db, 'latest-got', {
      _rev: first,
      _attachments: { 'a.txt': { stub: true, content_type: 'text/plain' } },
    });
    const body = { docs: [{ id: 'latest-got', rev: first }] };
    const { json } = await store.call('POST', `/${db}/_bulk_get?latest=true&attachments=true`, { body });
    expect(json.results[0].docs[0].ok).toMatchObject({ _rev: second, _attachments: { 'a.txt': { data: btoa('hello') } } });
    const without = await store.call('POST', `/${db}/_bulk_get?latest=true`, { body });
    expect(without.json.results[0].docs[0].ok._attachments['a.txt']).toMatchObject({ stub: true, length: 5 });
  });
});

describe('_revs_diff and _missing_revs', () => {
  it('name what the store lacks and what it may follow', async () => {
    const rev = await store.put(db, 'diffed');
    const body = { diffed: [rev, '3-xyz'], unknown: ['1-abc'] };
    const { json } = await store.call('POST', `/${db}/_revs_diff`, { body });
    expect(json).toEqual({ diffed: { missing: ['3-xyz'], possible_ancestors: [rev] }, unknown: { missing: ['1-abc'] } });
    const missing = await store.call('POST', `/${db}/_missing_revs`, { body });
    expect(missing.json).toEqual({ missing_revs: { diffed: ['3-xyz'], unknown: ['1-abc'] } });
    expect((await store.call('POST', `/${db}/_revs_diff`, { body: { diffed: [rev] } })).json).toEqual({});
  });
});
