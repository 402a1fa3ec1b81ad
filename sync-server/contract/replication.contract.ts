import { addToClass, createAccount, schoolDatabase } from '@darasa/couchdb/provisioning';
import { gradeIdFor, newAttempt, newException, newLessonEvent, newProfile } from '@darasa/shared/documents';
import { sampleDocument } from '@darasa/shared/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, type Json } from './harness/call.ts';
import { type ChangeEvents, deviceDatabase, type Pouch, remoteSchool } from './harness/pouch.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

let server: TestServer;
let base: string;
let ada: Json;
let teacher: Json;
const PASSWORD = 'maziwa-lala';
const CREATED = { createdAt: '2026-02-01T08:00:00.000Z', deviceId: 'tablet-1' } as const;

const admin = (method: string, path: string, body?: unknown) =>
  server.admin.request(method, `/${schoolDatabase(server.school)}${path}`, { body });
const write = (...docs: unknown[]) => admin('POST', '/_bulk_docs', { docs });
const event = (seq: number) =>
  newLessonEvent({ ...CREATED, seq, learnerId: ada.account.id, courseId: 'maths-7', itemId: 'halves', action: 'opened' });

async function signedIn(username: string, kind: 'learner' | 'teacher'): Promise<Json> {
  const made = await createAccount(server.admin, { slug: server.school, username, password: PASSWORD, displayName: username, kind });
  if (!made.ok) throw new Error(made.error);
  await addToClass(server.admin, { classId: '7a', accountId: made.account.id, role: kind });
  return login(username);
}

async function login(username: string): Promise<Json> {
  return (
    await call(`${server.url}/v1/auth/login`, { json: { school: server.school, username, password: PASSWORD, deviceId: 'tablet-1' } })
  ).json;
}

beforeAll(async () => {
  server = await startTestServer();
  base = `${server.url}/db/${schoolDatabase(server.school)}`;
  await write(
    sampleDocument('class', 'class-7a', 'head'),
    sampleDocument('course', 'public', 'head'),
    sampleDocument('lesson', 'course-maths-7', 'head'),
    sampleDocument('quiz', 'course-maths-7', 'head'),
    {
      ...sampleDocument('quiz', 'course-maths-7', 'head'),
      _id: 'course-maths-7:quiz:final:v1',
      quizId: 'final',
      exam: true,
      questions: [{ kind: 'true-false', id: 'q1', points: 2, prompt: 'One half is 0.5.' }],
    },
    {
      ...sampleDocument('answer-key', 'keys-maths-7', 'head'),
      _id: 'keys-maths-7:answer-key:final:v1',
      quizId: 'final',
      keys: { q1: { value: true } },
    },
  );
  ada = await signedIn('ada', 'learner');
  await signedIn('tembo', 'teacher');
  teacher = await login('tembo');
});
afterAll(() => server.close());

/** When a feed has brought a document. */
async function arrival(changes: ChangeEvents, id: string): Promise<void> {
  await new Promise<void>((resolve) => {
    changes.on('change', (change) => {
      if (change.id === id) resolve();
    });
  });
}

describe('the roles of a token', () => {
  it('follow from the classes of the person', () => {
    expect(ada.account.roles).toEqual(expect.arrayContaining([`school:${server.school}`, 'learner', 'learns:7a', 'takes:maths-7']));
    expect(teacher.account.roles).toEqual(expect.arrayContaining(['teacher', 'teaches:7a', 'gives:maths-7', `marks:${ada.account.id}`]));
  });
});

