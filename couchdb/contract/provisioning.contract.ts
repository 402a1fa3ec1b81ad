import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DesignDocument } from '../src/design/design-document.ts';
import { designSource } from '../src/design/design-source.ts';
import { deleteDocument, readDocument, writeDocument } from '../src/provisioning/couch-documents.ts';
import { installDesignDocument } from '../src/provisioning/design-documents.ts';
import {
  addToClass,
  type CouchAdmin,
  createAccount,
  findAccountId,
  type NewAccount,
  provisionSchool,
  provisionServer,
  readAccount,
  removeFromClass,
  reservationId,
  SERVER_DATABASE,
  schoolDatabase,
  updateAccount,
} from '../src/provisioning/index.ts';
import { freshSlug, openProvisionedStore, type ProvisionedStore } from './provisioned-store.ts';
import { type TokenMaker, tokenMaker } from './token-maker.ts';

const slug = freshSlug('prov');
const database = schoolDatabase(slug);
const school = { slug, name: 'Hilltop', motto: 'Onward', languages: ['en' as const], demo: false };

let store: ProvisionedStore;
let couch: CouchAdmin;
let tokens: TokenMaker;
const createdIds: string[] = [];

beforeAll(async () => {
  store = await openProvisionedStore();
  couch = store.couch;
  tokens = await tokenMaker(couch, slug);
  await provisionSchool(couch, school);
});

afterAll(async () => {
  await couch.request('DELETE', `/${database}`);
  const left = [`school:${slug}`, ...['amina', 'amina.h', 'baraka', 'chebet', 'kept'].map((name) => reservationId(slug, name))];
  for (const id of left) await remove(SERVER_DATABASE, id);
  for (const id of createdIds) await remove('_users', `org.couchdb.user:${id}`);
  await tokens.close();
  await store.close();
});

async function remove(from: string, id: string): Promise<void> {
  const found = await readDocument(couch, from, id);
  if (found !== null) await deleteDocument(couch, from, id, found._rev);
}

const account = (change: Partial<NewAccount> = {}): NewAccount => ({
  slug,
  username: 'amina',
  password: 'long enough',
  displayName: 'Amina Hassan',
  kind: 'learner',
  ...change,
});

async function created(change: Partial<NewAccount>): Promise<string> {
  const outcome = await createAccount(couch, account(change));
  if (!outcome.ok) throw new Error(outcome.error);
  createdIds.push(outcome.account.id);
  return outcome.account.id;
}

