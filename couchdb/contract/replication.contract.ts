import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedStore, startEmbeddedStore } from '../embedded/index.ts';
import { type Json, PouchDB, useStore } from './harness.ts';

const store = useStore();
const device = () => new PouchDB(`device-${Math.random()}`, { adapter: 'memory' });
const picture = {
  'pic.png': { content_type: 'image/png', data: btoa('picture') },
  'notes.txt': { content_type: 'text/plain', data: btoa('notes '.repeat(100)) },
};

describe('replication with stock PouchDB', () => {
  it('pulls documents, deletions, conflicts and attachments', async () => {
    const db = await store.database();
    await store.put(db, 'with-file', { _attachments: picture });
    const rev = await store.put(db, 'gone');
    await store.call('DELETE', `/${db}/gone?rev=${rev}`);
    const twice = ['1-aaa', '1-bbb'].map((_rev) => ({ _id: 'twice', _rev }));
    await store.call('POST', `/${db}/_bulk_docs`, { body: { docs: twice, new_edits: false } });
    const docs = Array.from({ length: 250 }, (_, n) => ({ _id: `n-${n}`, n }));
    await store.call('POST', `/${db}/_bulk_docs`, { body: { docs } });
    const local = device();
    const result = await local.replicate.from(store.addressOf(db), { batch_size: 100 });
    expect(result).toMatchObject({ ok: true, docs_read: 254, doc_write_failures: 0 });
    expect((await local.info()).doc_count).toBe(252);
    expect((await local.getAttachment('with-file', 'pic.png')).toString()).toBe('picture');
    expect((await local.get('twice', { conflicts: true }))._conflicts).toEqual(['1-aaa']);
    await expect(local.get('gone')).rejects.toMatchObject({ reason: 'deleted' });
    const again = await local.replicate.from(store.addressOf(db));
    expect(again.docs_read).toBe(0);
    await local.destroy();
  });

  it('pushes, and goes on from its checkpoint', async () => {
    const db = await store.database();
    const local = device();
    await local.bulkDocs(Array.from({ length: 120 }, (_, n) => ({ _id: `n-${n}`, n })));
    await local.put({ _id: 'with-file', _attachments: picture });
    expect(await local.replicate.to(store.addressOf(db))).toMatchObject({ ok: true, docs_written: 121 });
    expect((await store.call('GET', `/${db}/with-file/notes.txt`)).text).toBe('notes '.repeat(100));
    await local.put({ _id: 'later' });
    expect(await local.replicate.to(store.addressOf(db))).toMatchObject({ docs_read: 1, docs_written: 1 });
    await local.destroy();
  });

  it('brings two devices that edited the same document to the same winner', async () => {
    const db = await store.database();
    const [one, two] = [device(), device()];
    await one.put({ _id: 'shared', n: 0 });
    await one.sync(store.addressOf(db));
    await two.sync(store.addressOf(db));
    for (const [local, by] of [
      [one, 'one'],
      [two, 'two'],
    ])
      await local.put({ ...(await local.get('shared')), by });
    await one.sync(store.addressOf(db));
    await two.sync(store.addressOf(db));
    await one.sync(store.addressOf(db));
    const seen = await Promise.all([one, two, new PouchDB(store.addressOf(db))].map((place) => place.get('shared', { conflicts: true })));
    expect(new Set(seen.map((doc) => doc._rev)).size).toBe(1);
    expect(new Set(seen.map((doc) => JSON.stringify(doc._conflicts))).size).toBe(1);
    await Promise.all([one.destroy(), two.destroy()]);
  });

  it.each([
    ['doc_ids', { doc_ids: ['n-1', 'n-3'] }, 2],
    ['a selector', { selector: { n: { $gte: 7 } } }, 3],
    ['a filter function', { filter: 'f/even' }, 5],
  ])('pulls by %s', async (_name, options, expected) => {
    const db = await store.database();
    await store.call('POST', `/${db}/_bulk_docs`, { body: { docs: Array.from({ length: 10 }, (_, n) => ({ _id: `n-${n}`, n })) } });
    await store.call('PUT', `/${db}/_design/f`, { body: { filters: { even: 'function (doc) { return doc.n % 2 === 0; }' } } });
    const local = device();
    expect((await local.replicate.from(store.addressOf(db), options)).docs_written).toBe(expected);
    await local.destroy();
  });

  it('follows live', async () => {
    const db = await store.database();
    const local = device();
    const live = local.replicate.from(store.addressOf(db), { live: true });
    const arrived = new Promise<void>((resolve) => {
      live.on('change', (change: Json) => change.docs.some((doc: Json) => doc._id === 'news') && resolve());
    });
    await new Promise((resolve) => live.once('paused', resolve));
    await store.put(db, 'news');
    await arrived;
    live.cancel();
    expect((await local.get('news'))._id).toBe('news');
    await local.destroy();
  });

  it('reports what validation refuses and writes the rest', async () => {
    const db = await store.database();
    const validate_doc_update = "function (doc) { if (doc.bad) throw { forbidden: 'bad' }; }";
    await store.call('PUT', `/${db}/_design/v`, { body: { validate_doc_update } });
    const local = device();
    await local.bulkDocs([{ _id: 'good-1' }, { _id: 'bad-1', bad: true }, { _id: 'good-2' }]);
    const denied: string[] = [];
    const run = local.replicate.to(store.addressOf(db)).on('denied', (refusal: Json) => denied.push(refusal.id));
    expect(await run).toMatchObject({ docs_written: 2, doc_write_failures: 1 });
    expect(denied).toEqual(['bad-1']);
    await local.destroy();
  });
});