describe('a stock PouchDB', () => {
  const remote = (session: () => Json) => remoteSchool(server.url, server.school, () => session().accessToken);

  it('pushes a learner’s work, which a teacher’s device then pulls', async () => {
    const device = deviceDatabase();
    const docs = Array.from({ length: 25 }, (_, seq) => event(seq));
    await device.bulkDocs([...docs, newProfile({ ...CREATED, learnerId: ada.account.id, displayName: 'Ada', language: 'sw' })]);
    const pushed = await device.replicate.to(
      remote(() => ada),
      { batch_size: 10 },
    );
    expect(pushed).toMatchObject({ ok: true, docs_written: 26, doc_write_failures: 0 });

    const teachers = deviceDatabase();
    await teachers.replicate.from(
      remote(() => teacher),
      { batch_size: 10 },
    );
    for (const doc of docs) expect(await teachers.get(doc._id)).toMatchObject({ learnerId: ada.account.id });
    await Promise.all([device.destroy(), teachers.destroy()]);
  });

  it('hears of what the server refuses, document by document, and keeps it', async () => {
    const device = deviceDatabase();
    const forged = newLessonEvent({ ...CREATED, seq: 90, learnerId: 'somebody', courseId: 'maths-7', itemId: 'halves', action: 'opened' });
    await device.bulkDocs([event(91), forged, event(92)]);
    const denied: string[] = [];
    const outcome = await device.replicate.to(remote(() => ada)).on('denied', (error) => denied.push((error as Json).id));
    expect(outcome).toMatchObject({ docs_written: 2, doc_write_failures: 1 });
    expect(denied).toEqual([forged._id]);
    expect(await device.get(forged._id)).toMatchObject({ learnerId: 'somebody' });
    await device.destroy();
  });

  it('goes on from its checkpoint: a second pull brings nothing', async () => {
    const device = deviceDatabase();
    const first = await device.replicate.from(
      remote(() => ada),
      { batch_size: 3 },
    );
    expect(first.docs_written).toBeGreaterThan(3);
    const second = await device.replicate.from(
      remote(() => ada),
      { batch_size: 3 },
    );
    expect(second).toMatchObject({ docs_read: 0, docs_written: 0 });
    await device.destroy();
  });

  it('without signing in pulls what is public, and cannot write', async () => {
    const device = deviceDatabase();
    const anybody = remoteSchool(server.url, server.school, () => null);
    const outcome = await device.replicate.from(anybody);
    expect(outcome.ok).toBe(true);
    expect((await device.allDocs()).rows.every(({ id }) => id.startsWith('public:'))).toBe(true);
    expect((await call(`${base}/_bulk_docs`, { json: { docs: [event(95)] } })).status).toBe(401);
    await device.destroy();
  });

  it('live, gets what others write, and not what is not its own', async () => {
    const device = deviceDatabase();
    const sync = device.replicate.from(
      remote(() => ada),
      { live: true, retry: true, heartbeat: 1_000 },
    );
    const local = device.changes({ live: true, since: 'now' });
    const hers = {
      ...sampleDocument('announcement', 'class-7a', teacher.account.id),
      _id: 'class-7a:announcement:01kf0000000000000000000001',
    };
    await write(sampleDocument('announcement', 'class-8b', 'head'), sampleDocument('note', 'register-7a', 'head'));
    const seen = arrival(local, hers._id);
    await write(hers);
    await seen;
    sync.cancel();
    local.cancel();
    expect((await device.allDocs()).rows.filter(({ id }) => id.startsWith('class-8b') || id.startsWith('register-'))).toEqual([]);
    await device.destroy();
  });

  it('with scope holds content and one’s own apart', async () => {
    const [content, own] = [deviceDatabase(), deviceDatabase()];
    await content.replicate.from(
      remote(() => ada),
      { query_params: { scope: 'content' } },
    );
    await own.replicate.from(
      remote(() => ada),
      { query_params: { scope: 'own' } },
    );
    const kinds = async (db: Pouch) => [...new Set((await db.allDocs()).rows.map(({ id }) => id.split(/[-:]/)[0]))].sort();
    expect(await kinds(content)).toEqual(['course', 'public', 'school']);
    expect(await kinds(own)).toEqual(['class', 'learner']);
    await Promise.all([content.destroy(), own.destroy()]);
  });
});

