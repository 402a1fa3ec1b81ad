import { createHash, pbkdf2Sync } from 'node:crypto';
import { addToClass, createAccount, removeFromClass, schoolDatabase, updateAccount } from '@darasa/couchdb/provisioning';
import { type CodeVerifier, type DocumentOf, newClassCode, newClassSignIn } from '@darasa/shared/documents';
import { sampleDocument } from '@darasa/shared/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, call, type Json } from './harness/call.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

let server: TestServer;
const ahead = 0;
let teacher: Json;
const PASSWORD = 'maziwa-lala';
const CLASS_CODE = 'k7pm-4xq9';
const SECRET = '0123456789abcdefghjkmnpq';
const origin = { createdAt: '2026-01-15T08:00:00.000Z', deviceId: 'teachers-phone' } as const;

const database = (): string => `${server.url}/db/${schoolDatabase(server.school)}`;
const post = (path: string, json: object, headers: Record<string, string> = {}): Promise<Answer> =>
  call(`${server.url}/v1/auth/${path}`, { json: { school: server.school, ...json }, headers });
const byCode = (accountId: string, code: string, address = '203.0.113.1', classCode = CLASS_CODE): Promise<Answer> =>
  post('class-sign-in', { classCode, accountId, code, deviceId: 'tablet-1' }, { 'x-forwarded-for': address });
const byCard = (accountId: string, secret = SECRET, classId = '7a'): Promise<Answer> => post('card', { classId, accountId, secret });
const refresh = (refreshToken: string): Promise<Answer> => call(`${server.url}/v1/auth/refresh`, { json: { refreshToken } });

function verifierOf(code: string): CodeVerifier {
  const salt = 'ab'.repeat(16);
  const derived_key = pbkdf2Sync(code, salt, 10_000, 32, 'sha256').toString('hex');
  return { password_scheme: 'pbkdf2', pbkdf2_prf: 'sha256', salt, iterations: 10_000, derived_key };
}

async function account(username: string, kind: 'learner' | 'teacher', classId: string): Promise<string> {
  const made = await createAccount(server.admin, {
    slug: server.school,
    username,
    password: PASSWORD,
    displayName: username,
    kind,
  });
  if (!made.ok) throw new Error(made.error);
  await addToClass(server.admin, { classId, accountId: made.account.id, role: kind });
  return made.account.id;
}

async function put(doc: { readonly _id: string; readonly _rev?: string | undefined }, token = teacher.accessToken): Promise<string> {
  const answer = await call(`${database()}/${doc._id}`, { method: 'PUT', token, json: doc });
  expect(answer.status, answer.text).toBe(201);
  return answer.json.rev;
}

interface Given {
  readonly code?: string;
  readonly card?: string;
}

/** What a teacher's app writes for a learner of the class. */
function signInOf(accountId: string, { code, card }: Given, tick = 1): DocumentOf<'class-sign-in'> {
  const by = teacher.account.id;
  const doc = newClassSignIn({ classId: '7a', accountId, by, ...origin });
  const at = { tick, deviceId: origin.deviceId };
  return {
    ...doc,
    ...(code === undefined
      ? {}
      : { code: { value: { kind: code.includes(' ') ? 'pictures' : 'pin', by, verifier: verifierOf(code) } as const, ...at } }),
    ...(card === undefined
      ? {}
      : { card: { value: { kind: 'card', by, digest: createHash('sha256').update(card).digest('hex') } as const, ...at } }),
  };
}

beforeAll(async () => {
  server = await startTestServer({ config: { trustedProxies: 1 }, environment: { now: () => Date.now() + ahead } });
  for (const classId of ['7a', '8b']) {
    const card = sampleDocument('class', `class-${classId}`, 'head');
    await server.admin.request('PUT', `/${schoolDatabase(server.school)}/${encodeURIComponent(card._id)}`, { body: card });
  }
  await account('tembo', 'teacher', '7a');
  teacher = (await post('login', { username: 'tembo', password: PASSWORD })).json;
  await put(newClassCode({ classId: '7a', by: teacher.account.id, text: CLASS_CODE, ...origin }));
});
afterAll(() => server.close());

