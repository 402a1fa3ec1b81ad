import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { sampleDocument } from '@darasa/shared/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from './harness/call.ts';
import { deviceDatabase, remoteSchool } from './harness/pouch.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

const MARK = 'zq-much-text-qz';
const LESSONS = 250;
const LIMITS = { requests: { burst: 60, perMinute: 1 }, heavy: 2, heavyWaiting: 40, feeds: 3 };
const OPEN = { ...LIMITS, requests: { burst: 10_000, perMinute: 10_000 } };
let server: TestServer;
let base: string;

beforeAll(async () => {
  server = await startTestServer({ limits: { account: OPEN, address: OPEN } });
  base = `${server.url}/db/${schoolDatabase(server.school)}`;
  const job = sampleDocument('job', 'public', 'head');
  const docs = Array.from({ length: LESSONS }, (_, i) => ({ ...job, _id: `public:job:j${i}`, marker: MARK }));
  await server.admin.request('POST', `/${schoolDatabase(server.school)}/_bulk_docs`, { body: { docs } });
});
afterAll(() => server.close());

const tokenOf = (accountId: string) =>
  server.tokens.sign({ accountId, school: server.school, name: accountId, roles: [`school:${server.school}`, 'learner'] });
const count = (text: string): number => text.split(MARK).length - 1;
const every = Array.from({ length: LESSONS }, (_, i) => `public:job:j${i}`);

describe('a small request', () => {
  it('does not become a large answer by asking for one document many times', async () => {
    const docs = Array.from({ length: 400 }, () => ({ id: 'public:job:j1' }));
    const got = await call(`${base}/_bulk_get`, { json: { docs } });
    expect(got.json.results).toHaveLength(1);
    const keys = Array.from({ length: 5_000 }, () => 'public:job:j1');
    const listed = await call(`${base}/_all_docs?include_docs=true`, { json: { keys } });
    expect(listed.json.rows).toHaveLength(1);
    expect(count(got.text) + count(listed.text)).toBe(2);
  });

  it('gets each document and each revision once, over several batches', async () => {
    const rows = (await call(`${base}/_all_docs?include_docs=true&startkey="public:job:"&endkey="public:job:~"`)).json;
    expect(rows.rows.map((row: { id: string }) => row.id)).toEqual([...every].sort());
    expect(rows.total_rows).toBe(LESSONS);
    const docs = every.map((id) => ({ id }));
    const twice = await call(`${base}/_bulk_get`, { json: { docs: [...docs, ...docs] } });
    expect(twice.json.results).toHaveLength(LESSONS);
    const once = await call(`${base}/_bulk_get?revs=true`, { json: { docs } });
    expect(new Set(once.json.results.map(({ id }: { id: string }) => id)).size).toBe(LESSONS);
    const paged = await call(`${base}/_all_docs?include_docs=true&startkey="public:job:"&endkey="public:job:~"&skip=240&limit=20`);
    expect(paged.json.rows).toHaveLength(10);
    const mixed = await call(`${base}/_all_docs`, { json: { keys: ['public:job:none', 'public:job:j3'] } });
    expect(mixed.json.rows).toMatchObject([{ key: 'public:job:none', error: 'not_found' }, { id: 'public:job:j3' }]);
  });

  it('that only asks has a body of at most a megabyte, and nobody asks for thousands of documents', async () => {
    const body = `{"docs":[],"x":"${'x'.repeat(1_100_000)}"}`;
    const headers = { 'content-type': 'application/json' };
    const token = await tokenOf('ada');
    for (const path of ['_bulk_get', '_all_docs', '_changes', '_revs_diff'])
      expect((await call(`${base}/${path}`, { body, headers, token })).status, path).toBe(413);
    const docs = Array.from({ length: 501 }, (_, i) => ({ id: `public:job:x${i}` }));
    expect((await call(`${base}/_bulk_get`, { json: { docs } })).status).toBe(400);
    expect((await call(`${base}/_bulk_get`, { json: { docs }, token })).status).toBe(200);
  });

  it('still replicates with a stock PouchDB by batches of a thousand', async () => {
    const token = await tokenOf('ada');
    const device = deviceDatabase();
    const source = remoteSchool(server.url, server.school, () => token);
    const outcome = await device.replicate.from(source, { batch_size: 1_000 });
    expect(outcome.docs_written).toBeGreaterThanOrEqual(LESSONS);
    await device.destroy();
  });
});

