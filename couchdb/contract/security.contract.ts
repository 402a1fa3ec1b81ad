import { beforeAll, describe, expect, it } from 'vitest';
import { useStore } from './harness.ts';

const store = useStore();
type Person = { name: string; password: string };
let member: Person;
let stranger: Person;
let owner: Person;
let db = '';

beforeAll(async () => {
  member = await store.account(['reads-this']);
  stranger = await store.account(['reads-that']);
  owner = await store.account(['owns-this']);
  db = await store.database();
  const security = { admins: { names: [], roles: ['owns-this'] }, members: { names: [], roles: ['reads-this'] } };
  await store.call('PUT', `/${db}/_security`, { body: security });
  await store.put(db, 'doc', { n: 1 });
});

describe('a new database', () => {
  it('is for server admins alone until its _security says otherwise', async () => {
    const fresh = await store.database();
    expect((await store.call('GET', `/${fresh}/_security`)).json).toEqual({
      admins: { roles: ['_admin'] },
      members: { roles: ['_admin'] },
    });
    expect((await store.call('GET', `/${fresh}`, { as: 'anonymous' })).status).toBe(401);
    expect((await store.call('GET', `/${fresh}`, { as: member })).status).toBe(403);
  });

  it('is open to everybody when it names nobody', async () => {
    const open = await store.database({ open: true });
    expect((await store.call('PUT', `/${open}/a`, { body: {}, as: 'anonymous' })).status).toBe(201);
    expect((await store.call('GET', `/${open}/a`, { as: 'anonymous' })).status).toBe(200);
  });

  it('is made and deleted by server admins alone', async () => {
    const name = store.databaseName();
    const refused = { error: 'unauthorized', reason: 'You are not a server admin.' };
    for (const as of ['anonymous', owner] as const) {
      expect(await store.call('PUT', `/${name}`, { as })).toMatchObject({ status: 401, json: refused });
      expect(await store.call('DELETE', `/${db}`, { as })).toMatchObject({ status: 401, json: refused });
    }
  });
});

const reads = [
  '',
  '/doc',
  '/_all_docs',
  '/_changes',
  '/_security',
  '/_local/x',
  '/_design_docs',
  '/doc/file.txt',
  '/_index',
  '/_revs_limit',
  '/_design/a/_view/b',
];
const posts = [
  '/_bulk_docs',
  '/_bulk_get',
  '/_revs_diff',
  '/_find',
  '/_explain',
  '/_changes',
  '/_all_docs',
  '/_missing_revs',
  '',
  '/_ensure_full_commit',
  '/_compact',
];

describe('who is no member', () => {
  it.each([
    ...reads.map((path) => ['GET', path]),
    ...posts.map((path) => ['POST', path]),
    ['PUT', '/doc'],
    ['DELETE', '/doc'],
    ['PUT', '/_security'],
  ])('gets nothing from %s %s', async (method, path) => {
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
    const anonymous = await store.call(method, `/${db}${path}`, { ...body, as: 'anonymous' });
    expect([anonymous.status, anonymous.json]).toEqual([
      401,
      { error: 'unauthorized', reason: 'You are not authorized to access this db.' },
    ]);
    const signedIn = await store.call(method, `/${db}${path}`, { ...body, as: stranger });
    expect([signedIn.status, signedIn.json]).toEqual([403, { error: 'forbidden', reason: 'You are not allowed to access this db.' }]);
  });
});

describe('a member', () => {
  it('reads and writes', async () => {
    expect((await store.call('GET', `/${db}/doc`, { as: member })).json.n).toBe(1);
    expect((await store.call('PUT', `/${db}/mine`, { body: {}, as: member })).status).toBe(201);
  });

  it('changes neither design documents nor the rights', async () => {
    const design = await store.call('PUT', `/${db}/_design/mine`, { body: { views: {} }, as: member });
    expect([design.status, design.json.error]).toEqual([403, 'forbidden']);
    const bulk = await store.call('POST', `/${db}/_bulk_docs`, { body: { docs: [{ _id: '_design/mine' }, { _id: 'fine' }] }, as: member });
    expect(bulk.json).toMatchObject([
      { id: '_design/mine', error: 'forbidden' },
      { ok: true, id: 'fine' },
    ]);
    const replicated = { docs: [{ _id: '_design/mine', _rev: '1-abc' }], new_edits: false };
    const forced = await store.call('POST', `/${db}/_bulk_docs`, { body: replicated, as: member });
    expect(forced.json).toMatchObject([{ id: '_design/mine', error: 'forbidden' }]);
    const index = await store.call('POST', `/${db}/_index`, { body: { index: { fields: ['a'] } }, as: member });
    expect(index.status).toBeGreaterThanOrEqual(400);
    const before = (await store.call('GET', `/${db}/_security`)).json;
    expect((await store.call('PUT', `/${db}/_security`, { body: {}, as: member })).status).toBeGreaterThanOrEqual(400);
    expect((await store.call('GET', `/${db}/_security`)).json).toEqual(before);
    expect((await store.call('GET', `/${db}/_design_docs`)).json.rows).toEqual([]);
  });
});

describe("a database's admin", () => {
  it('writes design documents and _security, and deletes nothing but documents', async () => {
    const own = await store.database();
    const security = { admins: { names: [owner.name], roles: [] }, members: { names: [], roles: ['x'] } };
    await store.call('PUT', `/${own}/_security`, { body: security });
    expect((await store.call('PUT', `/${own}/_design/ok`, { body: { views: {} }, as: owner })).status).toBe(201);
    expect((await store.call('PUT', `/${own}/_security`, { body: { ...security, note: 'kept' }, as: owner })).json).toEqual({ ok: true });
    expect((await store.call('GET', `/${own}/_security`)).json).toEqual({ ...security, note: 'kept' });
  });
});

// CouchDB answers some of these with 500, which is not copied: what counts is that they are refused.
it.each([['[]'], ['"x"'], ['{"admins":7}'], ['{"members":{"roles":"x"}}'], ['{"members":{"names":[1]}}']])(
  '%s is no _security',
  async (raw) => {
    const before = (await store.call('GET', `/${db}/_security`)).json;
    const { status, json } = await store.call('PUT', `/${db}/_security`, { raw, headers: { 'content-type': 'application/json' } });
    expect(status).toBeGreaterThanOrEqual(400);
    expect([typeof json.error, typeof json.reason]).toEqual(['string', 'string']);
    expect((await store.call('GET', `/${db}/_security`)).json).toEqual(before);
  },
);
