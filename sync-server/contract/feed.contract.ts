import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { sampleDocument } from '@darasa/shared/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, type Json } from './harness/call.ts';
import { deviceDatabase, remoteSchool } from './harness/pouch.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

let server: TestServer;
let base: string;
/** Whether the database keeps copies of a document, of which one may lag behind another. */
let copies: boolean;
const OWN = 30;
const OTHERS = 300;

beforeAll(async () => {
  server = await startTestServer({ runServices: false });
  base = `${server.url}/db/${schoolDatabase(server.school)}`;
  const { body } = await server.admin.request('GET', `/${schoolDatabase(server.school)}`);
  copies = (body as Json).cluster.n > 1;
  await write(...enrolments('ada', 0, OWN), ...enrolments('ben', 0, OTHERS), sampleDocument('announcement', 'class-7a', 'head'));
});
afterAll(() => server.close());

function enrolments(learner: string, from: number, to: number): object[] {
  return Array.from({ length: to - from }, (_, i) => ({
    ...sampleDocument('enrolment', `learner-${learner}`, learner),
    _id: `learner-${learner}:enrolment:c${from + i}`,
    courseId: `c${from + i}`,
  }));
}

async function write(...docs: object[]): Promise<Json> {
  return (await server.admin.request('POST', `/${schoolDatabase(server.school)}/_bulk_docs`, { body: { docs } })).body;
}

const tokenOf = (accountId: string, ...roles: string[]): Promise<string> =>
  server.tokens.sign({ accountId, school: server.school, name: accountId, roles: [`school:${server.school}`, 'learner', ...roles] });

/** Places come near to the present now and then: a feed that ends at what the database has by now. */
async function presentFeed(token: string, at = base): Promise<Json> {
  const { update_seq } = (await server.admin.request('GET', `/${schoolDatabase(server.school)}`)).body as Json;
  const place = async (): Promise<number> => Number.parseInt((await feed(token, {}, at)).last_seq, 10);
  await expect.poll(place, { timeout: 20_000, interval: 500 }).toBeGreaterThanOrEqual(Number.parseInt(update_seq, 10));
  return feed(token, {}, at);
}

async function feed(token: string, query: Record<string, string> = {}, at = base): Promise<Json> {
  const answer = await call(`${at}/_changes?${new URLSearchParams(query)}`, { token });
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
}

const idsOf = (rows: readonly Json[]): string[] =>
  rows.map(({ id }: Json) => id).filter((id: string) => !id.includes(':contact:') && !id.startsWith('public:'));

/** How many rows of others the server has looked at so far. */
async function filtered(url = server.url): Promise<number> {
  const { text } = await call(`${url}/metrics`);
  return Number(/^darasa_changes_rows_total\{outcome="filtered"\} (\d+)$/m.exec(text)?.[1] ?? 0);
}