describe('CouchDB’s own replicator', () => {
  const replica = () => `replica-${server.school}`;
  const replicate = async (source: object | string, target: object | string) =>
    (await server.admin.request('POST', '/_replicate', { body: { source, target } })).body as Json;
  const here = (database: string) => {
    const url = new URL(server.storeUrl);
    return {
      url: `${url.origin}/${database}`,
      headers: { Authorization: `Basic ${Buffer.from(`${url.username}:${url.password}`).toString('base64')}` },
    };
  };
  const there = (session: Json) => ({ url: base, headers: { Authorization: `Bearer ${session.accessToken}` } });

  beforeAll(async () => {
    await server.admin.request('PUT', `/${replica()}`);
  });
  afterAll(async () => {
    await server.admin.request('DELETE', `/${replica()}`);
  });

  it('pulls what the person may read and nothing else, attachments included, and then nothing more', async () => {
    const lesson = {
      ...sampleDocument('lesson', 'course-maths-7', 'head'),
      _id: 'course-maths-7:lesson:with-notes',
      lessonId: 'with-notes',
      _attachments: {
        'notes.txt': { content_type: 'text/plain', data: Buffer.from('Fold the sheet twice. '.repeat(4_000)).toString('base64') },
      },
    };
    await write(lesson, sampleDocument('note', 'register-7a', 'head'));
    expect(await replicate(there(ada), here(replica()))).toMatchObject({ ok: true });
    const all = (await server.admin.request('GET', `/${replica()}/_all_docs`)).body as Json;
    const ids: string[] = all.rows.map(({ id }: { id: string }) => id);
    const own = (await call(`${base}/_all_docs`, { token: ada.accessToken })).json.rows.map(({ id }: { id: string }) => id);
    expect(ids.sort()).toEqual(own.sort());
    expect(ids.some((id) => id.startsWith('register-') || id.startsWith('_design/') || id.startsWith('keys-'))).toBe(false);
    expect(
      (await server.couch.send('GET', `/${replica()}/${encodeURIComponent(lesson._id)}/notes.txt`)).headers.get('content-length'),
    ).toBe('88000');
    const again = await replicate(there(ada), here(replica()));
    // With nothing to do CouchDB says so, and shows the history of the time before.
    expect(again.no_changes === true || again.history[0].docs_written === 0).toBe(true);
  });

  it('pushes what the person may write, and the rest is refused', async () => {
    const mine = event(301);
    const theirs = newLessonEvent({ ...CREATED, seq: 302, learnerId: 'somebody', courseId: 'maths-7', itemId: 'halves', action: 'opened' });
    await server.admin.request('POST', `/${replica()}/_bulk_docs`, { body: { docs: [mine, theirs] } });
    expect(await replicate(here(replica()), there(ada))).toMatchObject({ ok: true });
    const has = async (id: string) =>
      (await server.couch.send('HEAD', `/${schoolDatabase(server.school)}/${encodeURIComponent(id)}`)).status;
    expect([await has(mine._id), await has(theirs._id)]).toEqual([200, 404]);
  });
});

describe('documents', () => {
  it('travel packed where the client takes it', async () => {
    const ask = (encoding: string) =>
      call(`${base}/_all_docs?include_docs=true`, { token: ada.accessToken, headers: { 'accept-encoding': encoding } });
    const [packed, plain] = [await ask('gzip'), await ask('identity')];
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(packed.json).toEqual(plain.json);
  });
});

describe('feeds', () => {
  it('travel packed when they are read to their end, and never while they wait', async () => {
    const packed = { 'accept-encoding': 'gzip' };
    const read = async (query: string) => {
      const response = await fetch(`${base}/_changes?${query}`, { headers: { ...packed, authorization: `Bearer ${ada.accessToken}` } });
      return { encoding: response.headers.get('content-encoding'), feed: JSON.parse(await response.text()) };
    };
    const normal = await read('');
    expect(normal.encoding).toBe('gzip');
    expect(normal.feed.results.length).toBeGreaterThan(5);
    const { encoding, feed } = await read('feed=longpoll');
    expect(encoding).toBeNull();
    // A contact is noted beside the requests, so its place moves.
    const ids = (rows: Json[]): string[] =>
      rows
        .map(({ id }) => id)
        .filter((id: string) => !id.includes(':contact:'))
        .sort();
    expect(ids(feed.results)).toEqual(ids(normal.feed.results));
  });

  it('answer a long poll when something of the person’s changes, and heartbeats before', async () => {
    const { last_seq } = (await call(`${base}/_changes`, { token: ada.accessToken })).json;
    const asked = call(`${base}/_changes?feed=longpoll&heartbeat=500&since=${encodeURIComponent(last_seq)}`, { token: ada.accessToken });
    await write({ ...sampleDocument('announcement', 'class-8b', 'head'), _id: 'class-8b:announcement:01kf0000000000000000000009' });
    await write({ ...sampleDocument('announcement', 'class-7a', 'head'), _id: 'class-7a:announcement:01kf0000000000000000000009' });
    const { json } = await asked;
    expect(json.results.map(({ id }: { id: string }) => id)).toEqual(['class-7a:announcement:01kf0000000000000000000009']);
  });

  it('end with the token that opened them', async () => {
    const token = await server.tokens.sign({ accountId: ada.account.id, school: server.school, name: 'ada', roles: ada.account.roles });
    expect((await call(`${base}/_changes?feed=longpoll&since=now&timeout=200`, { token })).json).toMatchObject({ results: [], pending: 0 });
  });

  it('open a course to every member as soon as its catalogue entry says so, and close it again', async () => {
    const card = { ...sampleDocument('course', 'public', 'head'), _id: 'public:course:drums', courseId: 'drums' };
    const lesson = { ...sampleDocument('lesson', 'course-drums', 'head') };
    await write(card, lesson);
    const read = () => call(`${base}/${encodeURIComponent(lesson._id)}`, { token: ada.accessToken });
    expect((await read()).status).toBe(404);
    const { last_seq } = (await call(`${base}/_changes`, { token: ada.accessToken })).json;
    const change = (open: boolean) =>
      admin('GET', `/${encodeURIComponent(card._id)}`).then(({ body }) => write({ ...(body as object), open }));
    await change(true);
    await expect.poll(async () => (await read()).status).toBe(200);
    expect((await call(`${base}/_changes?since=${encodeURIComponent(last_seq)}`, { token: ada.accessToken })).text).toContain(card._id);
    await change(false);
    await expect.poll(async () => (await read()).status).toBe(404);
  });
});

