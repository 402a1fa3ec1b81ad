import { addToClass, createAccount, removeFromClass, schoolDatabase } from '@darasa/couchdb/provisioning';
import { sampleDocument } from '@darasa/shared/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, type Json } from './harness/call.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

let server: TestServer;
const PASSWORD = 'maziwa-lala';
const database = (): string => `${server.url}/db/${schoolDatabase(server.school)}`;
const signIn = async (username: string): Promise<Json> =>
  (await call(`${server.url}/v1/auth/login`, { json: { school: server.school, username, password: PASSWORD } })).json;

async function account(
  username: string,
  kind: 'learner' | 'teacher' | 'guardian',
  roles: string[] = [],
  slug = server.school,
): Promise<string> {
  const made = await createAccount(server.admin, { slug, username, password: PASSWORD, displayName: username, kind, roles });
  if (!made.ok) throw new Error(made.error);
  return made.account.id;
}

async function write(docs: readonly object[]): Promise<void> {
  const { body } = await server.admin.request('POST', `/${schoolDatabase(server.school)}/_bulk_docs`, { body: { docs } });
  const refused = (body as Json[]).find((row: Json) => row.error !== undefined);
  if (refused !== undefined) throw new Error(JSON.stringify(refused));
}

beforeAll(async () => {
  server = await startTestServer({ runServices: false });
  await write([sampleDocument('class', 'class-7a', 'head'), sampleDocument('lesson', 'course-maths-7', 'head')]);
});
afterAll(() => server.close());

describe('a guardian', () => {
  it('reads the closed courses of the classes that their child learns in, until the child has left', async () => {
    const child = await account('ada', 'learner');
    const membership = { classId: '7a', accountId: child, role: 'learner' } as const;
    expect((await addToClass(server.admin, membership)).ok).toBe(true);
    await account('mama-ada', 'guardian', [`guards:${child}`]);
    await account('mama-nobody', 'guardian');
    const lesson = `${database()}/${sampleDocument('lesson', 'course-maths-7', 'head')._id}`;

    const mother = await signIn('mama-ada');
    expect(mother.account.roles).toContain('takes:maths-7');
    expect(mother.account.roles.join()).not.toContain('learns:');
    expect((await call(lesson, { token: mother.accessToken })).status).toBe(200);
    expect((await call(lesson, { token: (await signIn('mama-nobody')).accessToken })).status).toBe(404);

    await removeFromClass(server.admin, membership);
    const later = (await call(`${server.url}/v1/auth/refresh`, { json: { refreshToken: mother.refreshToken } })).json;
    expect(later.account.roles).not.toContain('takes:maths-7');
    expect((await call(lesson, { token: later.accessToken })).status).toBe(404);
  });

  it('takes nothing from a child of another school', async () => {
    const child = await account('tumaini', 'learner', ['learns:7a'], server.otherSchool);
    await account('mama-tumaini', 'guardian', [`guards:${child}`]);
    expect((await signIn('mama-tumaini')).account.roles).not.toContain('takes:maths-7');
  });
});

describe('a teacher of nine hundred learners', () => {
  it('carries a token of 16 KB, which the server takes, and says so in its log', async () => {
    const sample = sampleDocument('class', 'class-big', 'head');
    const members = Array.from({ length: 900 }, (_, index) => ({
      ...sampleDocument('member', 'class-big', 'head'),
      _id: `class-big:member:l${String(index).padStart(11, '0')}`,
      accountId: `l${String(index).padStart(11, '0')}`,
      role: 'learner',
    }));
    await write([sample, ...members]);
    await account('mwalimu', 'teacher', ['teaches:big']);
    const { accessToken } = await signIn('mwalimu');
    expect(accessToken.length).toBeGreaterThan(15_000);
    const profile = `${database()}/learner-l00000000899:profile:me`;
    expect((await call(profile, { token: accessToken })).json).toMatchObject({ error: 'not_found' });
    expect((await call(database(), { token: accessToken })).status).toBe(200);
    expect(server.logged).toContainEqual(expect.objectContaining({ level: 40, bytes: accessToken.length }));
  });
});
