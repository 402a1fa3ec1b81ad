import { randomBytes } from 'node:crypto';
import { createAccount, schoolDatabase } from '@darasa/couchdb/provisioning';
import { COURIER_TYPE, type CourierLine, type Recipient } from '@darasa/shared/courier';
import { type DocumentOf, newAttempt, partitionOf } from '@darasa/shared/documents';
import { sampleDocument } from '@darasa/shared/fixtures';
import type { PublicJwk } from '@darasa/shared/protocol';
import { type ExchangeDocument, fromBlock } from '@darasa/shared/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, call, type Json } from './harness/call.ts';
import { type CourierDevice, courierDevice } from './harness/courier-device.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

const PASSWORD = 'twiga-57';

interface Somebody {
  readonly id: string;
  readonly device: CourierDevice;
  readonly session: Json;
}

let server: TestServer;
let ada: Somebody;
let ben: Somebody;
let teacher: Somebody;
let stranger: Somebody;
/** The school’s keys, as every device of the school has them. */
let place: { readonly signing: PublicJwk; readonly opening: Recipient };

beforeAll(async () => {
  server = await startTestServer();
  const school = server.school;
  await server.couch.send('POST', `/${schoolDatabase(school)}/_bulk_docs`, {
    json: {
      docs: [
        { ...sampleDocument('class', 'class-7a', 'head'), courseIds: ['maths-7'] },
        { ...sampleDocument('lesson', 'course-maths-7', 'head') },
      ],
    },
  });
  ada = await somebody('ada', school, 'learner', ['learns:7a']);
  ben = await somebody('ben', school, 'learner', ['learns:7a']);
  const members = [ada, ben].map(({ id }) => ({
    ...sampleDocument('member', 'class-7a', 'head'),
    _id: `class-7a:member:${id}`,
    accountId: id,
    role: 'learner',
  }));
  await server.couch.send('POST', `/${schoolDatabase(school)}/_bulk_docs`, { json: { docs: members } });
  teacher = await somebody('tembo', school, 'teacher', ['teaches:7a']);
  stranger = await somebody('zawadi', server.otherSchool, 'learner', []);
  place = await placeOf();
});
afterAll(() => server.close());

async function somebody(username: string, slug: string, kind: 'learner' | 'teacher', roles: readonly string[]): Promise<Somebody> {
  const made = await createAccount(server.admin, { slug, username, password: PASSWORD, displayName: username, kind, roles });
  if (!made.ok) throw new Error(made.error);
  const device = await courierDevice();
  const login = { school: slug, username, password: PASSWORD, deviceKey: device.device.key.publicKey };
  const { json } = await call(`${server.url}/v1/auth/login`, { json: login });
  return { id: made.account.id, device, session: json };
}

/** What the school’s document says of it, once the service has written that. */
async function placeOf(): Promise<typeof place> {
  const url = `${server.url}/db/school-${server.school}/_changes?feed=longpoll&timeout=30000&include_docs=true`;
  for (let since = '0'; ; ) {
    const { json } = await call(`${url}&since=${encodeURIComponent(since)}`, { token: ada.session.accessToken });
    const found = json.results.find(({ id }: Json) => id.startsWith('school:place:'))?.doc;
    if (found !== undefined) {
      const [signing, opening] = [found.signing[0], found.opening[0]];
      return { signing: signing.publicKey, opening: { keyId: opening.keyId, key: opening.publicKey } };
    }
    since = json.last_seq;
  }
}

function attemptOf({ id }: Somebody, seq: number): DocumentOf<'attempt'> {
  const sample = sampleDocument('attempt', `learner-${id}`, id) as DocumentOf<'attempt'>;
  const { _id, type, schemaVersion, ...content } = sample;
  return newAttempt({ ...content, learnerId: id, seq });
}

function leaf(
  doc: Readonly<Record<string, unknown>>,
  rev = `1-${randomBytes(16).toString('hex')}`,
  ...ancestors: string[]
): ExchangeDocument {
  const { _id, ...body } = doc;
  return { id: String(_id), rev, ancestors, body };
}

const about = (who: Somebody) => ({ school: server.school, accountId: who.id, pass: who.session.pass, recipient: place.opening });
const fileOf = (who: Somebody, docs: readonly ExchangeDocument[]) => who.device.file(docs, about(who));