describe('the services', () => {
  const attempt = (quizId: string, value: boolean, seq: number) =>
    newAttempt({
      ...CREATED,
      seq,
      learnerId: ada.account.id,
      courseId: 'maths-7',
      quizId,
      quizVersion: 1,
      startedAt: CREATED.createdAt,
      submittedAt: CREATED.createdAt,
      answers: { q1: { kind: 'true-false', value } },
      provisional: null,
    });
  const gradeOf = async (id: string) => (await call(`${base}/${encodeURIComponent(gradeIdFor(id))}`, { token: ada.accessToken })).json;

  it('grade each attempt that arrives, an exam with the key that no learner can read', async () => {
    const docs = [
      attempt('fractions-check', true, 1),
      attempt('final', true, 2),
      attempt('final', false, 3),
      attempt('unheard-of', true, 4),
    ];
    const graded = (some: typeof docs) =>
      expect
        .poll(async () => Promise.all(some.map(async ({ _id }) => (await gradeOf(_id)).type)), { timeout: 10_000 })
        .toEqual(some.map(() => 'grade'));
    // The second try after the first is graded: a database in shards tells of two documents of one request in either order.
    for (const some of [docs.slice(0, 2), docs.slice(2)]) {
      await call(`${base}/_bulk_docs`, { token: ada.accessToken, json: { docs: some } });
      await graded(some);
    }
    const [practice, right, wrong, unknown] = await Promise.all(docs.map(({ _id }) => gradeOf(_id)));
    expect(practice).toMatchObject({ result: { score: 1, passed: true }, needsReview: null, deviceId: 'server' });
    expect(right).toMatchObject({ result: { score: 2, maxScore: 2, passed: true } });
    expect(right.result.questions).toEqual({});
    // The grade of a second try would tell what the first one did not.
    expect(wrong).toMatchObject({ result: null, needsReview: 'already-sat' });
    expect(unknown).toMatchObject({ result: null, needsReview: 'unknown-quiz' });
    expect((await call(`${base}/keys-maths-7:answer-key:final:v1`, { token: ada.accessToken })).status).toBe(404);
  });

  it('do not tell anything of an exam whose course the learner may not read', async () => {
    const paper = sampleDocument('quiz', 'course-art-8', 'head');
    const foreign = { ...attempt('secret', true, 6), courseId: 'art-8' };
    const { _id: _, ...body } = foreign;
    const doc = newAttempt(body);
    await write({ ...paper, _id: 'course-art-8:quiz:secret:v1', courseId: 'art-8', quizId: 'secret' });
    await call(`${base}/_bulk_docs`, { token: ada.accessToken, json: { docs: [doc] } });
    await expect.poll(async () => (await gradeOf(doc._id)).needsReview, { timeout: 10_000 }).toBe('unknown-quiz');
  });

  it('grade again when the missing quiz arrives, and again when its key does, once each', async () => {
    const paper = sampleDocument('quiz', 'course-maths-7', 'head');
    const late = attempt('late', true, 5);
    await call(`${base}/_bulk_docs`, { token: ada.accessToken, json: { docs: [late] } });
    const word = async () => (await gradeOf(late._id)).needsReview;
    await expect.poll(word, { timeout: 10_000 }).toBe('unknown-quiz');
    const first = await gradeOf(late._id);

    const questions = [{ kind: 'true-false', id: 'q1', points: 2, prompt: 'One half is 0.5.' }];
    await write({ ...paper, _id: 'course-maths-7:quiz:late:v1', quizId: 'late', exam: true, questions });
    await expect.poll(word, { timeout: 10_000 }).toBe('no-key');
    const key = { ...sampleDocument('answer-key', 'keys-maths-7', 'head'), quizId: 'late', keys: { q1: { value: true } } };
    // A key of another version is none of this attempt's.
    await write(
      { ...key, _id: 'keys-maths-7:answer-key:late:v2', quizVersion: 2 },
      { ...key, _id: 'keys-maths-7:answer-key:late:v1', quizVersion: 1 },
    );
    await expect.poll(word, { timeout: 10_000 }).toBeNull();
    const graded = await gradeOf(late._id);
    expect(graded).toMatchObject({ result: { score: 2, passed: true }, createdAt: first.createdAt });
    expect(graded._rev).toMatch(/^3-/);
  });

  it('count as many attempts as a quiz allows, keep the one too many, and count it when a teacher allows another', async () => {
    await write({ ...sampleDocument('quiz', 'course-maths-7', 'head'), _id: 'course-maths-7:quiz:twice:v1', quizId: 'twice', attempts: 2 });
    const docs = [11, 12, 13].map((seq) => attempt('twice', true, seq));
    for (const doc of docs) {
      await call(`${base}/_bulk_docs`, { token: ada.accessToken, json: { docs: [doc] } });
      await expect.poll(async () => (await gradeOf(doc._id)).type, { timeout: 10_000 }).toBe('grade');
    }
    const words = async () => Promise.all(docs.map(async ({ _id }) => (await gradeOf(_id)).needsReview));
    expect(await words()).toEqual([null, null, 'already-sat']);
    const another = newException({
      ...CREATED,
      deviceId: 'laptop-1',
      seq: 1,
      learnerId: ada.account.id,
      classId: '7a',
      authorId: teacher.account.id,
      authorName: 'Tembo',
      courseId: 'maths-7',
      quizId: 'twice',
      attempts: 1,
      extraTime: 0,
      closesAt: null,
      reason: '',
      replaces: null,
    });
    await call(`${base}/_bulk_docs`, { token: teacher.accessToken, json: { docs: [another] } });
    await expect.poll(words, { timeout: 10_000 }).toEqual([null, null, null]);
  });

  it('grade a drawn paper by its seed, and again by the corrections of a later version, with what was said before', async () => {
    const paper = sampleDocument('quiz', 'course-maths-7', 'head') as Json;
    const questions = ['q1', 'q2'].map((id) => ({ ...paper.questions[0], id, key: { value: false } }));
    const sections = [{ id: 'pool', title: '', questions: ['q1', 'q2'], draw: 1 }];
    await write({ ...paper, _id: 'course-maths-7:quiz:pool:v1', quizId: 'pool', questions, sections });
    const { _id: _, type: __, schemaVersion: ___, ...body } = attempt('pool', true, 21);
    const answers = { q1: { kind: 'true-false' as const, value: true }, q2: { kind: 'true-false' as const, value: true } };
    const doc = newAttempt({ ...body, answers, taken: { seed: 'k3' } });
    await call(`${base}/_bulk_docs`, { token: ada.accessToken, json: { docs: [doc] } });
    const result = async () => (await gradeOf(doc._id)).result;
    await expect.poll(result, { timeout: 10_000 }).toMatchObject({ score: 0, maxScore: 1 });
    const corrected = ['q1', 'q2'].map((question) => ({ version: 1, question, how: 'key' }));
    const right = questions.map((question) => ({ ...question, key: { value: true } }));
    await write({
      ...paper,
      _id: 'course-maths-7:quiz:pool:v2',
      quizId: 'pool',
      version: 2,
      questions: right,
      sections,
      regrades: corrected,
    });
    await expect.poll(result, { timeout: 10_000 }).toMatchObject({ score: 1, maxScore: 1, passed: true });
    expect(await gradeOf(doc._id)).toMatchObject({ correctedBy: 2, history: [{ score: 0, passed: false }] });
  });

  it('note when a device was heard from and how far its clock is off', async () => {
    const headers = { 'Darasa-Device': 'phone-7', 'Darasa-Clock': String(Date.now() - 3_600_000) };
    await call(`${base}/_bulk_docs`, { token: ada.accessToken, headers, json: { docs: [event(71), event(72)] } });
    const contact = async () => (await call(`${base}/learner-${ada.account.id}:contact:phone-7`, { token: teacher.accessToken })).json;
    await expect.poll(async () => (await contact()).type).toBe('contact');
    expect(await contact()).toMatchObject({ heardFrom: 'phone-7', received: 2 });
    expect(Math.abs((await contact()).clockOffsetMs + 3_600_000)).toBeLessThan(10_000);
    await call(`${base}/_bulk_docs`, { token: ada.accessToken, headers, json: { docs: [event(73)] } });
    await expect.poll(async () => (await contact()).received).toBe(3);
  });
});