async function signsIn(id: string, password: string): Promise<boolean> {
  const response = await fetch(`${couch.url}/_session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: id, password }),
  });
  return response.status === 200;
}

const revisions = async (ids: readonly string[]) => Promise.all(ids.map(async (id) => (await readDocument(couch, database, id))?._rev));

describe('a school', () => {
  it('is provisioned twice without a change', async () => {
    const { designDocuments } = await designSource();
    const ids = [...designDocuments.map(({ _id }) => _id), 'public:school:card', '_design/mango-attempts'];
    const before = await revisions(ids);
    await provisionServer(couch);
    await provisionSchool(couch, school);
    expect(await revisions(ids)).toEqual(before);
    expect(before).not.toContain(undefined);
  });

  it('takes a new name, and keeps when it was founded', async () => {
    const founded = (await readDocument(couch, database, 'public:school:card'))?.['createdAt'];
    await provisionSchool(couch, { ...school, name: 'Hilltop Academy' });
    const card = await readDocument(couch, database, 'public:school:card');
    expect(card).toMatchObject({ name: 'Hilltop Academy', createdAt: founded });
    expect(await readDocument(couch, SERVER_DATABASE, `school:${slug}`)).toMatchObject({ name: 'Hilltop Academy', demo: false });
  });

  it('lets its own people in, and nobody else', async () => {
    const status = async (roles: readonly string[]) => {
      const headers = { authorization: await tokens.authorization('somebody', roles) };
      return (await fetch(`${couch.url}/${database}/public:school:card`, { headers })).status;
    };
    expect(await status([`school:${slug}`, 'learner'])).toBe(200);
    expect(await status(['school:elsewhere', 'admin'])).toBe(403);
    expect((await fetch(`${couch.url}/${database}/public:school:card`)).status).toBe(401);
  });

  it('keeps the server’s own database from everybody but server admins', async () => {
    const headers = { authorization: await tokens.authorization('head', [`school:${slug}`, 'admin', 'operator']) };
    expect((await fetch(`${couch.url}/${SERVER_DATABASE}/school:${slug}`, { headers })).status).toBe(403);
  });

  it('has views and indexes that answer', async () => {
    const { body } = await couch.request('GET', `/${database}/_design/documents/_view/by_type`, { query: { group_level: '1' } });
    expect(body).toMatchObject({ rows: [{ key: ['school'], value: 1 }] });
    const found = await couch.request('POST', `/${database}/_find`, { body: { selector: { type: 'school', createdAt: { $gt: null } } } });
    expect(found.body).toMatchObject({ docs: [{ _id: 'public:school:card' }] });
  });
});

describe('a design document', () => {
  const design = (map: string): DesignDocument => ({ _id: '_design/trial', language: 'javascript', views: { all: { map } } });
  const rows = async () => (await couch.request('GET', `/${database}/_design/trial/_view/all`)).body;

  it('is replaced by a new release, leaves no staged copy, and is not touched again', async () => {
    expect(await installDesignDocument(couch, database, design("function (doc) { emit('old', null); }"))).toBe('installed');
    expect(await installDesignDocument(couch, database, design("function (doc) { emit('new', null); }"))).toBe('installed');
    expect(await rows()).toMatchObject({ rows: [{ key: 'new' }] });
    expect(await readDocument(couch, database, '_design/trial-staged')).toBeNull();
    expect(await installDesignDocument(couch, database, design("function (doc) { emit('new', null); }"))).toBe('unchanged');
  });

  it('is installed over a staged copy that an interrupted upgrade left', async () => {
    await writeDocument(couch, database, { ...design("function (doc) { emit('half', null); }"), _id: '_design/trial-staged' });
    expect(await installDesignDocument(couch, database, design("function (doc) { emit('whole', null); }"))).toBe('installed');
    expect(await rows()).toMatchObject({ rows: [{ key: 'whole' }] });
    expect(await readDocument(couch, database, '_design/trial-staged')).toBeNull();
  });
});

describe('an account', () => {
  it('is created with its base roles, signs in by its id, and is found by its name however it is typed', async () => {
    const id = await created({ roles: ['authors:maths-7'] });
    expect(await readAccount(couch, id)).toMatchObject({ username: 'amina', roles: [`school:${slug}`, 'learner', 'authors:maths-7'] });
    expect(await findAccountId(couch, slug, ' ＡMina ')).toBe(id);
    expect(await signsIn(id, 'long enough')).toBe(true);
    expect(await signsIn(id, 'long enough!')).toBe(false);
  });

  it('has its sign-in name alone in the school', async () => {
    expect(await createAccount(couch, account({ username: 'AMINA ' }))).toEqual({ ok: false, error: 'username-taken' });
  });

  it('goes to one of two who ask for the same name at the same moment', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => createAccount(couch, account({ username: 'baraka' }))));
    const winners = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.account.id] : []));
    createdIds.push(...winners);
    expect(winners).toHaveLength(1);
    expect(await findAccountId(couch, slug, 'baraka')).toBe(winners[0]);
  });

  it('takes over a reservation that an interrupted creation left', async () => {
    await writeDocument(couch, SERVER_DATABASE, { _id: reservationId(slug, 'kept'), accountId: 'halfwaymade1' });
    expect(await created({ username: 'kept' })).toBe('halfwaymade1');
  });

  it.each([
    ['weak-password', { password: 'short' }],
    ['weak-password', { password: 'amina-the-learner', username: 'amina-the-learner' }],
    ['invalid-username', { username: 'a:b' }],
    ['invalid-username', { username: '  ' }],
    ['invalid-name', { displayName: ' ' }],
    ['invalid-role', { roles: ['_admin'] }],
    ['invalid-role', { roles: ['service:grading'] }],
    ['unknown-school', { slug: 'no-such-school' }],
  ] as const)('is refused: %s', async (error, change) => {
    expect(await createAccount(couch, account({ username: 'somebody', ...change }))).toEqual({ ok: false, error });
  });

  it('changes its name and password: the old ones are free', async () => {
    const id = await findAccountId(couch, slug, 'amina');
    if (id === null) throw new Error('created above');
    const outcome = await updateAccount(couch, { id, username: 'Amina.H', password: 'another one' });
    expect(outcome).toMatchObject({ ok: true, account: { username: 'amina.h', disabled: false } });
    expect(await signsIn(id, 'another one')).toBe(true);
    expect(await signsIn(id, 'long enough')).toBe(false);
    expect(await findAccountId(couch, slug, 'amina')).toBeNull();
    expect(await findAccountId(couch, slug, 'amina.h')).toBe(id);
    expect(await updateAccount(couch, { id, username: 'baraka' })).toEqual({ ok: false, error: 'username-taken' });
    expect(await updateAccount(couch, { id: 'nobody', disabled: true })).toEqual({ ok: false, error: 'unknown-account' });
  });

  it('that is switched off signs in nowhere, and is what it was when it is switched on; changes meanwhile are kept', async () => {
    const id = await created({ username: 'chausiku', roles: ['authors:maths-7'] });
    const off = await updateAccount(couch, { id, disabled: true });
    expect(off).toMatchObject({ ok: true, account: { disabled: true, roles: [`school:${slug}`, 'learner', 'authors:maths-7'] } });
    expect(await signsIn(id, 'long enough')).toBe(false);
    expect(await readDocument(couch, '_users', `org.couchdb.user:${id}`)).toMatchObject({ roles: [] });

    await updateAccount(couch, { id, addRoles: ['learns:7a'], removeRoles: ['authors:maths-7'] });
    await updateAccount(couch, { id, password: 'another one' });
    for (const password of ['long enough', 'another one']) expect(await signsIn(id, password)).toBe(false);
    expect(await readAccount(couch, id)).toMatchObject({ disabled: true, roles: [`school:${slug}`, 'learner', 'learns:7a'] });

    await updateAccount(couch, { id, disabled: false });
    // CouchDB remembers accounts, and hears of their changes by a feed of its own.
    await expect.poll(() => signsIn(id, 'another one'), { timeout: 10_000 }).toBe(true);
    expect(await readAccount(couch, id)).toMatchObject({ disabled: false, roles: [`school:${slug}`, 'learner', 'learns:7a'] });
    expect((await readDocument(couch, '_users', `org.couchdb.user:${id}`))?.['darasa']).not.toHaveProperty('aside');
  });
});

describe('a class', () => {
  it('gets a member with the role that opens it, the same the second time, and loses both (M11)', async () => {
    const accountId = await created({ username: 'chebet' });
    const membership = { classId: '7a', accountId, role: 'learner' as const };
    const memberId = `class-7a:member:${accountId}`;
    expect(await addToClass(couch, membership)).toMatchObject({ ok: true, account: { roles: expect.arrayContaining(['learns:7a']) } });
    const before = await readDocument(couch, database, memberId);
    expect(before).toMatchObject({ role: 'learner', displayName: 'Amina Hassan' });
    await addToClass(couch, membership);
    expect((await readDocument(couch, database, memberId))?._rev).toBe(before?._rev);

    expect(await removeFromClass(couch, membership)).toMatchObject({ ok: true, account: { roles: [`school:${slug}`, 'learner'] } });
    expect(await readDocument(couch, database, memberId)).toBeNull();
  });

  it('is completed when it was interrupted between the member and the role', async () => {
    const accountId = await findAccountId(couch, slug, 'chebet');
    if (accountId === null) throw new Error('created above');
    const membership = { classId: '7a', accountId, role: 'learner' as const };
    await addToClass(couch, membership);
    await updateAccount(couch, { id: accountId, removeRoles: ['learns:7a'] });
    expect(await addToClass(couch, membership)).toMatchObject({ ok: true, account: { roles: expect.arrayContaining(['learns:7a']) } });
  });
});
