import { connect } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useStore } from './harness.ts';

const store = useStore();
let db = '';
beforeAll(async () => {
  db = await store.database();
  await store.put(db, 'doc', { n: 1 });
});

// Whatever was sent, the store stands afterwards.
afterEach(async () => {
  expect((await store.call('GET', `/${db}/doc`)).json.n).toBe(1);
});

const typed = { 'content-type': 'application/json' };

describe('malformed bodies', () => {
  const endpoints: [string, string][] = [
    ['PUT', '/x'],
    ['POST', ''],
    ...['_bulk_docs', '_bulk_get', '_revs_diff', '_missing_revs', '_find', '_explain', '_index', '_all_docs', '_purge'].map(
      (name): [string, string] => ['POST', `/${name}`],
    ),
  ];
  it.each(endpoints)('that are no JSON are refused by %s %s', async (method, path) => {
    for (const raw of ['{', '{"a":', 'nonsense', '{"a":1}}', '\u0000']) {
      const { status, json } = await store.call(method, `/${db}${path}`, { raw, headers: typed });
      expect([status, json]).toEqual([400, { error: 'bad_request', reason: 'invalid UTF-8 JSON' }]);
    }
  });

  it('that are no UTF-8 are refused', async () => {
    const raw = Uint8Array.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
    const { status, json } = await store.call('PUT', `/${db}/x`, { raw, headers: typed });
    expect([status, json.error]).toEqual([400, 'bad_request']);
  });

  it.each([['[]'], ['"x"'], ['7'], ['null'], ['true']])('of the wrong type are refused: %s', async (raw) => {
    expect(await store.call('PUT', `/${db}/x`, { raw, headers: typed })).toMatchObject({
      status: 400,
      json: { error: 'bad_request', reason: 'Document must be a JSON object' },
    });
    for (const path of ['_bulk_docs', '_revs_diff', '_find', '_bulk_get']) {
      const { status, json } = await store.call('POST', `/${db}/${path}`, { raw, headers: typed });
      expect([path, status, typeof json.error]).toEqual([path, 400, 'string']);
    }
  });

  it('without the type of JSON are refused where CouchDB wants it', async () => {
    for (const path of ['_bulk_docs', '_find', '_revs_diff']) {
      const { status, json } = await store.call('POST', `/${db}/${path}`, { raw: '{}', headers: { 'content-type': 'text/plain' } });
      expect([status, json.error]).toEqual([415, 'bad_content_type']);
    }
  });
});

describe('wrong members', () => {
  it.each([
    ['_bulk_docs', {}, 'bad_request'],
    ['_bulk_docs', { docs: 1 }, 'bad_request'],
    ['_bulk_docs', { docs: [1] }, 'bad_request'],
    ['_bulk_docs', { docs: [{ _id: 1 }] }, 'illegal_docid'],
    ['_bulk_docs', { docs: [{ _id: '_x' }] }, 'illegal_docid'],
    ['_bulk_docs', { docs: [{ _id: '' }] }, 'illegal_docid'],
    ['_bulk_docs', { docs: [{ _id: 'x', _rev: 'x' }] }, 'bad_request'],
    ['_bulk_docs', { docs: [{ _id: 'x', _foo: 1 }] }, 'doc_validation'],
    ['_bulk_docs', { docs: [{ _id: 'x' }], new_edits: false }, 'bad_request'],
    ['_bulk_docs', { docs: [{ _id: 'x', _revisions: 1, _rev: '1-a' }], new_edits: false }, 'doc_validation'],
    ['_bulk_get', {}, 'bad_request'],
    ['_find', { selector: 1 }, undefined],
  ])('of %s are refused: %j', async (path, body, error) => {
    const { status, json } = await store.call('POST', `/${db}/${path}`, { body });
    expect(status).toBe(400);
    if (error) expect(json.error).toBe(error);
    expect((await store.call('GET', `/${db}/x`)).status).toBe(404);
  });

  it.each([
    [{ _rev: 'x' }, 'bad_request'],
    [{ _foo: 1 }, 'doc_validation'],
    [{ _attachments: 1 }, undefined],
    [{ _attachments: { a: { data: '!!' } } }, undefined],
  ])('of a document are refused: %j', async (body, error) => {
    const { status, json } = await store.call('PUT', `/${db}/x`, { body });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(typeof json.reason).toBe('string');
    if (error) expect([status, json.error]).toEqual([400, error]);
    expect((await store.call('GET', `/${db}/x`)).status).toBe(404);
  });
});