describe('a stock feed', () => {
  it('is read from the index: no row of others is looked at (S1)', async () => {
    const before = await filtered();
    const device = deviceDatabase();
    const token = await tokenOf('ada');
    await device.replicate.from(
      remoteSchool(server.url, server.school, () => token),
      { batch_size: 10 },
    );
    expect((await device.allDocs()).rows.filter(({ id }) => id.startsWith('learner-ada:enrolment:'))).toHaveLength(OWN);
    expect(await filtered()).toBe(before);
    await device.destroy();
  });

  it('has what was written before it was asked for, by whichever server (N4)', async () => {
    const token = await tokenOf('dan');
    const second = await server.another();
    try {
      for (let i = 0; i < 20; i += 1) {
        const [doc] = enrolments('dan', i, i + 1) as Json[];
        const at = i % 2 === 0 ? base : `${second.url}/db/${schoolDatabase(server.school)}`;
        expect((await call(`${at}/_bulk_docs`, { token, json: { docs: [doc] } })).status).toBe(201);
        const present = async () => idsOf((await feed(token)).results);
        if (copies) await expect.poll(present, { timeout: 5_000 }).toContain(doc._id);
        else expect(await present()).toContain(doc._id);
      }
    } finally {
      await second.close();
    }
  });

  it('goes on at a server that has just started, with what came meanwhile and nothing else (S3)', async () => {
    const token = await tokenOf('ada');
    const { last_seq, results } = await presentFeed(token);
    await write(...enrolments('ada', OWN, OWN + 2));
    const second = await server.another();
    const there = `${second.url}/db/${schoolDatabase(server.school)}`;
    try {
      const middle = results.findIndex(({ id }: Json) => id === 'learner-ada:enrolment:c5');
      const followed = idsOf((await feed(token, { since: results[middle].seq }, there)).results);
      for (const id of idsOf(results.slice(middle + 1))) expect(followed).toContain(id);
      const news = await feed(token, { since: last_seq }, there);
      expect(idsOf(news.results).sort()).toEqual(['learner-ada:enrolment:c30', 'learner-ada:enrolment:c31']);
      const rest = await feed(token, { since: news.last_seq }, there);
      expect(idsOf(rest.results)).toEqual([]);
      // From here on the second server's own index is asked, and the first takes the place back.
      const before = await filtered(second.url);
      await write(...enrolments('ben', 0, 1).map((doc) => ({ ...doc, _id: 'learner-ben:enrolment:later' })));
      expect(idsOf((await feed(token, { since: rest.last_seq }, there)).results)).toEqual([]);
      if (!copies) expect(await filtered(second.url)).toBe(before);
      expect(idsOf((await feed(token, { since: rest.last_seq })).results)).toEqual([]);
    } finally {
      await second.close();
    }
  });

  it('begins again where the place was told of a database that is not this one (S4)', async () => {
    const token = await tokenOf('ada');
    const all = idsOf((await feed(token)).results).sort();
    const second = await server.another();
    const there = `${second.url}/db/${schoolDatabase(server.school)}`;
    const { last_seq } = await presentFeed(token, there);
    await second.close();
    expect(idsOf((await feed(token, { since: last_seq })).results)).toEqual([]);
    // As after a backup of before: the record of how far places reach has gone back with the database.
    const record = `/${schoolDatabase(server.school)}/_local/darasa-feed`;
    const { body } = (await server.admin.request('GET', record)) as { body: Json };
    const epochs = body.epochs.map(([epoch]: [string, number]) => [epoch, 1]);
    await server.admin.request('PUT', record, { body: { ...body, epochs } });
    expect(idsOf((await feed(token, { since: last_seq })).results).sort()).toEqual(all);
    for (const since of ['7', '7-abc', '999999-e.0123456789abcdef.1.7-abc'])
      expect(idsOf((await feed(token, { since })).results).sort()).toEqual(all);
  });

  it('brings the past of a partition that a person gains, also to one who waits (A3)', async () => {
    const before = await feed(await tokenOf('gus'));
    const gained = await tokenOf('gus', 'learns:7a');
    const { results } = await feed(gained, { since: before.last_seq });
    expect(results.some(({ id }: Json) => id.startsWith('class-7a:announcement:'))).toBe(true);
    const lost = await feed(await tokenOf('gus'), { since: (await feed(gained)).last_seq });
    expect(lost.results.every(({ id }: Json) => !id.startsWith('class-7a:'))).toBe(true);

    const card = { ...sampleDocument('course', 'public', 'head'), _id: 'public:course:gained', courseId: 'gained', open: false };
    const lesson = sampleDocument('lesson', 'course-gained', 'head');
    const [{ rev }] = await write(card, lesson);
    const token = await tokenOf('gus');
    const { last_seq } = await feed(token);
    const waiting = call(`${base}/_changes?feed=continuous&since=${last_seq}&timeout=4000`, { token });
    await write({ ...card, _rev: rev, open: true });
    const arrived = async () => (await call(`${base}/${encodeURIComponent(lesson._id)}`, { token })).status;
    await expect.poll(arrived).toBe(200);
    // Whatever comes next has it look at what may be read.
    await write(...enrolments('gus', 0, 1));
    expect((await waiting).text).toContain(`"${lesson._id}"`);
  });

  it('says of each document what CouchDB says of it (S2)', async () => {
    const token = await tokenOf('eve');
    const docs = enrolments('eve', 0, 4) as Json[];
    const written = await write(...docs);
    await write({ _id: docs[1]._id, _rev: written[1].rev, _deleted: true });
    const conflicts = ['3-b', '3-a'].map((rev) => ({ ...docs[2], _rev: rev, _revisions: { start: 3, ids: [rev.slice(2), 'x', 'y'] } }));
    const path = `/${schoolDatabase(server.school)}`;
    await server.admin.request('POST', `${path}/_bulk_docs`, { body: { docs: conflicts, new_edits: false } });
    const ours = (row: Json): boolean => row.id.startsWith('learner-eve:enrolment:');
    const plain = ({ seq: _, ...row }: Json): Json => row;
    for (const query of [
      {},
      { style: 'all_docs' },
      { include_docs: 'true' },
      { include_docs: 'true', style: 'all_docs', conflicts: 'true' },
    ]) {
      const served = (await feed(token, query)).results.filter(ours);
      const search = new URLSearchParams(query);
      const stored = ((await server.admin.request('GET', `${path}/_changes?${search}`)).body as Json).results.filter(ours);
      const order = (rows: Json[]) => rows.map(plain).sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(order(served)).toEqual(order(stored));
      // Newest first: the deletion and the conflict came after the other two.
      const backwards = (await feed(token, { ...query, descending: 'true' })).results.filter(ours);
      expect(backwards.map(({ id }: Json) => id)).toEqual(served.map(({ id }: Json) => id).reverse());
      expect(order(backwards)).toEqual(order(stored));
    }
    const latest = await feed(token, { descending: 'true', limit: '1' });
    expect(latest.results).toHaveLength(1);
    const named = { doc_ids: JSON.stringify([docs[3]._id, docs[0]._id, 'learner-ada:enrolment:c1', 'learner-eve:enrolment:none']) };
    const some = await feed(token, { filter: '_doc_ids', ...named, include_docs: 'true' });
    // In shards nobody says which of two documents of one request came first.
    expect(idsOf(some.results).sort()).toEqual([docs[0]._id, docs[3]._id]);
    const after = await feed(token, { filter: '_doc_ids', ...named, since: some.results[0].seq });
    expect(idsOf(after.results)).toEqual([some.results[1].id]);
  });

  it('ends each page with a place to go on from, and counts what follows (S2)', async () => {
    const token = await tokenOf('ada');
    const whole = idsOf((await feed(token)).results);
    const paged: string[] = [];
    let [since, pending] = ['0', 1];
    while (pending > 0) {
      const page = await feed(token, { since, limit: '7' });
      paged.push(...idsOf(page.results));
      [since, pending] = [page.last_seq, page.pending];
    }
    expect(paged).toEqual(whole);
    const { update_seq } = (await call(base, { token })).json;
    await write(...enrolments('ada', 90, 91));
    expect(idsOf((await feed(token, { since: update_seq })).results)).toEqual(['learner-ada:enrolment:c90']);
  });
});