describe('one account, and one address of people who have not signed in,', () => {
  it('keeps so many feeds open and no more, and nobody a continuous one', async () => {
    const token = await tokenOf('feeder');
    for (const who of [null, token]) {
      const leaving = new AbortController();
      const open = (feed: string) =>
        fetch(`${base}/_changes?feed=${feed}&since=now&heartbeat=1000`, {
          signal: leaving.signal,
          headers: who === null ? {} : { authorization: `Bearer ${who}` },
        });
      expect((await open('continuous')).status).toBe(who === null ? 403 : 200);
      const opened = await Promise.all(Array.from({ length: 4 }, () => open('longpoll')));
      const refused = opened.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(who === null ? 1 : 2);
      expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
      // Another account at the same address is not in their way.
      expect((await call(`${base}/_changes?feed=longpoll&since=0`, { token: await tokenOf('other') })).status).toBe(200);
      leaving.abort();
    }
  });

  it('lets go of a feed whose reader has gone', async () => {
    const token = await tokenOf('goer');
    const headers = { authorization: `Bearer ${token}` };
    for (let i = 0; i < 5; i += 1) {
      const opened = [];
      const leaving = new AbortController();
      for (let feed = 0; feed < 3; feed += 1)
        opened.push(
          await fetch(`${base}/_changes?feed=longpoll&since=now&heartbeat=500&timeout=1000`, { headers, signal: leaving.signal }),
        );
      // The reader reads to the end of some, and leaves others.
      const [first] = opened;
      expect(first?.status).toBe(200);
      for (const each of opened) await each.body?.cancel();
      leaving.abort();
      const again = async (): Promise<number> => (await call(`${base}/_changes?feed=longpoll&since=0`, { token })).status;
      await expect.poll(again, { timeout: 10_000 }).toBe(200);
    }
  });

  it('waits its turn with heavy requests', async () => {
    const token = await tokenOf('busy');
    const answers = await Promise.all(Array.from({ length: 30 }, () => call(`${base}/_all_docs?include_docs=true`, { token })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('asks so often and is then told when to come again; a class behind one address counts by account', async () => {
    const strict = await startTestServer({ limits: { account: LIMITS, address: LIMITS } });
    try {
      const url = `${strict.url}/db/${schoolDatabase(strict.school)}`;
      const tokens = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          strict.tokens.sign({ accountId: `l${i}`, school: strict.school, name: `l${i}`, roles: [`school:${strict.school}`, 'learner'] }),
        ),
      );
      const statuses = async (token: string | null, times: number) =>
        (await Promise.all(Array.from({ length: times }, () => call(url, { token })))).map(({ status }) => status);
      expect(new Set((await Promise.all(tokens.map((token) => statuses(token, 3)))).flat())).toEqual(new Set([200]));
      expect((await statuses(null, 70)).filter((status) => status === 429)).toHaveLength(10);
      expect((await statuses(tokens[0] ?? '', 70)).filter((status) => status === 429)).toHaveLength(13);
      expect(await call(url)).toMatchObject({ status: 429, json: { error: 'too_many_requests' } });
    } finally {
      await strict.close();
    }
  });
});

describe('junk', () => {
  it('is told to be junk', async () => {
    const token = await tokenOf('junk');
    for (const since of ['x', '-1', '1;2', '{}', '"'])
      expect((await call(`${base}/_changes?since=${encodeURIComponent(since)}`, { token })).status, since).toBe(400);
    const deep = JSON.parse(`${'{"a":'.repeat(30)}1${'}'.repeat(30)}`);
    expect((await call(`${base}/_local/deep`, { method: 'PUT', token, json: deep })).status).toBe(400);
    expect((await call(`${base}/_local/flat`, { method: 'PUT', token, json: { history: [{ session_id: 'x' }] } })).status).toBe(201);
  });

  it('devices of a learner are noted up to twenty', async () => {
    const token = await tokenOf('many');
    for (let i = 0; i < 25; i += 1) await call(`${base}/_changes?limit=1`, { token, headers: { 'Darasa-Device': `made-up-${i}` } });
    const noted = async () =>
      (await call(`${base}/_all_docs?startkey="learner-many:contact:"&endkey="learner-many:contact:~"`, { token })).json.rows.length;
    await expect.poll(noted, { timeout: 10_000 }).toBeGreaterThanOrEqual(20);
    expect(await noted()).toBe(20);
  });

  it('checkpoints of a person are kept up to fifty, the oldest go, and none may be large (S5)', async () => {
    const token = await tokenOf('keeper');
    const put = (id: string, value: unknown) =>
      call(`${base}/_local/${id}`, { method: 'PUT', token, json: { last_seq: '1-x', history: [value] } });
    for (let i = 0; i < 55; i += 1) expect((await put(`c${i}`, i)).status).toBe(201);
    const status = async (id: string) => (await call(`${base}/_local/${id}`, { token })).status;
    expect(await Promise.all(['c0', 'c4', 'c5', 'c54'].map(status))).toEqual([404, 404, 200, 200]);
    // Others' stay, and somebody whose checkpoint has gone writes it anew.
    const other = await tokenOf('other-keeper');
    expect((await call(`${base}/_local/c0`, { method: 'PUT', token: other, json: {} })).status).toBe(201);
    expect((await put('c0', 'again')).status).toBe(201);
    expect((await put('large', 'x'.repeat(200_000))).status).toBe(201);
    const tooLarge = await put('huge', 'x'.repeat(300_000));
    expect(tooLarge.status).toBe(413);
    expect(tooLarge.json.reason).toContain('262144');
    for (let i = 0; i < 12; i += 1) expect((await put(`l${i}`, 'x'.repeat(250_000))).status).toBe(201);
    expect(await Promise.all(['c0', 'large', 'l0', 'l11'].map(status))).toEqual([404, 404, 404, 200]);
  });
});
