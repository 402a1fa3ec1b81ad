import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { newLessonEvent } from '@darasa/shared/documents';
import { personas, sampleAttempt, sampleDocument, type ValidationCase, type Verdict, validationTable } from '@darasa/shared/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, call } from './harness/call.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

type Person = ValidationCase['userCtx'];
type Doc = ValidationCase['newDoc'];

let server: TestServer;
let proxy: string;
let database: string;

beforeAll(async () => {
  server = await startTestServer({ runServices: false });
  proxy = `${server.url}/db/${schoolDatabase(server.school)}`;
  database = `${server.couchUrl}/${schoolDatabase(server.school)}`;
});
afterAll(() => server.close());

async function tokenOf({ name, roles }: Person): Promise<string | null> {
  if (name === null) return null;
  const own = roles.map((role) => (role.startsWith('school:') ? `school:${server.school}` : role));
  return server.tokens.sign({ accountId: name, school: server.school, name, roles: own });
}

/** Makes the database hold this revision of a document and no other, as if nothing had ever been there. */
async function hold(id: string, doc: Doc | null): Promise<string | null> {
  const path = `/${schoolDatabase(server.school)}`;
  const leaves = await server.couch.send('GET', `${path}/${encodeURIComponent(id)}`, { query: { open_revs: 'all' } });
  if (leaves.ok) {
    const found = (await leaves.json()) as { ok?: { _rev: string } }[]; // CouchDB's form
    const revs = found.flatMap(({ ok }) => (ok === undefined ? [] : [ok._rev]));
    if (revs.length > 0) await server.admin.request('POST', `${path}/_purge`, { body: { [id]: revs } });
  } else await leaves.body?.cancel();
  if (doc === null) return null;
  const { body } = await server.admin.request('PUT', `${path}/${encodeURIComponent(id)}`, { body: doc });
  return (body as { rev: string }).rev; // a write that succeeded
}

const put = async (base: string, doc: Doc, person: Person): Promise<Answer> =>
  call(`${base}/${encodeURIComponent(String(doc['_id']))}`, { method: 'PUT', token: await tokenOf(person), json: doc });
const bulk = async (base: string, docs: readonly unknown[], person: Person, newEdits = true): Promise<Answer> =>
  call(`${base}/_bulk_docs`, { token: await tokenOf(person), json: newEdits ? { docs } : { docs, new_edits: false } });

function verdictOf({ status, json }: Answer): Verdict | string {
  if (status === 401) return 'unauthorized';
  const row = Array.isArray(json) ? json[0] : json;
  const error = row?.error;
  if (error === undefined) return 'accepted';
  return error === 'forbidden' || error === 'unauthorized' ? error : `${status} ${error}: ${row.reason}`;
}

/** Ids that a URL or a document cannot bear are refused by CouchDB before its rules see them. */
const isWritable = ({ newDoc }: ValidationCase): boolean => typeof newDoc['_id'] === 'string' && !newDoc['_id'].startsWith('_');
const cases = validationTable.filter(isWritable);

