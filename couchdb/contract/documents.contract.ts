import { beforeAll, describe, expect, it } from 'vitest';
import { type Json, useStore } from './harness.ts';

const store = useStore();
let db = '';
beforeAll(async () => {
  db = await store.database();
});

/** Two leaves under one id; the greater hash wins. */
async function conflicted(id: string): Promise<void> {
  const docs = ['1-aaa', '1-bbb'].map((_rev) => ({ _id: id, _rev, from: _rev }));
  await store.call('POST', `/${db}/_bulk_docs`, { body: { docs, new_edits: false } });
}

describe('a document', () => {
  it('comes back as it was written, with its revision as ETag', async () => {
    const written = await store.call('PUT', `/${db}/plain`, { body: { title: 'Ūnïcode ✓ 日本', list: [1, { a: null }] } });
    expect([written.status, written.json.ok, written.json.id]).toEqual([201, true, 'plain']);
    expect(written.headers.get('etag')).toBe(`"${written.json.rev}"`);
    const { json, headers } = await store.call('GET', `/${db}/plain`);
    expect(json).toEqual({ _id: 'plain', _rev: written.json.rev, title: 'Ūnïcode ✓ 日本', list: [1, { a: null }] });
    expect(headers.get('etag')).toBe(`"${written.json.rev}"`);
    const head = await store.call('HEAD', `/${db}/plain`);
    expect([head.status, head.headers.get('etag'), head.text]).toEqual([200, `"${written.json.rev}"`, '']);
  });

  it('is not sent again to who has it', async () => {
    const rev = await store.put(db, 'cached');
    const { status, text } = await store.call('GET', `/${db}/cached`, { headers: { 'if-none-match': `"${rev}"` } });
    expect([status, text]).toEqual([304, '']);
  });

  it('gets an id when it is posted without', async () => {
    const { status, json } = await store.call('POST', `/${db}`, { body: { n: 1 } });
    expect([status, json.ok]).toEqual([201, true]);
    expect(json.id).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each(['space in it', 'slash/in/it', '日本', '%2F', 'a+b&c=d?e#f', '..', 'ÿ-and-beyond-Ā'])('may have the id %s', async (id) => {
    const path = `/${db}/${encodeURIComponent(id).replace(/^\.\.$/, '%2E%2E.')}`;
    const real = id === '..' ? '...' : id;
    expect((await store.call('PUT', path, { body: {} })).json.id).toBe(real);
    expect((await store.call('GET', path)).json._id).toBe(real);
    const { json } = await store.call('GET', `/${db}/_all_docs?key=${encodeURIComponent(JSON.stringify(real))}`);
    expect(json.rows).toHaveLength(1);
    const all = await store.call('GET', `/${db}/_all_docs`);
    expect(all.json.rows.map((row: Json) => row.id)).toContain(real);
  });

  it('changes only under its current revision', async () => {
    const first = await store.put(db, 'edited', { n: 1 });
    const second = await store.put(db, 'edited', { n: 2, _rev: first });
    for (const body of [{ n: 3 }, { n: 3, _rev: first }, { n: 3, _rev: '7-unknown' }]) {
      const { status, json } = await store.call('PUT', `/${db}/edited`, { body });
      expect([status, json]).toEqual([409, { error: 'conflict', reason: 'Document update conflict.' }]);
    }
    const byHeader = await store.call('PUT', `/${db}/edited`, { body: { n: 3 }, headers: { 'if-match': second } });
    expect(byHeader.status).toBe(201);
    const byQuery = await store.call('PUT', `/${db}/edited?rev=${byHeader.json.rev}`, { body: { n: 4 } });
    expect(byQuery.json.rev).toMatch(/^4-/);
  });

  it('keeps its older revisions until compaction', async () => {
    const first = await store.put(db, 'old', { n: 1 });
    await store.put(db, 'old', { n: 2, _rev: first });
    expect((await store.call('GET', `/${db}/old?rev=${first}`)).json.n).toBe(1);
    const { json } = await store.call('GET', `/${db}/old?revs_info=true&revs=true`);
    expect(json._revs_info.map((info: Json) => info.status)).toEqual(['available', 'available']);
    expect(json._revisions).toMatchObject({ start: 2 });
  });

  it('is deleted, found no more, and may come back', async () => {
    const first = await store.put(db, 'gone', { n: 1 });
    const deleted = await store.call('DELETE', `/${db}/gone?rev=${first}`);
    expect([deleted.status, deleted.json.ok]).toEqual([200, true]);
    const missing = await store.call('GET', `/${db}/gone`);
    expect([missing.status, missing.json]).toEqual([404, { error: 'not_found', reason: 'deleted' }]);
    const tombstone = await store.call('GET', `/${db}/gone?rev=${deleted.json.rev}`);
    expect(tombstone.json).toEqual({ _id: 'gone', _rev: deleted.json.rev, _deleted: true });
    expect(await store.put(db, 'gone', { n: 2 })).toMatch(/^3-/);
  });

  it('that is not there cannot be deleted, nor one without its revision', async () => {
    const missing = await store.call('DELETE', `/${db}/never`);
    expect([missing.status, missing.json]).toEqual([404, { error: 'not_found', reason: 'missing' }]);
    await store.put(db, 'kept');
    expect((await store.call('DELETE', `/${db}/kept`)).status).toBe(409);
    expect((await store.call('DELETE', `/${db}/kept?rev=5-abc`)).status).toBe(409);
  });

  it('is copied under another id', async () => {
    await store.put(db, 'source', { n: 7 });
    const { status } = await store.call('COPY', `/${db}/source`, { headers: { destination: 'copied' } });
    expect(status).toBe(201);
    expect((await store.call('GET', `/${db}/copied`)).json.n).toBe(7);
    expect((await store.call('COPY', `/${db}/source`)).status).toBe(400);
  });

  it('may be written in a batch', async () => {
    const { status, json } = await store.call('PUT', `/${db}/batched?batch=ok`, { body: { n: 1 } });
    expect([status, json]).toEqual([202, { ok: true, id: 'batched' }]);
  });
});

describe('a conflict', () => {
  it('keeps every leaf and shows one winner everywhere', async () => {
    await conflicted('twice');
    const { json } = await store.call('GET', `/${db}/twice?conflicts=true`);
    expect(json).toMatchObject({ _rev: '1-bbb', from: '1-bbb', _conflicts: ['1-aaa'] });
    expect((await store.call('GET', `/${db}/twice?rev=1-aaa`)).json.from).toBe('1-aaa');
  });

  it('shows its leaves to open_revs', async () => {
    await conflicted('leaves');
    const accept = { accept: 'application/json' };
    const all = await store.call('GET', `/${db}/leaves?open_revs=all`, { headers: accept });
    expect(all.json.map((one: Json) => one.ok._rev).sort()).toEqual(['1-aaa', '1-bbb']);
    const named = encodeURIComponent(JSON.stringify(['1-aaa', '9-none']));
    const some = await store.call('GET', `/${db}/leaves?open_revs=${named}`, { headers: accept });
    expect(some.json).toEqual([{ ok: { _id: 'leaves', _rev: '1-aaa', from: '1-aaa' } }, { missing: '9-none' }]);
  });

  it('answers open_revs in parts to who does not ask for JSON', async () => {
    await conflicted('parts');
    const { status, headers, text } = await store.call('GET', `/${db}/parts?open_revs=all&revs=true`, {
      headers: { accept: 'multipart/mixed' },
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^multipart\/mixed; boundary="/);
    expect(text).toContain('"from":"1-aaa"');
    expect(text).toContain('"from":"1-bbb"');
  });

  it('ends when all leaves but one are deleted', async () => {
    await conflicted('resolved');
    await store.call('DELETE', `/${db}/resolved?rev=1-bbb`);
    const { json } = await store.call('GET', `/${db}/resolved?conflicts=true&deleted_conflicts=true`);
    expect(json._rev).toBe('1-aaa');
    expect(json._conflicts).toBeUndefined();
    expect(json._deleted_conflicts).toHaveLength(1);
  });

  it('follows to the latest leaf with latest=true', async () => {
    const first = await store.put(db, 'latest', { n: 1 });
    const second = await store.put(db, 'latest', { n: 2, _rev: first });
    const revs = encodeURIComponent(JSON.stringify([first]));
    const { json } = await store.call('GET', `/${db}/latest?open_revs=${revs}&latest=true`, { headers: { accept: 'application/json' } });
    expect(json).toMatchObject([{ ok: { _rev: second } }]);
  });
});

describe('local documents', () => {
  it('are kept, listed and deleted apart from the others', async () => {
    const written = await store.call('PUT', `/${db}/_local/mark`, { body: { n: 1 } });
    expect(written.json).toEqual({ ok: true, id: '_local/mark', rev: '0-1' });
    expect((await store.call('GET', `/${db}/_local/mark`)).json).toEqual({ _id: '_local/mark', _rev: '0-1', n: 1 });
    const listed = await store.call('GET', `/${db}/_local_docs`);
    expect(listed.json.rows.map((row: Json) => row.id)).toContain('_local/mark');
    expect((await store.call('GET', `/${db}/_all_docs`)).text).not.toContain('_local/mark');
    expect((await store.call('PUT', `/${db}/_local/mark`, { body: { n: 2, _rev: '0-1' } })).json.rev).toBe('0-2');
    expect((await store.call('DELETE', `/${db}/_local/mark?rev=0-2`)).status).toBe(200);
    expect((await store.call('GET', `/${db}/_local/mark`)).status).toBe(404);
  });
});

describe('_all_docs', () => {
  let listed = '';
  beforeAll(async () => {
    listed = await store.database();
    const docs = ['a', 'b', 'c', 'd', 'e'].map((_id) => ({ _id, letter: _id }));
    await store.call('POST', `/${listed}/_bulk_docs`, { body: { docs } });
    await store.call('PUT', `/${listed}/_design/x`, { body: { views: {} } });
  });

  it.each([
    ['', ['_design/x', 'a', 'b', 'c', 'd', 'e']],
    ['?startkey="b"&endkey="d"', ['b', 'c', 'd']],
    ['?start_key="b"&end_key="d"&inclusive_end=false', ['b', 'c']],
    ['?startkey="d"&endkey="b"&descending=true', ['d', 'c', 'b']],
    ['?descending=true&limit=2', ['e', 'd']],
    ['?skip=2&limit=2', ['b', 'c']],
    ['?limit=0', []],
    ['?key="c"', ['c']],
    ['?startkey="x"', []],
    ['?startkey="c"&skip=1', ['d', 'e']],
  ])('gives the rows of %s', async (query, expected) => {
    const { json } = await store.call('GET', `/${listed}/_all_docs${query}`);
    expect(json.rows.map((row: Json) => row.id)).toEqual(expected);
    expect(json.total_rows).toBe(6);
  });

  it('gives rows for keys in their order, those that are missing too', async () => {
    const { json } = await store.call('POST', `/${listed}/_all_docs?include_docs=true`, { body: { keys: ['c', 'no', 'a'] } });
    expect(json.rows.map((row: Json) => row.key)).toEqual(['c', 'no', 'a']);
    expect(json.rows[1]).toEqual({ key: 'no', error: 'not_found' });
    expect(json.rows[0].doc.letter).toBe('c');
  });

  it('lists design documents alone at _design_docs', async () => {
    const { json } = await store.call('GET', `/${listed}/_design_docs`);
    expect(json.rows.map((row: Json) => row.id)).toEqual(['_design/x']);
  });

  it('tells the update sequence when asked', async () => {
    const { json } = await store.call('GET', `/${listed}/_all_docs?limit=1&update_seq=true`);
    expect(json.update_seq).toMatch(/^6-/);
  });
});
