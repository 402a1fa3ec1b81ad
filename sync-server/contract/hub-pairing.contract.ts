import { removeFromClass, schoolDatabase, updateAccount } from '@darasa/couchdb/provisioning';
import { sampleDocument } from '@darasa/shared/fixtures';
import type { PairAnswer } from '@darasa/shared/protocol';
import { personFrom } from '@darasa/shared/rules';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from './harness/call.ts';
import { makeAccount, makeClass, signInAt } from './harness/classroom.ts';
import { askToken, assertionOf, type LaptopKey, laptopKey, pairLaptop, tokenOfLaptop } from './harness/paired-hub.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

let server: TestServer;
let hubs: string;
let ids: Record<'head' | 'tembo' | 'noor' | 'ada' | 'ben' | 'zoe', string>;
let head: string;
let tembo: string;

let ahead = 0;

beforeAll(async () => {
  server = await startTestServer({ environment: { now: () => Date.now() + ahead } });
  hubs = `${server.url}/v1/hubs`;
  await makeClass(server, '7a', ['maths-7']);
  await makeClass(server, '8b', ['art-8']);
  ids = {
    head: await makeAccount(server, 'admin', 'head'),
    tembo: await makeAccount(server, 'teacher', 'tembo', '7a'),
    noor: await makeAccount(server, 'teacher', 'noor', '8b'),
    ada: await makeAccount(server, 'learner', 'ada', '7a'),
    ben: await makeAccount(server, 'learner', 'ben', '7a'),
    zoe: await makeAccount(server, 'learner', 'zoe', '8b'),
  };
  head = (await signInAt(server.url, server.school, 'head')).accessToken;
  tembo = (await signInAt(server.url, server.school, 'tembo')).accessToken;
});
afterAll(() => server.close());

const claimsOf = (token: string): Record<string, unknown> => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
const rolesOf = (token: string): string[] => claimsOf(token)['_couchdb.roles'] as string[]; // written so by the server

describe('a code', () => {
  it('is made by an admin for any class, and by a teacher for their own', async () => {
    expect((await call(`${hubs}/codes`, { token: head, json: { classes: ['7a', '8b'], name: 'Both' } })).status).toBe(201);
    expect((await call(`${hubs}/codes`, { token: tembo, json: { classes: ['7a'], name: 'Mine' } })).status).toBe(201);
    expect((await call(`${hubs}/codes`, { token: tembo, json: { classes: ['7a', '8b'], name: 'More' } })).status).toBe(403);
    expect((await call(`${hubs}/codes`, { token: head, json: { classes: ['9z'], name: 'None' } })).status).toBe(400);
    const ada = (await signInAt(server.url, server.school, 'ada')).accessToken;
    expect((await call(`${hubs}/codes`, { token: ada, json: { classes: ['7a'], name: 'No' } })).status).toBe(403);
    expect((await call(`${hubs}/codes`, { json: { classes: ['7a'], name: 'Nobody' } })).status).toBe(401);
  });

  it('pairs one laptop, however it is typed, and the same laptop again when the answer was lost', async () => {
    const { code } = (await call(`${hubs}/codes`, { token: tembo, json: { classes: ['7a'], name: 'Laptop of 7a' } })).json;
    expect(code).toMatch(/^[2-9a-hjkmnp-z]{10}$/);
    const typed = `${code.slice(0, 5).toUpperCase()} - ${code.slice(5)}`;
    const [key, other] = [await laptopKey(), await laptopKey()];
    const pair = (given: string, { publicKey }: LaptopKey) => call(`${hubs}/pair`, { json: { code: given, publicKey } });
    const first = await pair(typed, key);
    expect(first.json).toMatchObject({ name: 'Laptop of 7a', classes: ['7a'], school: { slug: server.school } });
    expect((await pair(code, key)).json).toEqual(first.json);
    expect((await pair(code, other)).status).toBe(403);
    expect((await pair('2222222222', key)).status).toBe(403);
  });
});