describe.each(['through the server', 'past the server, at the database with the person’s own token'])('%s', (way) => {
  const base = (): string => (way === 'through the server' ? proxy : database);

  it.each(cases.map((each) => [each.name, each] as const))('%s', async (_, { newDoc, oldDoc, userCtx, expected, hidesHistory }) => {
    const id = String(newDoc['_id']);
    if (hidesHistory !== undefined) {
      await hold(id, hidesHistory.stored);
      const verdict = verdictOf(await bulk(base(), [newDoc], userCtx, false));
      // The server sees what the forged history hides from the database, so it may refuse more.
      if (way !== 'through the server' || expected !== 'accepted') expect(verdict).toBe(expected);
      return;
    }
    if (way === 'through the server' && userCtx.roles.some((role) => role.startsWith('hub:'))) {
      // A laptop hands in what it holds: only as replication does, and so never without a receipt.
      for (const write of [put, (to: string, doc: Doc, person: Person) => bulk(to, [doc], person)]) {
        await hold(id, oldDoc);
        expect(verdictOf(await write(base(), newDoc, userCtx))).toBe('forbidden');
      }
      const [generation = '0', ...before] = (await hold(id, oldDoc))?.split('-') ?? [];
      const [start, name] = [Number(generation) + 1, 'd'.repeat(32)];
      const handedIn = { ...newDoc, _rev: `${start}-${name}`, _revisions: { start, ids: [name, ...before] } };
      expect(verdictOf(await bulk(base(), [handedIn], userCtx, false))).toBe(expected);
      return;
    }
    for (const write of [put, (to: string, doc: Doc, person: Person) => bulk(to, [doc], person)]) {
      const rev = await hold(id, oldDoc);
      // What was deleted is written again as what is new, without a revision.
      const doc = rev === null || oldDoc?.['_deleted'] === true ? newDoc : { ...newDoc, _rev: rev };
      expect(verdictOf(await write(base(), doc, userCtx))).toBe(expected);
    }
  });

  it('an attempt is not edited, neither openly nor with a made-up history', async () => {
    const attempt = sampleAttempt('ada');
    const rev = await hold(attempt._id, attempt);
    const better = { ...attempt, answers: { q1: { kind: 'single', option: 'a' } } };
    const histories = [
      { _rev: `2-${'a'.repeat(32)}`, _revisions: { start: 2, ids: ['a'.repeat(32), String(rev).slice(2)] } },
      { _rev: `5-${'b'.repeat(32)}`, _revisions: { start: 5, ids: ['b'.repeat(32), 'c'.repeat(32)] } },
      { _rev: `1-${'d'.repeat(32)}`, _revisions: { start: 1, ids: ['d'.repeat(32)] } },
    ];
    for (const history of histories) {
      expect(verdictOf(await bulk(base(), [{ ...better, ...history }], personas.learner, false))).toBe('forbidden');
      expect(verdictOf(await bulk(base(), [{ _id: attempt._id, _deleted: true, ...history }], personas.learner, false))).toBe('forbidden');
    }
    const { body } = await server.admin.request('GET', `/${schoolDatabase(server.school)}/${encodeURIComponent(attempt._id)}`, {
      query: { conflicts: 'true' },
    });
    expect(body).toMatchObject({ _rev: rev, answers: attempt.answers });
    expect(body).not.toHaveProperty('_conflicts');
  });

  it('nobody but CouchDB’s own admin writes a design document, the database’s security, or deletes the database', async () => {
    const design = { _id: '_design/evil', validate_doc_update: 'function () {}' };
    for (const person of [personas.learner, personas.admin, personas.operator]) {
      const token = await tokenOf(person);
      const answers = [
        await call(`${base()}/_design/evil`, { method: 'PUT', token, json: design }),
        await call(`${base()}/_design%2Fevil`, { method: 'PUT', token, json: design }),
        await call(`${base()}/_security`, { method: 'PUT', token, json: { members: { roles: [] } } }),
        await call(base(), { method: 'DELETE', token }),
      ];
      // CouchDB itself answers some of these with 500; what counts is that nothing happened.
      for (const { status } of answers) expect(status).toBeGreaterThanOrEqual(400);
      expect(['forbidden', 'unauthorized']).toContain(verdictOf(await bulk(base(), [design], person)));
      expect(['forbidden', 'unauthorized']).toContain(
        verdictOf(await bulk(base(), [{ ...design, _rev: `1-${'e'.repeat(32)}` }], person, false)),
      );
    }
    const path = `/${schoolDatabase(server.school)}`;
    const security = await server.admin.request('GET', `${path}/_security`);
    expect(security.body).toMatchObject({ members: { roles: [`school:${server.school}`] } });
    expect((await server.admin.request('GET', `${path}/_design/evil`, { accept: [404] })).status).toBe(404);
  });
});

