import { beforeAll, describe, expect, it } from 'vitest';
import { useStore } from './harness.ts';

const store = useStore();
let db = '';
const binary = { 'content-type': 'application/octet-stream' };
const letters = 'abcdefghijklmnopqrstuvwxyz';

beforeAll(async () => {
  db = await store.database();
  await store.call('PUT', `/${db}/letters/file.bin`, { raw: letters, headers: binary });
});

describe('an attachment', () => {
  it('comes back byte for byte, with its type and digest', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, n) => (n * 7) % 256);
    const written = await store.call('PUT', `/${db}/bytes/pic.png`, { raw: bytes, headers: { 'content-type': 'image/png' } });
    expect(written.json).toMatchObject({ ok: true, id: 'bytes' });
    const { status, headers, bytes: read } = await store.call('GET', `/${db}/bytes/pic.png`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('image/png');
    expect(headers.get('content-length')).toBe('70000');
    expect(Buffer.compare(read, Buffer.from(bytes))).toBe(0);
    const { json } = await store.call('GET', `/${db}/bytes`);
    expect(json._attachments['pic.png']).toMatchObject({ content_type: 'image/png', length: 70_000, stub: true, revpos: 1 });
    const digest = json._attachments['pic.png'].digest.replace(/^md5-/, '');
    expect(headers.get('etag')).toBe(`"${digest}"`);
    const again = await store.call('GET', `/${db}/bytes/pic.png`, { headers: { 'if-none-match': `"${digest}"` } });
    expect(again.status).toBe(304);
  });

  it.each([
    ['bytes=0-3', 206, 'abcd', 'bytes 0-3/26'],
    ['bytes=10-', 206, letters.slice(10), 'bytes 10-25/26'],
    ['bytes=-5', 206, 'vwxyz', 'bytes 21-25/26'],
    ['bytes=25-25', 206, 'z', 'bytes 25-25/26'],
    ['bytes=20-100', 206, letters.slice(20), 'bytes 20-25/26'],
  ])('gives the range %s', async (range, expected, text, contentRange) => {
    const answer = await store.call('GET', `/${db}/letters/file.bin`, { headers: { range } });
    expect([answer.status, answer.text, answer.headers.get('content-range')]).toEqual([expected, text, contentRange]);
    expect(answer.headers.get('accept-ranges')).toBe('bytes');
  });

  it('refuses a range that lies beyond its end', async () => {
    const { status, json } = await store.call('GET', `/${db}/letters/file.bin`, { headers: { range: 'bytes=26-30' } });
    expect([status, json.error]).toEqual([416, 'requested_range_not_satisfiable']);
  });

  it('is given whole when a range makes no sense', async () => {
    const { status, text } = await store.call('GET', `/${db}/letters/file.bin`, { headers: { range: 'lines=1-2' } });
    expect([status, text]).toEqual([200, letters]);
  });

  it('answers HEAD with its length', async () => {
    const { status, headers, text } = await store.call('HEAD', `/${db}/letters/file.bin`);
    expect([status, headers.get('content-length'), text]).toEqual([200, '26', '']);
  });

  it('is added and taken away under the current revision only', async () => {
    const first = await store.put(db, 'many', { n: 1 });
    const added = await store.call('PUT', `/${db}/many/a.bin?rev=${first}`, { raw: 'aaa', headers: binary });
    expect(added.status).toBe(201);
    expect((await store.call('PUT', `/${db}/many/b.bin`, { raw: 'bbb', headers: binary })).status).toBe(409);
    expect((await store.call('PUT', `/${db}/many/b.bin?rev=${first}`, { raw: 'bbb', headers: binary })).status).toBe(409);
    const second = await store.call('PUT', `/${db}/many/dir/b.bin?rev=${added.json.rev}`, { raw: 'bbb', headers: binary });
    expect((await store.call('GET', `/${db}/many/dir/b.bin`)).text).toBe('bbb');
    const removed = await store.call('DELETE', `/${db}/many/a.bin?rev=${second.json.rev}`);
    expect([removed.status, removed.json.ok]).toEqual([200, true]);
    const { json } = await store.call('GET', `/${db}/many`);
    expect([json.n, Object.keys(json._attachments)]).toEqual([1, ['dir/b.bin']]);
    const gone = await store.call('GET', `/${db}/many/a.bin`);
    expect([gone.status, gone.json]).toEqual([404, { error: 'not_found', reason: 'Document is missing attachment' }]);
  });

  it('travels inside its document as base64, and stays as a stub', async () => {
    const first = await store.put(db, 'inline', { _attachments: { 'a.bin': { content_type: 'image/gif', data: btoa('GIF') } } });
    const whole = await store.call('GET', `/${db}/inline?attachments=true`, { headers: { accept: 'application/json' } });
    expect(whole.json._attachments['a.bin']).toMatchObject({ data: btoa('GIF'), content_type: 'image/gif' });
    await store.put(db, 'inline', { _rev: first, n: 2, _attachments: { 'a.bin': { stub: true } } });
    expect((await store.call('GET', `/${db}/inline/a.bin`)).text).toBe('GIF');
    expect((await store.call('GET', `/${db}/inline/a.bin?rev=${first}`)).text).toBe('GIF');
  });

  it('must exist when a stub names it', async () => {
    const { status, json } = await store.call('PUT', `/${db}/stubless`, { body: { _attachments: { 'x.bin': { stub: true } } } });
    expect([status, json.error]).toEqual([412, 'missing_stub']);
  });

  it('may be empty', async () => {
    await store.call('PUT', `/${db}/empty/none.bin`, { raw: '', headers: binary });
    const { status, bytes } = await store.call('GET', `/${db}/empty/none.bin`);
    expect([status, bytes.length]).toEqual([200, 0]);
  });

  it('is left out for revisions that the reader has, by atts_since', async () => {
    const first = await store.put(db, 'since', { _attachments: { 'old.bin': { content_type: 'image/gif', data: btoa('old') } } });
    const second = await store.call('PUT', `/${db}/since/new.bin?rev=${first}`, { raw: 'new', headers: binary });
    const query = `atts_since=${encodeURIComponent(JSON.stringify([first]))}&rev=${second.json.rev}`;
    const { json } = await store.call('GET', `/${db}/since?${query}`, { headers: { accept: 'application/json' } });
    expect(json._attachments['old.bin']).toMatchObject({ stub: true, length: 3 });
    expect(json._attachments['new.bin'].data).toBe(btoa('new'));
  });

  it('follows its document in a multipart PUT', async () => {
    const document = { n: 1, _attachments: { 'a.bin': { follows: true, content_type: 'image/gif', length: 3 } } };
    const raw = ['--xyz', 'Content-Type: application/json', '', JSON.stringify(document), '--xyz', '', 'GIF', '--xyz--'].join('\r\n');
    const { status } = await store.call('PUT', `/${db}/multipart`, { raw, headers: { 'content-type': 'multipart/related; boundary=xyz' } });
    expect(status).toBe(201);
    expect((await store.call('GET', `/${db}/multipart/a.bin`)).text).toBe('GIF');
    expect((await store.call('GET', `/${db}/multipart`)).json.n).toBe(1);
  });

  it('lets nobody give it a name that begins with an underscore', async () => {
    const { status } = await store.call('PUT', `/${db}/names`, { body: { _attachments: { _x: { data: '' } } } });
    expect(status).toBe(400);
  });
});
