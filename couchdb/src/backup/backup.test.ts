import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedStore, startEmbeddedStore } from '../../embedded/index.ts';
import { type CouchAdmin, couchAdmin } from '../provisioning/couch-admin.ts';
import { newBackupCode } from './code.ts';
import { databasesOf, filesOf, findGoodBackup } from './good-backup.ts';
import { type BackupOutcome, makeBackup } from './make-backup.ts';
import { restoreInto } from './restore.ts';

const admin = { name: 'admin', password: 'secret' };
const code = newBackupCode((bytes) => bytes.fill(11));
const DAY = 86_400_000;
let root = '';
let folder = '';
let stores: EmbeddedStore[] = [];
let couch: CouchAdmin;
let now = Date.parse('2026-03-02T08:00:00Z');

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'darasa-backup-'));
  folder = join(root, 'stick');
  couch = await freshStore();
  for (const name of ['darasa', 'school-test']) await couch.request('PUT', `/${name}`);
  const photo = { content_type: 'image/png', data: Buffer.alloc(2000, 3).toString('base64') };
  await couch.request('PUT', '/school-test/photo', { body: { _attachments: { photo } } });
  await couch.request('PUT', '/school-test/_security', { body: { admins: {}, members: { roles: ['school:test'] } } });
  await couch.request('PUT', '/school-test/_design/rules', {
    body: { validate_doc_update: "function (doc) { if (doc.refused) throw { forbidden: 'no' }; }" },
  });
  await put('doc-1', { text: 'one' });
});
afterEach(async () => {
  for (const store of stores) await store.close();
  stores = [];
  await rm(root, { recursive: true, force: true });
});

async function freshStore(): Promise<CouchAdmin> {
  const store = await startEmbeddedStore({ dataDir: join(root, `store-${stores.length}`), admin });
  stores.push(store);
  return couchAdmin(store.url, admin);
}

async function put(id: string, body: object): Promise<string> {
  const { rev } = (await couch.request('PUT', `/school-test/${id}`, { body })).body as { rev: string }; // CouchDB's answer
  return rev;
}

function backup(): Promise<BackupOutcome> {
  now += 60_000;
  return makeBackup({ couch, folder, code, now, files: [{ path: 'hub/key.json', content: Buffer.from(`key at ${now}`) }] });
}

async function written(): Promise<string> {
  const outcome = await backup();
  if (outcome.outcome !== 'written') throw new Error(JSON.stringify(outcome));
  return join(folder, outcome.file);
}

/** All leaves of a school, with their history and content. */
async function leaves(of: CouchAdmin): Promise<unknown> {
  const { body } = await of.request('GET', '/school-test/_changes', { query: { style: 'all_docs' } });
  const { results } = body as { results: { id: string; changes: { rev: string }[] }[] }; // CouchDB's answer
  const docs = results.flatMap(({ id, changes }) => changes.map(({ rev }) => ({ id, rev })));
  docs.sort((a, b) => (`${a.id} ${a.rev}` < `${b.id} ${b.rev}` ? -1 : 1));
  return (await of.request('POST', '/school-test/_bulk_get', { body: { docs }, query: { revs: 'true', attachments: 'true' } })).body;
}

async function restored(): Promise<CouchAdmin> {
  const { good } = await findGoodBackup(folder, code);
  if (good === null) throw new Error('there is no good backup');
  const fresh = await freshStore();
  await restoreInto(fresh, good, code);
  return fresh;
}

describe('a backup', () => {
  it('and those that go on from it restore to the same leaves, histories, files, rights and rules', async () => {
    expect(await backup()).toMatchObject({ outcome: 'written', whole: true });
    const first = await put('doc-2', { text: 'two' });
    await put('doc-2', { _rev: first, text: 'changed' });
    await couch.request('POST', '/school-test/_bulk_docs', {
      body: { new_edits: false, docs: [{ _id: 'doc-1', _rev: `1-${'f'.repeat(32)}`, text: 'apart' }] },
    });
    expect(await backup()).toMatchObject({ outcome: 'written', whole: false, documents: 3 });
    await couch.request('DELETE', '/school-test/photo', { query: { rev: await revOf('photo') } });
    await backup();
    const fresh = await restored();
    expect(await leaves(fresh)).toEqual(await leaves(couch));
    expect((await fresh.request('GET', '/school-test/_security')).body).toMatchObject({ members: { roles: ['school:test'] } });
    await expect(fresh.request('PUT', '/school-test/bad', { body: { refused: true } })).rejects.toThrow('no');
    const { good } = await findGoodBackup(folder, code);
    expect(good && String((await filesOf(good, code)).get('hub/key.json'))).toBe(`key at ${now}`);
  });

  it('is not written where nothing has changed', async () => {
    await backup();
    expect(await backup()).toMatchObject({ outcome: 'unchanged' });
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('holds everything once a day, and after an erasure', async () => {
    await backup();
    const rev = await put('doc-2', {});
    expect(await backup()).toMatchObject({ whole: false });
    await couch.request('POST', '/school-test/_purge', { body: { 'doc-2': [rev] } });
    const file = await written();
    expect((await readFile(file, 'latin1')).includes('"follows":null')).toBe(true);
    now += DAY;
    await put('doc-3', {});
    expect(await backup()).toMatchObject({ whole: true });
  });

  it('tells nothing to who lacks the code', async () => {
    const bytes = await readFile(await written(), 'latin1');
    for (const told of ['doc-1', 'school-test', 'one']) expect(bytes).not.toContain(told);
    const other = newBackupCode((array) => array.fill(12));
    expect(await findGoodBackup(folder, other)).toMatchObject({
      good: null,
      bad: [{ why: expect.stringContaining('the code does not open it') }],
    });
  });
});

async function revOf(id: string): Promise<string> {
  return ((await couch.request('GET', `/school-test/${id}`)).body as { _rev: string })._rev; // just written
}

describe('a backup that is no good', () => {
  it.each([
    ['a changed byte', (bytes: Buffer) => bytes.fill(9, bytes.length - 100, bytes.length - 99)],
    ['a cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 30)],
    ['something behind it', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')])],
  ])('is not used: the one before it is (%s)', async (_what, spoil) => {
    await backup();
    await put('doc-2', {});
    const later = await written();
    await writeFile(later, spoil(await readFile(later)));
    const { good, bad } = await findGoodBackup(folder, code);
    expect(good?.files).toHaveLength(1);
    expect(bad).toHaveLength(1);
    const [school] = good ? (await databasesOf(good, code)).filter(({ name }) => name === 'school-test') : [];
    const ids: unknown[] = [];
    for await (const { _id } of school?.documents() ?? []) ids.push(_id);
    expect(ids).toContain('doc-1');
    expect(ids).not.toContain('doc-2');
    // And the next backup does not go on from it.
    expect(await backup()).toMatchObject({ outcome: 'written', whole: true });
  });
});

it('a folder that cannot be written is said, and nothing throws', async () => {
  await writeFile(folder, 'a file where the stick should be');
  expect(await backup()).toMatchObject({ outcome: 'failed', why: expect.stringMatching(/EEXIST|ENOTDIR/) });
});
