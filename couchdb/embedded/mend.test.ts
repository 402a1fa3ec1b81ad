import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedStore, type Rescue, startEmbeddedStore } from './index.ts';

const admin = { name: 'admin', password: 'secret' };
let dataDir = '';
let store: EmbeddedStore;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'darasa-mend-'));
});
afterEach(async () => {
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(rescue?: Rescue): Promise<EmbeddedStore> {
  store = await startEmbeddedStore({ dataDir, admin, ...(rescue ? { rescue } : {}) });
  return store;
}

async function ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const headers = { authorization: `Basic ${btoa('admin:secret')}`, 'content-type': 'application/json' };
  const response = await fetch(`${store.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return (await response.json()) as Record<string, unknown>; // CouchDB's form, compared below
}

const photo = { content_type: 'image/png', data: Buffer.alloc(3000, 7).toString('base64') };

/** A school of 102 documents, one of them with two leaves, one with a file, one deleted. */
async function school(): Promise<void> {
  await start();
  await ask('PUT', '/school');
  await ask('PUT', '/school/_security', { admins: {}, members: { roles: ['school:test'] } });
  const docs = Array.from({ length: 100 }, (_, n) => ({
    _id: `doc-${n}`,
    text: createHash('sha512').update(`${n}`).digest('hex').repeat(4),
  }));
  for (let at = 0; at < docs.length; at += 20) await ask('POST', '/school/_bulk_docs', { docs: docs.slice(at, at + 20) });
  const forked = { _id: 'doc-forked', _revisions: { start: 2, ids: ['b'.repeat(32), 'a'.repeat(32)] }, _rev: `2-${'b'.repeat(32)}` };
  const other = { ...forked, _rev: `2-${'c'.repeat(32)}`, _revisions: { start: 2, ids: ['c'.repeat(32), 'a'.repeat(32)] } };
  await ask('POST', '/school/_bulk_docs', { docs: [forked, other], new_edits: false });
  await ask('PUT', '/school/doc-photo', { _attachments: { photo } });
  const { _rev } = await ask('GET', '/school/doc-7');
  await ask('DELETE', `/school/doc-7?rev=${_rev}`);
}

async function dataFile(pattern: RegExp): Promise<string> {
  const folder = join(dataDir, 'databases/school/data');
  const [name] = (await readdir(folder)).filter((each) => pattern.test(each));
  return join(folder, name ?? 'none');
}

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

/** All leaves, with their content. */
async function leaves(): Promise<Map<string, unknown>> {
  const { results } = (await ask('GET', '/school/_changes?style=all_docs')) as { results: { id: string; changes: { rev: string }[] }[] };
  const found = new Map<string, unknown>();
  for (const { id, changes } of results) {
    for (const { rev } of changes) found.set(`${id} ${rev}`, await ask('GET', `/school/${id}?rev=${rev}&revs=true&attachments=true`));
  }
  return found;
}

describe('a damaged database', () => {
  it('whose list of files is lost is made anew of its files, leaf by leaf, and begins a new life', async () => {
    await school();
    const [before, { update_seq }] = [await leaves(), await ask('GET', '/school')];
    await store.close();
    await truncate(await dataFile(/^CURRENT/), 0);
    const { mended } = await start();
    expect(mended).toEqual([
      {
        database: 'school',
        problems: ['CURRENT does not name a manifest'],
        readable: 103,
        unreadable: 0,
        fromBackup: null,
        keptAt: expect.stringContaining('damaged'),
      },
    ]);
    expect(await leaves()).toEqual(before);
    expect(await ask('GET', '/school/_security')).toMatchObject({ members: { roles: ['school:test'] } });
    expect(await ask('GET', '/school')).toMatchObject({ doc_count: 101, doc_del_count: 1 });
    const late = (await ask('GET', `/school/_changes?since=${String(update_seq)}`)) as { results: unknown[] };
    expect(late.results).toHaveLength(before.size - 1);
    await store.close();
    expect((await start()).mended).toEqual([]);
  });

  it('gets from the backup what its files have lost, and keeps what is newer than the backup', async () => {
    await school();
    const old = await leaves();
    const { rev } = await ask('PUT', '/school/doc-new', { written: 'after the backup' });
    await store.close();
    // Opening moves what the log holds into a table.
    await start();
    await ask('GET', '/school');
    await store.close();
    await flip(await dataFile(/\.ldb$/), 5000);
    const backup: Rescue = {
      async find(database) {
        const documents = [...old.values()] as Record<string, unknown>[]; // documents, as CouchDB gave them
        return database !== 'school'
          ? null
          : {
              security: {},
              documents: (async function* () {
                yield* documents;
              })(),
            };
      },
    };
    const { mended } = await start(backup);
    expect(mended).toMatchObject([{ database: 'school', fromBackup: old.size }]);
    expect(mended[0]?.unreadable ?? 0).toBeGreaterThan(0);
    expect(await leaves()).toEqual(new Map([...old, [`doc-new ${String(rev)}`, await ask('GET', '/school/doc-new?revs=true')]]));
  });

  it('that has lost its properties is not taken for one that was never made', async () => {
    await school();
    await store.close();
    await rm(join(dataDir, 'databases/school/properties.json'));
    expect((await start()).mended).toMatchObject([{ database: 'school', readable: 103 }]);
    expect(await ask('GET', '/school/doc-3')).toMatchObject({ _id: 'doc-3' });
    expect(await ask('GET', '/school/_security')).toMatchObject({ members: { roles: ['_admin'] } });
  });

  it('is mended at the next start when mending was cut off, wherever', async () => {
    await school();
    const before = await leaves();
    await store.close();
    await truncate(await dataFile(/^CURRENT/), 0);
    const cut: Rescue = { find: () => Promise.reject(new Error('the power went')) };
    await expect(startEmbeddedStore({ dataDir, admin, rescue: cut })).rejects.toThrow('the power went');
    expect((await start()).mended).toHaveLength(1);
    expect(await leaves()).toEqual(before);
  });
});

it('a store that is in use is left alone by whoever starts beside it', async () => {
  await start();
  await expect(startEmbeddedStore({ dataDir, admin })).rejects.toThrow('in use: another Darasa runs on them');
  expect(await ask('GET', '/')).toMatchObject({ couchdb: 'Welcome' });
});

it('settings that cannot be read are put aside, and the store starts', async () => {
  await start();
  await store.close();
  await truncate(join(dataDir, 'config.json'), 10);
  expect((await start()).mended).toMatchObject([{ database: null, keptAt: expect.stringContaining('config.json') }]);
  expect(await ask('GET', '/')).toMatchObject({ couchdb: 'Welcome' });
});