const bring = (file: Uint8Array<ArrayBuffer>, carrier: Somebody = teacher): Promise<Answer> =>
  call(`${server.url}/v1/courier`, { token: carrier.session.accessToken, body: file, headers: { 'content-type': COURIER_TYPE } });

const stored = async (id: string): Promise<Answer['json']> =>
  (await server.couch.send('GET', `/${schoolDatabase(server.school)}/${encodeURIComponent(id)}?conflicts=true`)).json();

async function receiptOf(answer: Answer, who: Somebody): Promise<readonly CourierLine[]> {
  const { header, lines } = await who.device.read(Buffer.from(answer.json.receipt, 'base64url'), place.signing);
  expect(header).toMatchObject({ purpose: 'receipt', answers: answer.json.serial, to: [who.id] });
  return lines;
}

describe('a file of somebody’s work, carried to the school', () => {
  it('is written as its author’s, whoever carries it, and its receipt says so to the author’s device (CI1, CI4)', async () => {
    const docs = [leaf(attemptOf(ada, 1)), leaf(attemptOf(ada, 2))];
    const answer = await bring(await fileOf(ada, docs), ben);
    expect(answer).toMatchObject({ status: 200, json: { accountId: ada.id, taken: 2, known: 0, refused: [] } });
    for (const { id, rev, body } of docs)
      expect(await stored(id)).toMatchObject({ _rev: rev, learnerId: ada.id, answers: body['answers'] });
    expect(await receiptOf(answer, ada)).toEqual([['t', docs.map(({ id, rev }) => [id, rev])]]);
  });

  it('changes nothing when it comes again, or late (CI2)', async () => {
    const doc = leaf(attemptOf(ada, 3));
    const file = await fileOf(ada, [doc]);
    await bring(file);
    const before = await stored(doc.id);
    const again = await bring(file);
    expect(again.json).toMatchObject({ taken: 0, known: 1, refused: [] });
    expect(await stored(doc.id)).toEqual(before);
    expect(await receiptOf(again, ada)).toEqual([['t', [[doc.id, doc.rev]]]]);
  });

  it('brings the same in whatever order files come (CI2)', async () => {
    const [one, two] = ['1'.repeat(32), '2'.repeat(32)];
    const profile = { ...sampleDocument('profile', `learner-${ben.id}`, ben.id), learnerId: ben.id };
    const older = leaf(profile, `1-${one}`);
    const newer = leaf({ ...profile, extra: 'newer' }, `2-${two}`, one);
    await bring(await fileOf(ben, [newer]));
    const late = await bring(await fileOf(ben, [older]));
    expect(late.json).toMatchObject({ taken: 0, known: 1 });
    const now = await stored(older.id);
    expect(now).toMatchObject({ _rev: newer.rev, extra: 'newer' });
    expect(now._conflicts).toBeUndefined();
  });

  it('grants nothing that its author could not push, and refuses with the reason (CI1)', async () => {
    const forged = leaf(attemptOf(ada, 4));
    const good = leaf(attemptOf(ben, 1));
    const answer = await bring(await fileOf(ben, [forged, good]));
    const reason = `${ben.id} may not write attempt in learner-${ada.id}`;
    // The teacher may read Ada’s work, so hears which.
    expect(answer.json).toMatchObject({ taken: 1, refused: [{ type: 'attempt', reason, count: 1, ids: [forged.id] }] });
    expect((await stored(forged.id)).error).toBe('not_found');
    expect(await receiptOf(answer, ben)).toEqual([
      ['r', forged.id, forged.rev, 'forbidden', reason],
      ['t', [[good.id, good.rev]]],
    ]);
  });

  it('tells nobody of documents that they may not read (X8)', async () => {
    const forged = leaf(attemptOf(ada, 5));
    const answer = await bring(await fileOf(ben, [forged]), ben);
    expect(answer.json.refused).toEqual([{ type: 'attempt', reason: '', count: 1, ids: [] }]);
  });

  it('is refused when its pass is another device’s, or its session has ended (CI1)', async () => {
    const stolen = await ben.device.file([leaf(attemptOf(ada, 6))], about(ada));
    expect(await bring(stolen)).toMatchObject({ status: 422, json: { error: { id: 'courier-unknown-sender' } } });

    const gone = await somebody('gone', server.school, 'learner', ['learns:7a']);
    const file = await fileOf(gone, []);
    expect((await bring(file)).status).toBe(200);
    const proof = await gone.device.device.proof({ method: 'POST', url: `${server.url}/v1/auth/logout` });
    await call(`${server.url}/v1/auth/logout`, { json: { refreshToken: gone.session.refreshToken }, headers: { dpop: proof } });
    expect(await bring(file)).toMatchObject({ status: 422, json: { error: { id: 'courier-unknown-sender' } } });
  });

  it('is refused by name when it is foreign, or damaged, or cut off, or none (CF7)', async () => {
    const doc = leaf(attemptOf(ada, 7));
    const file = await fileOf(ada, [doc]);
    const problem = async (bytes: Uint8Array<ArrayBuffer>, carrier = teacher): Promise<string> => {
      const answer = await bring(bytes, carrier);
      expect(answer.status).toBe(422);
      return answer.json.error.id;
    };
    expect(await problem(file, stranger)).toBe('courier-other-school');
    expect(await problem(file.slice(0, -1))).toBe('courier-cut-off');
    expect(await problem(file.slice(0, 100))).toBe('courier-cut-off');
    const flipped = file.slice();
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    expect(await problem(flipped)).toBe('courier-forged');
    expect(await problem(new TextEncoder().encode('{"accountId":"ada"}\n'))).toBe('courier-no-courier');
    expect(
      await problem(await ada.device.file([doc], { ...about(ada), recipient: { keyId: 'k'.repeat(43), key: ada.device.answerTo } })),
    ).toBe('courier-not-for-us');
    expect((await stored(doc.id)).error).toBe('not_found');
    expect((await call(`${server.url}/v1/courier`, { body: file, headers: { 'content-type': COURIER_TYPE } })).status).toBe(401);
  });
});

