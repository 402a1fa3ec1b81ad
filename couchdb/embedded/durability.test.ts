import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startEmbeddedStore } from './index.ts';

const admin = { name: 'admin', password: 'secret' };
const authorization = `Basic ${btoa('admin:secret')}`;
let dataDir = '';

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'darasa-durable-'));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

/** A store in a process of its own, which can be killed. */
async function startChild(): Promise<{ child: ChildProcess; url: string }> {
  const entry = new URL('./index.ts', import.meta.url).href;
  const program = `
    const { startEmbeddedStore } = await import(${JSON.stringify(entry)});
    const store = await startEmbeddedStore({ dataDir: process.env.DATA_DIR, admin: ${JSON.stringify(admin)} });
    process.stdout.write(store.url + '\\n');`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', (code) => reject(new Error(`the store ended with ${code}`)));
  });
  return { child, url };
}

async function send(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
}

it('loses nothing that was acknowledged when it is killed in the middle of bulk writes', async () => {
  const { child, url } = await startChild();
  await send(url, 'PUT', '/kept');
  const acknowledged: { id: string; rev: string }[] = [];
  let isAlive = true;
  async function writeUntilKilled(writer: number): Promise<void> {
    for (let batch = 0; isAlive; batch++) {
      const docs = Array.from({ length: 50 }, (_, n) => ({ _id: `${writer}-${batch}-${n}`, text: 'x'.repeat(500) }));
      const results = await send(url, 'POST', '/kept/_bulk_docs', { docs }).catch(() => []);
      // The store's own answer: one result for each document.
      for (const { ok, id, rev } of results as { ok?: boolean; id: string; rev: string }[]) if (ok) acknowledged.push({ id, rev });
      if (acknowledged.length > 1500 && isAlive) {
        isAlive = false;
        child.kill('SIGKILL');
      }
    }
  }
  await Promise.all([0, 1, 2, 3].map(writeUntilKilled));
  expect(acknowledged.length).toBeGreaterThan(1500);

  const again = await startEmbeddedStore({ dataDir, admin });
  const { rows } = (await send(again.url, 'GET', '/kept/_all_docs')) as { rows: { id: string; value: { rev: string } }[] };
  const stored = new Map(rows.map(({ id, value }) => [id, value.rev]));
  const lost = acknowledged.filter(({ id, rev }) => stored.get(id) !== rev);
  expect(lost).toEqual([]);
  // A batch that was not acknowledged is there whole or not at all.
  expect(rows.length % 50).toBe(0);
  await again.close();
});

it('keeps settings, rights and accounts over a restart', async () => {
  const first = await startEmbeddedStore({ dataDir, admin });
  await send(first.url, 'PUT', '/kept');
  await send(first.url, 'PUT', '/kept/_security', { admins: {}, members: { names: [], roles: ['reader'] } });
  await send(first.url, 'PUT', '/_node/_local/_config/section/key', 'value');
  const derived = { password_scheme: 'pbkdf2', pbkdf2_prf: 'sha256', salt: 'aa', iterations: 10, derived_key: 'bb' };
  await send(first.url, 'PUT', '/_users/org.couchdb.user:amina', { name: 'amina', type: 'user', roles: ['reader'], ...derived });
  await first.close();
  await first.close();
  const second = await startEmbeddedStore({ dataDir, admin });
  expect(await send(second.url, 'GET', '/kept/_security')).toMatchObject({ members: { roles: ['reader'] } });
  expect(await send(second.url, 'GET', '/_node/_local/_config/section/key')).toBe('value');
  expect(await send(second.url, 'GET', '/_users/org.couchdb.user:amina')).toMatchObject({ roles: ['reader'], ...derived });
  await second.close();
});

it('answers from more databases than it keeps open', async () => {
  const store = await startEmbeddedStore({ dataDir, admin, maxOpenDatabases: 2 });
  const names = Array.from({ length: 8 }, (_, n) => `db-${n}`);
  for (const name of names) await send(store.url, 'PUT', `/${name}`);
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(names.map((name) => send(store.url, 'POST', `/${name}`, { _id: `doc-${round}` })));
    expect(answers).toEqual(names.map(() => expect.objectContaining({ ok: true })));
  }
  for (const name of names) expect(await send(store.url, 'GET', `/${name}`)).toMatchObject({ doc_count: 3 });
  await store.close();
});
