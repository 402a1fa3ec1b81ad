import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { couchAdmin } from '@darasa/couchdb/provisioning';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realEnvironment } from '../services/environment.ts';
import { type RunningCouch, startCouch } from '../start-couch.ts';
import { keptCode, openCode } from './backup-code.ts';
import { searchedFolders, stickFolders } from './backup-folders.ts';
import { Backups } from './backups.ts';
import { askRunning, openControl } from './control.ts';
import { due, EVERY_MS, FIRST_AFTER_MS } from './keep-backups.ts';
import { restorePlace } from './restore-place.ts';

const log = pino({ level: 'silent' });
let root = '';
let dataFolder = '';
let running: RunningCouch | null = null;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'darasa-place-'));
  dataFolder = join(root, 'data');
});
afterEach(async () => {
  await stop();
  await rm(root, { recursive: true, force: true });
});

async function stop(): Promise<void> {
  await running?.close();
  running = null;
}

async function openBackups(): Promise<Backups> {
  return new Backups(dataFolder, join(dataFolder, 'backups'), await openCode(dataFolder, realEnvironment), realEnvironment);
}

async function start(backups?: Backups) {
  running = await startCouch({ couchUrl: null, dataFolder }, realEnvironment, log, backups?.rescue());
  return couchAdmin(running.url);
}

/** A school with one document, a hub's key, and a backup of both on a stick. */
async function backedUp(stick: string): Promise<void> {
  const backups = await openBackups();
  const couch = await start();
  await mkdir(join(dataFolder, 'hub'), { recursive: true });
  await writeFile(join(dataFolder, 'hub/key.json'), 'the key');
  await couch.request('PUT', '/darasa');
  await couch.request('PUT', '/school-test');
  await couch.request('PUT', '/school-test/work', { body: { said: 'kept' } });
  expect(await backups.make(couch, stick)).toMatchObject({ outcome: 'written' });
}

describe('restoring', () => {
  it('on another computer needs the code on paper and the stick, and brings documents and the place’s own files', async () => {
    const stick = join(root, 'stick/darasa-backup');
    await backedUp(stick);
    await stop();
    const code = await keptCode(dataFolder);
    dataFolder = join(root, 'another');
    const request = { config: { couchUrl: null, dataFolder }, environment: realEnvironment, folder: join(root, 'stick') };
    expect(await restorePlace({ ...request, codes: [] })).toMatchObject({ outcome: 'locked' });
    expect(await restorePlace({ ...request, codes: [code ?? expect.fail('no code')] })).toMatchObject({ outcome: 'restored' });
    expect(await readFile(join(dataFolder, 'hub/key.json'), 'utf8')).toBe('the key');
    expect(await keptCode(dataFolder)).toBe(code);
    const couch = await start();
    expect((await couch.request('GET', '/school-test/work')).body).toMatchObject({ said: 'kept' });
  });

  it('puts aside what is there, and is refused while a server runs on it', async () => {
    await backedUp(join(root, 'stick'));
    const codes = [(await keptCode(dataFolder)) ?? expect.fail('no code')];
    const request = { config: { couchUrl: null, dataFolder }, environment: realEnvironment, folder: join(root, 'stick'), codes };
    await expect(restorePlace(request)).rejects.toThrow('in use');
    await stop();
    const outcome = await restorePlace(request);
    expect(outcome).toMatchObject({ outcome: 'restored', keptAt: expect.stringContaining('couchdb.before-') });
    expect((await readdir(dataFolder)).filter((name) => name.startsWith('couchdb')).sort()).toHaveLength(2);
    expect(await restorePlace({ ...request, folder: join(root, 'empty') })).toEqual({ outcome: 'none', bad: [] });
  });
});

it('a start on damaged data takes from the newest backup what the files have lost', async () => {
  const backups = await openBackups();
  await backedUp(join(dataFolder, 'backups'));
  await stop();
  // Nothing of it is left.
  const data = join(dataFolder, 'couchdb/databases/school-test/data');
  for (const name of await readdir(data)) await truncate(join(data, name), 0);
  const couch = await start(backups);
  expect((await couch.request('GET', '/school-test/work')).body).toMatchObject({ said: 'kept' });
});

it('a backup can be asked of the server that has the data, with the secret of its folder alone', async () => {
  const asked: (string | null)[] = [];
  const control = await openControl(dataFolder, async (target) => {
    asked.push(target);
    return { outcome: 'unchanged', file: 'x' };
  });
  expect(await askRunning(dataFolder, '/media/stick')).toEqual({ outcome: 'unchanged', file: 'x' });
  const { url } = JSON.parse(await readFile(join(dataFolder, 'running.json'), 'utf8')) as { url: string }; // written above
  expect((await fetch(`${url}/backup`, { method: 'POST' })).status).toBe(401);
  expect(asked).toEqual(['/media/stick']);
  await control.close();
  expect(await askRunning(dataFolder, null)).toBeNull();
});

describe('whose turn it is', () => {
  it('nobody’s in the first minutes, then everybody’s each quarter of an hour, a new stick’s at once', () => {
    const tries = new Map([['own', FIRST_AFTER_MS]]);
    expect(due(['own'], new Map(), 0, FIRST_AFTER_MS - 1)).toEqual([]);
    expect(due(['own'], new Map(), 0, FIRST_AFTER_MS)).toEqual(['own']);
    expect(due(['own', 'stick'], tries, 0, FIRST_AFTER_MS + 60_000)).toEqual(['stick']);
    expect(due(['own'], tries, 0, FIRST_AFTER_MS + EVERY_MS)).toEqual(['own']);
  });

  it('sticks count that have a folder for it, and none else', async () => {
    await mkdir(join(root, 'a/darasa-backup/place-1'), { recursive: true });
    await mkdir(join(root, 'b'));
    await writeFile(join(root, 'b/darasa-backup'), '');
    expect(await stickFolders(['a', 'b', 'c'].map((name) => join(root, name)))).toEqual([join(root, 'a/darasa-backup')]);
    expect(await searchedFolders(join(root, 'a'))).toContain(join(root, 'a/darasa-backup/place-1'));
  });
});