describe('signing in with one’s class', () => {
  it('shows names to who has the class code alone: those of the class who have a PIN or pictures', async () => {
    const [amina, baraka, elsewhere] = [
      await account('amina', 'learner', '7a'),
      await account('baraka', 'learner', '7a'),
      await account('zoe', 'learner', '8b'),
    ];
    await put(signInOf(amina, { code: 'drum fish sun' }));
    await put(signInOf(baraka, { card: SECRET }));
    // Written by a teacher for a learner whom the school has in another class: the roster is the school's.
    await put(signInOf(elsewhere, { code: '4711' }));

    const named = await post('class', { classCode: ' K7PM 4XQ9' });
    expect(named).toMatchObject({
      status: 200,
      json: { classId: '7a', learners: [{ accountId: amina, name: 'amina', by: 'pictures' }] },
    });
    expect(named.json.learners).toHaveLength(1);
    expect(named.text).not.toContain('derived_key');
    expect((await post('class', { classCode: 'zzzz-2222' })).json.error.id).toBe('wrong-class-code');
    expect((await byCode(elsewhere, '4711')).json.error.id).toBe('wrong-credentials');
  });

  it('opens the same account as the password does, by PIN or pictures, with the right class code alone', async () => {
    const id = await account('chebet', 'learner', '7a');
    await put(signInOf(id, { code: '4711' }));
    const answer = await byCode(id, '4711');
    expect(answer).toMatchObject({ status: 200, json: { account: { id, name: 'chebet' } } });
    expect(answer.json.account.roles).toContain('learns:7a');
    expect((await call(`${database()}/class-7a:class:card`, { token: answer.json.accessToken })).status).toBe(200);
    expect((await byCode(id, '4712')).json.error.id).toBe('wrong-credentials');
    expect((await byCode(id, '4711', '203.0.113.1', 'zzzz-2222')).json.error.id).toBe('wrong-class-code');
    expect((await byCode(id, 'not a code')).status).toBe(400);
    expect((await post('login', { username: 'chebet', password: '4711' })).status).toBe(401);
  });

  it('counts guesses: five from one network, thirty in a day from anywhere, until the teacher makes a new code', async () => {
    const id = await account('daudi', 'learner', '7a');
    const rev = await put(signInOf(id, { code: '4711' }));
    for (let at = 0; at < 5; at += 1) expect((await byCode(id, `000${at}`)).status).toBe(401);
    const locked = await byCode(id, '4711');
    expect(locked).toMatchObject({ status: 429, json: { error: { id: 'locked-out' } } });
    expect((await byCode(id, '4711', '198.51.100.1')).status).toBe(200);

    for (let at = 0; at < 30; at += 1) await byCode(id, '0000', `192.0.2.${Math.floor(at / 5)}`);
    const everywhere = await byCode(id, '4711', '198.51.100.2');
    expect(everywhere.json.error.id).toBe('locked-out');
    expect(everywhere.json.error.retryAfterSeconds).toBeGreaterThan(23 * 3_600);

    await put({ ...signInOf(id, { code: '5822' }, 2), _rev: rev });
    expect((await byCode(id, '4711')).status).toBe(401);
    expect((await byCode(id, '5822')).status).toBe(200);
  });

  it('goes by what two teachers made apart as one, before anybody has merged it: the later count', async () => {
    const id = await account('eshe', 'learner', '7a');
    await put(signInOf(id, { card: SECRET, code: '4711' }));
    const later = signInOf(id, { code: '5822' }, 5);
    // The other leaf loses by its generation, and says the later code.
    const rivals = { docs: [{ ...later, _rev: `1-${'0'.repeat(32)}`, _revisions: { start: 1, ids: ['0'.repeat(32)] } }], new_edits: false };
    expect((await call(`${database()}/_bulk_docs`, { token: teacher.accessToken, json: rivals })).status).toBe(201);
    expect((await byCode(id, '4711')).status).toBe(401);
    expect((await byCode(id, '5822')).status).toBe(200);
    expect((await byCard(id)).status).toBe(200);
  });
});

describe('a printed card', () => {
  it('opens its own account with no class code, until it is taken back: what it opened ends with it', async () => {
    const id = await account('farida', 'learner', '7a');
    const rev = await put(signInOf(id, { card: SECRET }));
    const answer = await byCard(id);
    expect(answer).toMatchObject({ status: 200, json: { account: { id } } });
    expect((await byCard(id, SECRET.replace('0', '1'))).status).toBe(401);
    expect((await byCard(id, SECRET, '8b')).status).toBe(401);
    const renewed = await refresh(answer.json.refreshToken);
    expect(renewed.status).toBe(200);

    await put({ ...signInOf(id, { card: 'zyxw'.repeat(6) }, 2), _rev: rev });
    expect((await byCard(id)).status).toBe(401);
    expect((await refresh(renewed.json.refreshToken)).json.error.id).toBe('signed-out');
  });

  it('opens nothing for who has left the class or is switched off', async () => {
    const id = await account('gakuru', 'learner', '7a');
    await put(signInOf(id, { card: SECRET, code: '4711' }));
    await updateAccount(server.admin, { id, disabled: true });
    expect([(await byCard(id)).status, (await byCode(id, '4711')).status]).toEqual([401, 401]);
    await updateAccount(server.admin, { id, disabled: false });
    expect((await byCard(id)).status).toBe(200);
    await removeFromClass(server.admin, { classId: '7a', accountId: id, role: 'learner' });
    expect([(await byCard(id)).status, (await byCode(id, '4711')).status]).toEqual([401, 401]);
  });
});

it('what teachers make is audited for the school’s admins, and never says what it is', async () => {
  const id = await account('halima', 'learner', '7a');
  await put(signInOf(id, { code: '4711', card: SECRET }));
  const range = { include_docs: 'true', startkey: '"staff:audit:"', endkey: '"staff:audit:\ufff0"' };
  let entry: Json;
  await expect
    .poll(
      async () => {
        const { body } = await server.admin.request('GET', `/${schoolDatabase(server.school)}/_all_docs`, { query: range });
        entry = (body as Json).rows.map((row: Json) => row.doc).find((doc: Json) => doc.target === `register-7a:class-sign-in:${id}`);
        return entry?.action;
      },
      { timeout: 20_000 },
    )
    .toBe('class-sign-in.change');
  expect(entry.detail).toEqual({
    code: { kind: 'pin', by: teacher.account.id, tick: 1 },
    card: { kind: 'card', by: teacher.account.id, tick: 1 },
  });
});
