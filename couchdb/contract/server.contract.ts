import { describe, expect, it } from 'vitest';
import { useStore } from './harness.ts';

const store = useStore();

describe('the server', () => {
  it.each([
    ['/', { couchdb: 'Welcome' }],
    ['/_up', { status: 'ok' }],
    ['/_session', { ok: true, userCtx: { name: null, roles: [] } }],
  ])('answers GET %s to anybody', async (path, expected) => {
    const { status, json, headers } = await store.call('GET', path, { as: 'anonymous' });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/json');
    expect(json).toMatchObject(expected);
  });

  it('makes as many UUIDs as asked for', async () => {
    const { json } = await store.call('GET', '/_uuids?count=3', { as: 'anonymous' });
    expect(new Set(json.uuids).size).toBe(3);
    expect(json.uuids[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each(['/_all_dbs', '/_dbs_info', '/_active_tasks', '/_membership', '/_node/_local/_config'])(
    'keeps %s for server admins',
    async (path) => {
      const refused = await store.call('GET', path, { as: 'anonymous' });
      expect(refused.status).toBe(401);
      expect(refused.json).toEqual({ error: 'unauthorized', reason: 'You are not a server admin.' });
      expect((await store.call('GET', path)).status).toBe(200);
    },
  );

  it('lists databases in order and tells about them', async () => {
    const names = [await store.database(), await store.database()].sort();
    const { json } = await store.call('GET', '/_all_dbs');
    expect(json.filter((name: string) => names.includes(name))).toEqual(names);
    const info = await store.call('POST', '/_dbs_info', { body: { keys: [names[0], 'not-there'] } });
    expect(info.json[0]).toMatchObject({ key: names[0], info: { db_name: names[0], doc_count: 0 } });
    expect(info.json[1]).toMatchObject({ key: 'not-there', error: 'not_found' });
  });

  it('serves the dashboard', async () => {
    const { status, text } = await store.call('GET', '/_utils/', { as: 'anonymous' });
    // A CouchDB that was built without its dashboard has none to serve.
    if (store.embedded) expect([status, /<html/i.test(text)]).toEqual([200, true]);
    else expect([200, 404]).toContain(status);
  });

  it('keeps settings that are put, shows and deletes them', async () => {
    const path = '/_node/_local/_config/contract/answer';
    expect((await store.call('PUT', path, { body: 'one' })).json).toBe('');
    expect((await store.call('PUT', path, { body: 'two' })).json).toBe('one');
    expect((await store.call('GET', path)).json).toBe('two');
    expect((await store.call('GET', '/_node/_local/_config/contract')).json).toEqual({ answer: 'two' });
    expect((await store.call('DELETE', path)).json).toBe('two');
    const gone = await store.call('GET', path);
    expect([gone.status, gone.json]).toEqual([404, { error: 'not_found', reason: 'unknown_config_value' }]);
  });
});

describe('databases', () => {
  it('are made once', async () => {
    const name = store.databaseName();
    expect((await store.call('PUT', `/${name}`)).json).toEqual({ ok: true });
    const again = await store.call('PUT', `/${name}`);
    expect([again.status, again.json.error]).toEqual([412, 'file_exists']);
  });

  it('are gone when they are deleted', async () => {
    const name = await store.database();
    await store.put(name, 'a');
    expect((await store.call('DELETE', `/${name}`)).status).toBe(200);
    for (const path of [`/${name}`, `/${name}/a`, `/${name}/_all_docs`, `/${name}/_changes`]) {
      const { status, json } = await store.call('GET', path);
      expect([status, json]).toEqual([404, { error: 'not_found', reason: 'Database does not exist.' }]);
    }
    await store.call('PUT', `/${name}`);
    expect((await store.call('GET', `/${name}`)).json.doc_count).toBe(0);
  });

  it('may have slashes and signs in their names', async () => {
    const name = `${await store.database()}/a+b(c)$d_e`;
    const path = `/${encodeURIComponent(name)}`;
    expect((await store.call('PUT', path)).status).toBe(201);
    await store.call('PUT', `${path}/x`, { body: { here: true } });
    expect((await store.call('GET', `${path}/x`)).json.here).toBe(true);
    expect((await store.call('DELETE', path)).status).toBe(200);
  });

  it('tell how many documents they hold', async () => {
    const name = await store.database();
    const rev = await store.put(name, 'a');
    await store.put(name, 'b');
    await store.call('DELETE', `/${name}/a?rev=${rev}`);
    const { json } = await store.call('GET', `/${name}`);
    expect(json).toMatchObject({ db_name: name, doc_count: 1, doc_del_count: 1, compact_running: false });
    expect(json.update_seq).toMatch(/^3-/);
    expect((await store.call('HEAD', `/${name}`)).status).toBe(200);
  });

  it.each([
    ['_ensure_full_commit', 201],
    ['_compact', 202],
    ['_view_cleanup', 202],
  ])('take POST %s', async (endpoint, expected) => {
    const name = await store.database();
    const { status, json } = await store.call('POST', `/${name}/${endpoint}`, { body: {} });
    expect([status, json.ok]).toEqual([expected, true]);
  });

  it('keep a limit of revisions', async () => {
    const name = await store.database();
    expect((await store.call('GET', `/${name}/_revs_limit`)).json).toBe(1000);
    expect((await store.call('PUT', `/${name}/_revs_limit`, { body: 3 })).json).toEqual({ ok: true });
    expect((await store.call('GET', `/${name}/_revs_limit`)).json).toBe(3);
    let rev = await store.put(name, 'a');
    for (let n = 0; n < 5; n++) rev = await store.put(name, 'a', { _rev: rev, n });
    const { json } = await store.call('GET', `/${name}/a?revs=true`);
    expect(json._revisions.start).toBe(6);
    expect(json._revisions.ids).toHaveLength(3);
  });
});
