import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedStore } from '../embedded/index.ts';
import { PouchConstruct } from '../embedded/pouch.ts';

/**
 * How long the embedded store (or the one at COUCHDB_URL) takes for what a school asks of it at its busiest: many phones that each
 * write a document, and one new device that takes everything. Prints milliseconds.
 *
 *     npx tsx speed/measure-store.ts
 *     COUCHDB_URL=http://admin:secret@127.0.0.1:5984 npx tsx speed/measure-store.ts
 */
const SINGLE_PUTS = 1_000;
const AT_ONCE = 20;
const DOCUMENTS = 10_000;
const BATCH = 100;

PouchConstruct.plugin(createRequire(import.meta.url)('pouchdb-adapter-memory'));

const given = process.env['COUCHDB_URL'];
const dataDir = await mkdtemp(join(tmpdir(), 'darasa-speed-'));
const store = given === undefined ? await startEmbeddedStore({ dataDir, admin: { name: 'admin', password: 'secret' } }) : null;
const url = new URL(store?.url ?? given ?? '');
const username = store === null ? decodeURIComponent(url.username) : 'admin';
const password = store === null ? decodeURIComponent(url.password) : 'secret';
const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
const base = url.origin;

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  await work();
  process.stdout.write(`${what}: ${Math.round(performance.now() - started)} ms\n`);
}

const documentOf = (number: number): object => ({
  type: 'progress',
  createdAt: '2026-03-01T08:00:00.000Z',
  learnerId: `learner-${number % 40}`,
  lessons: Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [`lesson-${index}`, { at: '2026-03-01T08:00:00.000Z', seconds: 240 + number }]),
  ),
});

const singles = `speed-singles-${process.pid}`;
const many = `speed-many-${process.pid}`;
for (const name of [singles, many]) await ask('PUT', `/${name}`);

await timed(`${SINGLE_PUTS} single PUTs, ${AT_ONCE} at once`, async () => {
  let next = 0;
  const writeOn = async (): Promise<void> => {
    while (next < SINGLE_PUTS) {
      const number = next;
      next += 1;
      await ask('PUT', `/${singles}/doc-${number}`, documentOf(number));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, writeOn));
});

await timed(`${DOCUMENTS} documents by _bulk_docs, 500 each`, async () => {
  for (let start = 0; start < DOCUMENTS; start += 500) {
    const docs = Array.from({ length: 500 }, (_, index) => ({ _id: `doc-${start + index}`, ...documentOf(start + index) }));
    await ask('POST', `/${many}/_bulk_docs`, { docs });
  }
});

await timed(`${DOCUMENTS} documents pulled by PouchDB, ${BATCH} a batch`, async () => {
  const local = new PouchConstruct(`speed-${process.pid}`, { adapter: 'memory' });
  const remote = new PouchConstruct(`${base}/${many}`, { skip_setup: true, auth: { username, password } });
  await PouchConstruct.replicate(remote, local, { batch_size: BATCH });
  const { doc_count: came } = await local.info();
  if (came !== DOCUMENTS) throw new Error(`${came} documents came`);
});

for (const name of [singles, many]) await ask('DELETE', `/${name}`);
await store?.close();
await rm(dataDir, { recursive: true, force: true });