describe('a paired laptop', () => {
  let key: LaptopKey;
  let paired: PairAnswer;
  beforeAll(async () => {
    key = await laptopKey();
    paired = await pairLaptop(server.url, tembo, ['7a'], key);
  });

  it('gets a token that names its classes, and what follows from them, and nothing else', async () => {
    const { accessToken, classes, leaving } = await tokenOfLaptop(server.url, server.school, key, paired);
    expect(classes).toEqual(['7a']);
    expect(leaving).toEqual([]);
    const hub = personFrom(paired.hubId, rolesOf(accessToken));
    expect(rolesOf(accessToken)).toHaveLength(6);
    expect(hub).toMatchObject({ school: server.school, hub: paired.hubId, keeps: new Set(['7a']), gives: new Set(['maths-7']) });
    expect(hub.marks).toEqual(new Set([ids.ada, ids.ben]));
    expect(hub.hosts).toEqual(new Set([ids.tembo]));
  });

  it('gets none for an assertion that is used again, too long, another’s, or signed with another key', async () => {
    const ask = async (assertion: string) => (await call(`${hubs}/token`, { json: { school: server.school, assertion } })).status;
    const once = await assertionOf(key, paired);
    expect(await ask(once)).toBe(200);
    expect(await ask(once)).toBe(401);
    expect(await ask(await assertionOf(key, paired, { seconds: 600 }))).toBe(401);
    expect(await ask(await assertionOf(key, paired, { seconds: -5 }))).toBe(401);
    expect(await ask(await assertionOf(key, paired, { subject: ids.head }))).toBe(401);
    expect(await ask(await assertionOf(key, { ...paired, place: 'elsewhere' }))).toBe(401);
    expect(await ask(await assertionOf(await laptopKey(), paired))).toBe(401);
    expect(await ask('not.a.token')).toBe(401);
    const other = await call(`${hubs}/token`, { json: { school: server.otherSchool, assertion: await assertionOf(key, paired) } });
    expect(other.status).toBe(401);
  });

  it('is told who signs in at it: its classes’ people, with their verifiers and no more', async () => {
    const { accessToken } = await tokenOfLaptop(server.url, server.school, key, paired);
    const { people } = (await call(`${hubs}/people`, { token: accessToken })).json;
    expect(people.map(({ id }: { id: string }) => id).sort()).toEqual([ids.ada, ids.ben, ids.tembo].sort());
    const ada = people.find(({ id }: { id: string }) => id === ids.ada);
    expect(Object.keys(ada).sort()).toEqual(['displayName', 'id', 'kind', 'roles', 'username', 'verifier']);
    expect(ada.roles.sort()).toEqual(['learner', 'learns:7a', `school:${server.school}`]);
    expect(Object.keys(ada.verifier)).toContain('derived_key');
    // Nobody else is told.
    for (const token of [head, tembo]) expect((await call(`${hubs}/people`, { token })).status).toBe(403);
    expect((await call(`${hubs}/people`)).status).toBe(403);
  });

  it('is told whose account was switched off, and which sign-ins were ended', async () => {
    const { accessToken } = await tokenOfLaptop(server.url, server.school, key, paired);
    // As it is written when a session ends that is bound to a device's key.
    const word = { accountId: ids.ben, endedAt: new Date().toISOString(), expiresAt: Date.now() + 60_000 };
    await server.admin.request('PUT', '/darasa/ended-session:of-ben', { body: word });
    await updateAccount(server.admin, { id: ids.ben, disabled: true });
    const { people, ended } = (await call(`${hubs}/people`, { token: accessToken })).json;
    expect(people.map(({ id }: { id: string }) => id)).not.toContain(ids.ben);
    expect(ended.map(({ family }: { family: string }) => family)).toEqual(['of-ben']);
    // What he did is still handed in.
    expect(rolesOf((await tokenOfLaptop(server.url, server.school, key, paired)).accessToken).join()).toContain(ids.ben);
    await updateAccount(server.admin, { id: ids.ben, disabled: false });
  });

  it('keeps what it holds of somebody who left the class until it says that all has arrived', async () => {
    const dan = await makeAccount(server, 'learner', 'dan', '7a');
    const marks = async () => (await tokenOfLaptop(server.url, server.school, key, paired)).accessToken;
    expect(rolesOf(await marks()).join()).toContain(dan);
    await removeFromClass(server.admin, { classId: '7a', accountId: dan, role: 'learner' });
    const { accessToken, leaving } = await tokenOfLaptop(server.url, server.school, key, paired);
    expect(leaving).toEqual([dan]);
    expect(rolesOf(accessToken).join()).toContain(dan);
    const { people } = (await call(`${hubs}/people`, { token: accessToken })).json;
    expect(people.map(({ id }: { id: string }) => id)).not.toContain(dan);
    // Those who are on the roster stay the hub's whatever it says.
    expect((await call(`${hubs}/release`, { token: accessToken, json: { accounts: [dan, ids.ada] } })).status).toBe(204);
    const roles = rolesOf(await marks()).join();
    expect(roles).not.toContain(dan);
    expect(roles).toContain(ids.ada);
  });

  it('is listed with its last contact for those whose concern it is', async () => {
    const { accessToken } = await tokenOfLaptop(server.url, server.school, key, paired);
    await call(`${hubs}/people`, { token: accessToken });
    const listed = async (token: string) => (await call(hubs, { token })).json.hubs.map(({ id }: { id: string }) => id);
    expect(await listed(tembo)).toContain(paired.hubId);
    expect(await listed(head)).toContain(paired.hubId);
    expect(await listed((await signInAt(server.url, server.school, 'noor')).accessToken)).not.toContain(paired.hubId);
    const own = (await call(hubs, { token: head })).json.hubs.find(({ id }: { id: string }) => id === paired.hubId);
    expect(own.lastSeenAt).not.toBeNull();
  });

  it('gets nothing and writes nothing once it was revoked, with the token that it has neither', async () => {
    const lost = await laptopKey();
    const pairedLost = await pairLaptop(server.url, tembo, ['7a'], lost);
    const { accessToken } = await tokenOfLaptop(server.url, server.school, lost, pairedLost);
    const school = `${server.url}/db/${schoolDatabase(server.school)}`;
    const attempt = { ...sampleDocument('attempt', `learner-${ids.ada}`, ids.ada) };
    const write = () => call(`${school}/_bulk_docs`, { token: accessToken, json: { docs: [attempt] } });
    const noor = (await signInAt(server.url, server.school, 'noor')).accessToken;
    expect((await call(`${hubs}/${pairedLost.hubId}`, { method: 'DELETE', token: noor })).status).toBe(404);
    expect((await call(`${hubs}/${pairedLost.hubId}`, { method: 'DELETE', token: tembo })).status).toBe(204);

    expect((await askToken(server.url, server.school, lost, pairedLost)).json.error.id).toBe('hub-revoked');
    expect((await call(`${hubs}/people`, { token: accessToken })).status).toBe(403);
    expect((await write()).status).toBe(403);
    expect((await call(`${school}/_all_docs`, { token: accessToken })).status).toBe(403);
    // The other laptop of the class goes on.
    expect((await askToken(server.url, server.school, key, paired)).status).toBe(200);
  });

  it('is written down when a code is made, used, and a laptop revoked', async () => {
    const path = `/${schoolDatabase(server.school)}/_all_docs`;
    const { body } = await server.admin.request('GET', path, {
      query: { include_docs: 'true', startkey: '"staff:audit:"', endkey: '"staff:audit;"' },
    });
    const actions = (body as { rows: { doc: { action: string } }[] }).rows.map(({ doc }) => doc.action); // CouchDB's form
    for (const action of ['hub.code', 'hub.pair', 'hub.revoke']) expect(actions).toContain(action);
  });
});

// Last: the server's clock does not come back.
describe('a code that nobody used', () => {
  it('is good for an hour and no longer', async () => {
    const { code } = (await call(`${hubs}/codes`, { token: head, json: { classes: ['7a'], name: 'Late' } })).json;
    ahead = 3_600_001;
    const { publicKey } = await laptopKey();
    expect((await call(`${hubs}/pair`, { json: { code, publicKey } })).status).toBe(403);
  });
});
