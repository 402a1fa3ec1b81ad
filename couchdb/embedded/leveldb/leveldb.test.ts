import { mkdtemp, readdir, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import leveldown, { type LevelStore } from 'leveldown';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { levelCall } from '../level.ts';
import { crc32c } from './crc32c.ts';
import { checkLeveldb, readableOf } from './folder.ts';
import { readManifest } from './manifest.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darasa-leveldb-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const text = (index: number, round: number) => `${round} ${`pupil ${index} `.repeat(20)}${(index * 7919 + round).toString(36).repeat(30)}`;

/** A store that was written in two rounds and closed: its second round is in the log, its first in tables. */
async function written(keys: number): Promise<void> {
  for (const round of [0, 1]) {
    const level: LevelStore = leveldown(folder);
    await levelCall((done) => level.open({ createIfMissing: true, writeBufferSize: 64 * 1024 }, done));
    for (let index = round * 10; index < (round === 0 ? keys : 40); index += 10) {
      const batch = Array.from({ length: 10 }, (_, n) => ({
        type: 'put' as const,
        key: `key-${index + n}`,
        value: text(index + n, round),
      }));
      await levelCall((done) => level.batch(batch, { sync: true }, done));
    }
    if (round === 1) await levelCall((done) => level.batch([{ type: 'del', key: 'key-0' }], { sync: true }, done));
    await levelCall((done) => level.close(done));
  }
}

async function fileLike(pattern: RegExp): Promise<string> {
  const [name] = (await readdir(folder))
    .filter((each) => pattern.test(each))
    .sort()
    .reverse();
  if (name === undefined) throw new Error(`no file like ${pattern}`);
  return join(folder, name);
}

/** leveldb may have been closed before it removed tables that it had made others of, so the manifest says which. */
async function tableInUse(): Promise<string> {
  const current = (await readFile(join(folder, 'CURRENT'), 'utf8')).trim();
  const [number] = readManifest(await readFile(join(folder, current))).tables.keys();
  return fileLike(new RegExp(`^0*${number}\\.ldb$`));
}

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  await writeFile(path, bytes);
}

it('CRC-32C gives the published value', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

describe('a whole leveldb', () => {
  it('has no problems, and all of it can be read without leveldb', async () => {
    await written(1500);
    expect((await readdir(folder)).filter((name) => name.endsWith('.ldb')).length).toBeGreaterThan(1);
    expect(await checkLeveldb(folder)).toEqual({ problems: [], endsTorn: false });
    const found = await readableOf(folder);
    expect(found.size).toBe(1499);
    for (const index of [5, 10, 39, 40, 1499])
      expect(found.get(`key-${index}`)?.toString()).toBe(text(index, index >= 10 && index < 40 ? 1 : 0));
    expect(found.has('key-0')).toBe(false);
  });

  it('that was never used has none either', async () => {
    expect(await checkLeveldb(folder)).toEqual({ problems: [], endsTorn: false });
  });
});

describe('damage is noticed', () => {
  it('one flipped bit of a table, and all other blocks can still be read', async () => {
    await written(1500);
    await flip(await tableInUse(), 3000);
    expect((await checkLeveldb(folder)).problems).toEqual([expect.stringMatching(/\.ldb: the block at \d+ has changed/)]);
    const found = await readableOf(folder);
    expect(found.size).toBeGreaterThan(1200);
    expect(found.size).toBeLessThan(1499);
    for (const [key, value] of found) {
      const index = Number(key.slice(4));
      expect([text(index, 0), text(index, 1)]).toContain(value.toString());
    }
  });

  it('a table that was cut short, or is gone', async () => {
    await written(1500);
    const table = await tableInUse();
    await truncate(table, 5000);
    expect((await checkLeveldb(folder)).problems).toContainEqual(expect.stringContaining('its end is missing'));
    await unlink(table);
    expect((await checkLeveldb(folder)).problems).toEqual([expect.stringMatching(/the table \d+ is missing/)]);
  });

  it.each(['CURRENT', 'MANIFEST'])('%s is cut to nothing, and what the tables and the log hold can be read', async (name) => {
    await written(1500);
    await truncate(await fileLike(new RegExp(`^${name}`)), 0);
    expect((await checkLeveldb(folder)).problems).toHaveLength(1);
    expect((await readableOf(folder)).size).toBe(1499);
  });

  it('a flipped bit in the middle of the log, which leveldb would skip without a word', async () => {
    await written(30);
    await flip(await fileLike(/\.log$/), 700);
    const { problems } = await checkLeveldb(folder);
    expect(problems).toEqual([expect.stringMatching(/\.log: unreadable from \d+ on/)]);
    // The record after the damaged one is in the same block.
    expect((await readableOf(folder)).get('key-25')?.toString()).toBe(text(25, 1));
  });

  it('the end of the log that a cut of power left is no damage, and is told apart', async () => {
    await written(30);
    const log = await fileLike(/\.log$/);
    const bytes = await readFile(log);
    await truncate(log, bytes.length - 9);
    expect(await checkLeveldb(folder)).toEqual({ problems: [], endsTorn: true });
    await writeFile(log, Buffer.concat([bytes, Buffer.alloc(500)]));
    expect(await checkLeveldb(folder)).toEqual({ problems: [], endsTorn: true });
  });
});