describe('a file for devices', () => {
  const ask = (json: object, who: Somebody) =>
    fetch(`${server.url}/v1/courier/content`, {
      method: 'POST',
      headers: { authorization: `Bearer ${who.session.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(json),
    });

  it('holds what a class has in common, for the devices of its learners that have sent a file (CE1)', async () => {
    const response = await ask({ of: 'class', classId: '7a' }, teacher);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, COURIER_TYPE]);
    const file = new Uint8Array(await response.arrayBuffer());
    for (const who of [ada, ben]) {
      const { header, lines } = await who.device.read(file, place.signing);
      const ids = lines.flatMap((line) => (line[0] === 'd' ? fromBlock(line).map(({ id }) => id) : []));
      expect(header).toMatchObject({ purpose: 'content', documents: ids.length, to: expect.arrayContaining([ada.id, ben.id]) });
      expect(ids).toContain(sampleDocument('lesson', 'course-maths-7', 'head')._id);
      expect(new Set(ids.map(partitionOf))).toEqual(new Set(['public', 'school', 'class-7a', 'course-maths-7']));
    }
  });

  it('holds a learner’s own documents for that learner’s devices alone, with the digests of what is whole in it (CE1, CE2)', async () => {
    const response = await ask({ of: 'learner', learnerId: ada.id }, teacher);
    const file = new Uint8Array(await response.arrayBuffer());
    const { lines } = await ada.device.read(file, place.signing);
    const docs = lines.flatMap((line) => (line[0] === 'd' ? fromBlock(line) : []));
    const partitions = lines.flatMap((line) => (line[0] === 'p' ? line[1] : []));
    expect(new Set(partitions.map(([id]) => id))).toEqual(new Set(docs.map(({ id }) => partitionOf(id))));
    expect(docs.some(({ id }) => partitionOf(id) === `learner-${ada.id}`)).toBe(true);
    await expect(ben.device.read(file, place.signing)).rejects.toMatchObject({ id: 'not-for-us' });
  });

  it('is made for their teachers alone, and for somebody whose device is known (CE1)', async () => {
    const problem = async (json: object, who: Somebody): Promise<string> => ((await (await ask(json, who)).json()) as Json).error.id;
    expect(await problem({ of: 'learner', learnerId: ada.id }, ben)).toBe('forbidden');
    expect(await problem({ of: 'class', classId: '7a' }, ada)).toBe('forbidden');
    expect(await problem({ of: 'class', classId: '9z' }, teacher)).toBe('nobody');
    const quiet = await somebody('quiet', server.school, 'learner', ['learns:7b']);
    const head = await somebody('akinyi', server.school, 'teacher', ['teaches:7b']);
    expect(await problem({ of: 'class', classId: '7b' }, head)).toBe('no-devices');
    expect(quiet.id).not.toBe('');
  });
});
