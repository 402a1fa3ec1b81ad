import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedStore } from '../index.ts';
import { contentAfterCut, type DiskContent, layDown } from './simulated-disk.ts';
import { type Operation, readTrace, TRACED } from './trace.ts';
import type { Acknowledged } from './workload.fixture.ts';

const admin = { name: 'admin', password: 'secret' };
const CUTS = Number(process.env['CUTS'] ?? 24);
const seed = Number(process.env['SEED'] ?? 20_261_121);
let root = '';
let folder = '';
let operations: Operation[] = [];
let before: DiskContent;

/** mulberry32: the same numbers for the same seed. */
function drawFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'darasa-cut-'));
  folder = join(root, 'worked');
  await mkdir(folder);
  // A password that takes few rounds: each of many starts checks it.
  const settings = JSON.stringify({ chttpd_auth: { iterations: '10' } });
  await writeFile(join(folder, 'config.json'), settings);
  before = new Map<string, Buffer | 'folder'>([
    [folder, 'folder'],
    [join(folder, 'config.json'), Buffer.from(settings)],
  ]);
  const log = join(root, 'trace');
  const fixture = fileURLToPath(new URL('./workload.fixture.ts', import.meta.url));
  const traced = ['-f', '-y', '-xx', '-s', '100000000', '-qq', '-e', `trace=${TRACED}`, '-e', 'signal=none', '-o', log];
  const child = spawn('strace', [...traced, process.execPath, '--import', 'tsx', fixture, folder], {
    env: { ...process.env, UV_USE_IO_URING: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.resume();
  const code = await new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error('This test watches a process with strace, which is not here', { cause: error })));
    child.once('exit', resolve);
  });
  expect(code).toBe(0);
  operations = readTrace(await readFile(log, 'utf8'), folder);
}, 120_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

const said = (until: number): Acknowledged[] =>
  operations.slice(0, until).flatMap((operation) =>
    // What the fixture says, line by line.
    operation.kind === 'said'
      ? operation.text
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Acknowledged)
      : [],
  );

describe('the simulated disk', () => {
  it('ends with the very files that the real one has', async () => {
    const synced: Operation[] = [...operations];
    const paths = new Set(
      synced.flatMap((operation) => ('path' in operation ? [operation.path] : operation.kind === 'rename' ? [operation.to] : [])),
    );
    for (const path of paths) synced.push({ kind: 'sync', path, since: operations.length });
    const content = contentAfterCut(synced, before, synced.length, () => 0.999);
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      const path = join(parentPath, name);
      const simulated = content.get(path);
      expect(Buffer.isBuffer(simulated) && simulated.equals(await readFile(path)), relative(folder, path)).toBe(true);
    }
    expect([...content].filter(([, bytes]) => bytes !== 'folder')).toHaveLength(files.length);
  });

  it('loses what was not synced: it would show a store that acknowledges too early', () => {
    const forgetful = operations.filter((operation) => operation.kind !== 'sync' || !operation.path.endsWith('.log'));
    const content = contentAfterCut(forgetful, before, forgetful.length, () => 0);
    const logs = [...content].filter(([path]) => path.endsWith('.log'));
    expect(logs.every(([, bytes]) => bytes.length === 0)).toBe(true);
  });
});

async function lostAfter(at: number, draw: () => number, name: string): Promise<unknown> {
  const dataDir = join(root, name);
  await layDown(contentAfterCut(operations, before, at, draw), folder, dataDir);
  const store = await startEmbeddedStore({ dataDir, admin });
  // leveldb does not sync the first manifest of a new store: cut there, a database is made anew that nobody had written to.
  const lost: unknown[] = store.mended.filter(({ readable, unreadable }) => readable + unreadable > 0);
  try {
    for (const acknowledged of said(at)) {
      const headers = { authorization: `Basic ${btoa('admin:secret')}` };
      const read = async (path: string) =>
        (await fetch(`${store.url}/${acknowledged.database}/${path}`, { headers })).json() as Promise<Record<string, unknown>>;
      if ('rev' in acknowledged) {
        const { _rev } = await read(acknowledged.id);
        const purged = said(operations.length).some(
          (each) => 'purged' in each && each.purged === acknowledged.id && each.database === acknowledged.database,
        );
        if (_rev !== acknowledged.rev && !purged) lost.push(acknowledged);
      } else if ('purged' in acknowledged) {
        if ((await read(acknowledged.purged))['error'] !== 'not_found') lost.push(acknowledged);
      } else if (JSON.stringify(await read('_security')).includes(acknowledged.role) === false) lost.push(acknowledged);
    }
  } finally {
    await store.close();
  }
  return lost;
}

it(`nothing that was acknowledged is lost, and nothing is damaged, when the power goes at any of ${CUTS} moments (seed ${seed})`, async () => {
  const draw = drawFrom(seed);
  const spoken = operations.flatMap(({ kind }, index) => (kind === 'said' ? [index + 1] : []));
  for (let cut = 0; cut < CUTS; cut++) {
    // Half of them in the moment after something was acknowledged.
    const at = cut % 2 === 0 ? (spoken[Math.floor(draw() * spoken.length)] ?? 0) : Math.floor(draw() * operations.length);
    expect(await lostAfter(at, draw, `cut-${cut}`), `cut ${cut}, after operation ${at} of ${operations.length}`).toEqual([]);
  }
}, 600_000);