describe('paths', () => {
  it.each([
    'Upper',
    '1digit',
    '_nope',
    'spa%20ce',
    'a%00b',
    '..%2F..%2Fetc',
    'a%2F..%2Fb',
    '%2Fetc',
    'ünï',
    'x'.repeat(300),
    'a.b',
    'a%5Cb',
  ])('no database may be called %s', async (name) => {
    const { status, json } = await store.call('PUT', `/${name}`);
    expect([status, typeof json?.error, typeof json?.reason]).toEqual([400, 'string', 'string']);
    expect((await store.call('GET', `/${name}`)).status).toBeGreaterThanOrEqual(400);
  });

  it.each(['_x', '_all', '_design%2F', '_local%2F'])('no document may be called %s', async (id) => {
    const { status, json } = await store.call('PUT', `/${db}/${id}`, { body: {} });
    expect([status, typeof json.error]).toEqual([400, 'string']);
  });

  it.each([
    ['GET', '/_nope', 404],
    ['GET', '/{db}/_nope', 404],
    ['GET', '/{db}/nope', 404],
    ['GET', '/{db}/doc/nope.txt', 404],
    ['GET', '/{db}/_design/nope/_view/x', 404],
    ['GET', '/nope/doc', 404],
    ['POST', '/nope/_bulk_docs', 404],
    ['PATCH', '/{db}', 405],
    ['POST', '/_all_dbs', 405],
    ['DELETE', '/{db}/_changes', 405],
    ['PUT', '/{db}/_all_docs', 405],
    ['GET', '/{db}/_bulk_docs', 405],
  ])('%s %s answers %i', async (method, path, expected) => {
    const { status, json } = await store.call(method, path.replace('{db}', db), method === 'POST' ? { body: {} } : {});
    expect([status, typeof json.error, typeof json.reason]).toEqual([expected, 'string', 'string']);
  });

  it.each([
    'GET /{db}/%zz HTTP/1.1',
    'GET /{db}/../../etc/passwd HTTP/1.1',
    'GET /{db}/%2e%2e/%2e%2e/etc/passwd HTTP/1.1',
    'GET /_utils/../../../../etc/passwd HTTP/1.1',
    'GET /_utils/%2e%2e%2f%2e%2e%2fetc/passwd HTTP/1.1',
    'GET /{db}/\u0001 HTTP/1.1',
  ])('the raw request %j is survived and gives nothing away', async (line) => {
    const text = await rawRequest(line.replace('{db}', db));
    expect(text).not.toContain('root:');
    expect(text).not.toMatch(/^HTTP\/1.1 200/);
  });
});

/** Sends a request as it stands, which no client would. */
function rawRequest(line: string): Promise<string> {
  const { hostname, port } = new URL(store.url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.end(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`));
    socket.on('data', (part) => {
      text += part.toString('latin1');
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

describe('query parameters', () => {
  it.each([
    ['_all_docs?limit=x', 400],
    ['_all_docs?limit=-1', 400],
    ['_all_docs?startkey=x', 400],
    ['_all_docs?keys=x', 400],
    ['_all_docs?include_docs=perhaps', 400],
    ['_changes?since=x', 400],
    ['_changes?feed=x', 400],
    ['doc?rev=x', 400],
    ['doc?rev=1-unknown', 404],
    ['doc?open_revs=x', 400],
    ['doc?atts_since=x', 400],
  ])('%s answers %i', async (path, expected) => {
    const { status, json } = await store.call('GET', `/${db}/${path}`);
    expect([status, typeof json.error, typeof json.reason]).toEqual([expected, 'string', 'string']);
  });
});

describe('too much', () => {
  const big = 'x'.repeat(8_100_000);

  it('in one document is refused, in a bulk as well', async () => {
    const { status, json } = await store.call('PUT', `/${db}/big`, { body: { big } });
    expect([status, json.error]).toEqual([413, 'document_too_large']);
    const bulk = await store.call('POST', `/${db}/_bulk_docs`, { body: { docs: [{ _id: 'small' }, { _id: 'big', big }] } });
    expect(bulk.status).toBe(413);
    expect((await store.call('GET', `/${db}/big`)).status).toBe(404);
  });

  it('nesting is answered or refused, and survived', async () => {
    const raw = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const { status } = await store.call('PUT', `/${db}/deep`, { raw, headers: typed });
    expect(status).toBeGreaterThanOrEqual(200);
  });

  it.each(['constructor', 'hasOwnProperty', 'toString'])('a member called %s is data like any other', async (name) => {
    const raw = `{"${name}": {"polluted": true}}`;
    expect((await store.call('PUT', `/${db}/member-${name}`, { raw, headers: typed })).status).toBe(201);
    expect((await store.call('GET', `/${db}/member-${name}`)).text).toContain('"polluted":true');
    const { json } = await store.call('GET', `/${db}/doc`);
    expect(json.polluted).toBeUndefined();
  });

  it.each(['constructor', 'toString'])('a document called %s is one like any other', async (id) => {
    expect((await store.call('PUT', `/${db}/${id}`, { body: { n: 2 } })).status).toBe(201);
    expect((await store.call('GET', `/${db}/${id}`)).json.n).toBe(2);
    expect((await store.call('POST', `/${db}/_revs_diff`, { raw: `{"${id}":["9-x"]}`, headers: typed })).json[id]).toBeDefined();
  });
});