describe('_replicate', () => {
  let other: EmbeddedStore;
  let dataDir = '';
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'darasa-contract-'));
    other = await startEmbeddedStore({ dataDir, admin: { name: 'admin', password: 'secret' } });
  });
  afterAll(async () => {
    await other.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const otherAddress = (name: string) => `${other.url.replace('://', '://admin:secret@')}/${name}`;
  const onOther = (method: string, path: string, body?: object) =>
    fetch(`${other.url}/${path}`, {
      method,
      headers: { authorization: `Basic ${btoa('admin:secret')}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }).then((response) => response.json() as Promise<Json>);

  it('run by the store under test, pushes to and pulls from another store', async () => {
    const db = await store.database();
    await store.put(db, 'with-file', { _attachments: picture });
    const twice = ['1-aaa', '1-bbb'].map((_rev) => ({ _id: 'twice', _rev }));
    await store.call('POST', `/${db}/_bulk_docs`, { body: { docs: twice, new_edits: false } });
    const pushed = await store.call('POST', '/_replicate', {
      body: { source: store.addressOf(db), target: otherAddress('copy'), create_target: true },
    });
    expect([pushed.status, pushed.json.ok]).toEqual([200, true]);
    expect(pushed.json.history[0]).toMatchObject({ docs_written: 3, doc_write_failures: 0 });
    expect(await onOther('GET', 'copy/with-file?attachments=true')).toMatchObject({
      _attachments: { 'pic.png': { data: btoa('picture') } },
    });
    expect((await onOther('GET', 'copy/twice?conflicts=true'))._conflicts).toEqual(['1-aaa']);
    await onOther('PUT', 'copy/back', { n: 1, _attachments: picture });
    const pulled = await store.call('POST', '/_replicate', { body: { source: otherAddress('copy'), target: store.addressOf(db) } });
    expect(pulled.json.ok).toBe(true);
    expect((await store.call('GET', `/${db}/back/notes.txt`)).text).toBe('notes '.repeat(100));
    const nothing = await store.call('POST', '/_replicate', { body: { source: otherAddress('copy'), target: store.addressOf(db) } });
    expect(nothing.json).toMatchObject({ ok: true, no_changes: true });
  });

  it('run by the embedded store, does the same with the store under test', async () => {
    const db = await store.database();
    await store.put(db, 'with-file', { _attachments: picture });
    const pulled = await onOther('POST', '_replicate', { source: store.addressOf(db), target: 'pulled', create_target: true });
    expect(pulled).toMatchObject({ ok: true, history: [{ docs_written: 1 }] });
    await onOther('PUT', 'pulled/more', { n: 1 });
    const pushed = await onOther('POST', '_replicate', { source: 'pulled', target: store.addressOf(db) });
    expect(pushed.ok).toBe(true);
    expect((await store.call('GET', `/${db}/more`)).json.n).toBe(1);
  });

  it('follows documents of _replicator', async () => {
    const db = await store.database();
    const target = store.databaseName();
    await store.put(db, 'a');
    const id = `contract-${Math.random()}`;
    const body = { source: store.addressOf(db), target: store.addressOf(target), create_target: true };
    await store.call('PUT', `/_replicator/${id}`, { body });
    let state: Json = {};
    while (state._replication_state !== 'completed') {
      // The change feed says when to look again.
      const { json } = await store.call('GET', `/_replicator/_changes?feed=longpoll&since=now&timeout=500`);
      state = (await store.call('GET', `/_replicator/${id}`)).json;
      expect(json.results).toBeDefined();
      expect(state._replication_state).not.toBe('failed');
    }
    expect((await store.call('GET', `/${target}/a`)).status).toBe(200);
    await store.call('DELETE', `/_replicator/${id}?rev=${state._rev}`);
  });

  it('says when a source is not there', async () => {
    const db = await store.database();
    const { status, json } = await store.call('POST', '/_replicate', {
      body: { source: store.addressOf('not-there'), target: store.addressOf(db) },
    });
    expect([status, json.error]).toEqual([500, 'db_not_found']);
  });
});