describe('a document that was read before', () => {
  const path = `/${encodeURIComponent('learner-kim:enrolment:c0')}`;

  it('is never older than what any server wrote before it was asked for (N5)', async () => {
    const token = await tokenOf('kim');
    const second = await server.another();
    const there = `${second.url}/db/${schoolDatabase(server.school)}`;
    try {
      const [doc] = enrolments('kim', 0, 1) as Json[];
      const created = await call(`${there}${path}`, { method: 'PUT', token, json: doc });
      expect(created.status, created.text).toBe(201);
      let { rev } = created.json;
      for (let i = 0; i < 15; i += 1) {
        for (let again = 0; again < 3; again += 1) {
          const { json, headers } = await call(`${base}${path}`, { token });
          expect(json).toMatchObject({ _id: doc._id, _rev: rev });
          expect(headers.get('etag')).toBe(`"${rev}"`);
        }
        const changed = { ...doc, _rev: rev, completedAt: `2026-02-01T08:00:00.${100 + i}Z` };
        const answer = await call(`${there}${path}`, { method: 'PUT', token, json: changed });
        expect(answer.status, answer.text).toBe(201);
        rev = answer.json.rev;
      }
      await call(`${there}${path}?rev=${rev}`, { method: 'DELETE', token });
      expect((await call(`${base}${path}`, { token })).status).toBe(404);
    } finally {
      await second.close();
    }
  });

  it('is kept from whoever may not read it, and from a token that the database does not let in (N5)', async () => {
    const [doc] = enrolments('kit', 0, 1) as Json[];
    await write(doc);
    const url = `${base}/${encodeURIComponent(doc._id)}`;
    const token = await tokenOf('kit');
    for (let again = 0; again < 3; again += 1) expect((await call(url, { token })).status).toBe(200);
    expect((await call(url, { token: await tokenOf('ben') })).status).toBe(404);
    expect((await call(url)).status).toBe(401);
    const security = `/${schoolDatabase(server.school)}/_security`;
    const { body } = await server.admin.request('GET', security);
    const closed = { admins: { names: [], roles: [] }, members: { names: ['nobody-at-all'], roles: [] } };
    await server.admin.request('PUT', security, { body: closed });
    try {
      const another = await tokenOf('kit', 'learns:7a');
      expect((await call(url, { token: another })).status).not.toBe(200);
    } finally {
      await server.admin.request('PUT', security, { body });
    }
  });

  it('is answered with the same bytes and headers as the first time (N5)', async () => {
    const token = await tokenOf('kit');
    const url = `${base}/${encodeURIComponent('learner-kit:enrolment:c0')}`;
    const headersOf = (headers: Headers) => [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
    const [first, second] = [await call(url, { token }), await call(url, { token })];
    expect(second.text).toBe(first.text);
    expect(headersOf(second.headers)).toEqual(headersOf(first.headers));
  });
});