describe('bulk writes through the server', () => {
  const event = (seq: number, learnerId = 'ada') =>
    newLessonEvent({
      createdAt: '2026-02-01T08:00:00.000Z',
      deviceId: 'tablet-9',
      seq,
      learnerId,
      courseId: 'maths-7',
      itemId: 'halves',
      action: 'opened',
    });

  it('answer each document in its place, refused ones among the others', async () => {
    const docs = [event(1), event(2, 'ben'), event(3), { type: 'nothing' }, 'no document', event(4)];
    const { status, json } = await bulk(proxy, docs, personas.learner);
    expect(status).toBe(201);
    expect(json.map((row: { ok?: boolean; error?: string }) => row.ok ?? row.error)).toEqual([
      true,
      'forbidden',
      true,
      'forbidden',
      'bad_request',
      true,
    ]);
    expect(json.map((row: { id?: string }) => row.id)).toEqual(
      [docs[0], docs[1], docs[2], {}, {}, docs[5]].map((doc) => (doc as { _id?: string })._id),
    );
  });

  it('of replication answer only what was refused', async () => {
    const of = <Type extends object>(doc: Type, digit: string) => ({
      ...doc,
      _rev: `1-${digit.repeat(32)}`,
      _revisions: { start: 1, ids: [digit.repeat(32)] },
    });
    const refused = of(event(12, 'ben'), '2');
    const { json } = await bulk(proxy, [of(event(11), '1'), refused, of(event(13), '3')], personas.learner, false);
    expect(json).toMatchObject([{ id: refused._id, rev: refused._rev, error: 'forbidden' }]);
    expect(json).toHaveLength(1);
  });

  it('take what was sent already as done: the device repeats itself when a reply was lost', async () => {
    const doc = { ...event(21), _rev: `1-${'4'.repeat(32)}`, _revisions: { start: 1, ids: ['4'.repeat(32)] } };
    for (let i = 0; i < 2; i += 1) expect((await bulk(proxy, [doc], personas.learner, false)).json).toEqual([]);
  });

  it('pass the database’s own refusals on: a conflict is a conflict', async () => {
    const profile = sampleDocument('profile', 'learner-ada', 'ada');
    await hold(profile._id, profile);
    const { json } = await bulk(proxy, [profile], personas.learner);
    expect(json).toMatchObject([{ id: profile._id, error: 'conflict' }]);
  });

  it('of more than the limit are refused before they are read', async () => {
    const docs = [{ _id: 'learner-ada:profile:me', bio: 'x'.repeat(17 * 1024 * 1024) }];
    expect(await bulk(proxy, docs, personas.learner)).toMatchObject({ status: 413, json: { error: 'too_large' } });
  });

  it('may come gzipped, and a small body that unpacks into a large one is refused', async () => {
    const { gzipSync } = await import('node:zlib');
    const send = async (value: unknown) =>
      call(`${proxy}/_bulk_docs`, {
        token: await tokenOf(personas.learner),
        body: new Uint8Array(gzipSync(JSON.stringify(value))),
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      });
    expect((await send({ docs: [event(31)] })).json).toMatchObject([{ ok: true }]);
    expect((await send({ docs: [{ bio: 'x'.repeat(17 * 1024 * 1024) }] })).status).toBe(413);
  });

  it('that are no JSON, or no list of documents, are refused in CouchDB’s form', async () => {
    const token = await tokenOf(personas.learner);
    for (const body of ['', '{', '[]', '{"docs":1}', '{"docs":[],"new_edits":"no"}', '\u0000']) {
      expect(
        await call(`${proxy}/_bulk_docs`, { method: 'POST', token, body, headers: { 'content-type': 'application/json' } }),
      ).toMatchObject({ status: 400, json: { error: 'bad_request' } });
    }
  });
});
