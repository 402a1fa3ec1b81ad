import { readdir, readFile } from 'node:fs/promises';
import { Damage } from './damage.ts';
import { type Entry, entriesOfBatch } from './entries.ts';
import { readLog } from './log-file.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { entriesOfTable, tableProblems } from './table-file.ts';

/** What reading every byte of a leveldb showed. */
export interface LeveldbState {
  /** One line for each thing that is wrong, for a person to read; empty for a whole store. */
  readonly problems: readonly string[];
  /** A log ends in the middle of a write, as a cut of power leaves it. Nobody was told that this write had been made. */
  readonly endsTorn: boolean;
}

interface Files {
  readonly logs: readonly { readonly number: number; readonly name: string }[];
  readonly tables: ReadonlyMap<number, string>;
}

async function filesOf(folder: string): Promise<Files> {
  const logs: { number: number; name: string }[] = [];
  const tables = new Map<number, string>();
  for (const name of await readdir(folder)) {
    const [, digits, kind] = /^(\d+)\.(log|ldb|sst)$/.exec(name) ?? [];
    if (digits === undefined) continue;
    if (kind === 'log') logs.push({ number: Number(digits), name });
    else tables.set(Number(digits), name);
  }
  return { logs: logs.sort((a, b) => a.number - b.number), tables };
}

/** Null where the store was never opened; Damage where it was and does not say which files it consists of. */
async function manifestOf(folder: string, files: Files): Promise<Manifest | null> {
  const current = await readFile(`${folder}/CURRENT`, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  // leveldb names its first manifest last of all when it makes a store: without tables and without logs it was never used.
  if (current === null && files.tables.size === 0 && files.logs.length === 0) return null;
  if (current === null || !/^MANIFEST-\d+\n$/.test(current)) throw new Damage('CURRENT does not name a manifest');
  const name = current.trim();
  const content = await readFile(`${folder}/${name}`).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Damage(`${name} is missing`);
    throw error;
  });
  try {
    return readManifest(content);
  } catch (error) {
    throw error instanceof Damage ? new Damage(`${name}: ${error.message}`) : error;
  }
}

/**
 * Reads every byte that a leveldb consists of and holds it against its checksums. leveldb itself, as it is usually opened, drops what it cannot
 * read of a log without a word, and looks at no checksum of a table. The store must be closed.
 */
export async function checkLeveldb(folder: string): Promise<LeveldbState> {
  const files = await filesOf(folder);
  let manifest: Manifest | null;
  try {
    manifest = await manifestOf(folder, files);
  } catch (error) {
    if (error instanceof Damage) return { problems: [error.message], endsTorn: false };
    throw error;
  }
  if (manifest === null) return { problems: [], endsTorn: false };
  const problems: string[] = [];
  let endsTorn = false;
  for (const [number, size] of manifest.tables) {
    const name = files.tables.get(number);
    if (name === undefined) {
      problems.push(`the table ${number} is missing`);
      continue;
    }
    const content = await readFile(`${folder}/${name}`);
    if (content.length !== size) problems.push(`${name}: it has ${content.length} bytes in place of ${size}`);
    problems.push(...tableProblems(content).map((problem) => `${name}: ${problem}`));
  }
  const { firstLog, logBefore } = manifest;
  const live = files.logs.filter(({ number }) => number >= firstLog || (logBefore !== 0 && number === logBefore));
  if (firstLog > 0 && !live.some(({ number }) => number === firstLog)) problems.push(`the log ${firstLog} is missing`);
  for (const [index, { name }] of live.entries()) {
    const { state } = readLog(await readFile(`${folder}/${name}`));
    // Only the newest log was being written.
    if (state.is === 'broken' || (state.is === 'torn' && index < live.length - 1)) problems.push(`${name}: unreadable from ${state.at} on`);
    else if (state.is === 'torn') endsTorn = true;
  }
  return { problems, endsTorn };
}

/**
 * What can still be read of a damaged leveldb, without its help and without changing a byte: the newest readable value of each key, by the
 * key as text in latin1 (so that no two keys become one). Where its manifest cannot be read, every file counts.
 */
export async function readableOf(folder: string): Promise<Map<string, Buffer>> {
  const newest = new Map<string, Entry>();
  const take = (entry: Entry): void => {
    const key = entry.key.toString('latin1');
    if ((newest.get(key)?.sequence ?? -1) <= entry.sequence) newest.set(key, entry);
  };
  const files = await filesOf(folder);
  const manifest = await manifestOf(folder, files).catch((error: unknown) => {
    if (error instanceof Damage) return null;
    throw error;
  });
  for (const [number, name] of files.tables) {
    if (manifest !== null && !manifest.tables.has(number)) continue;
    for (const entry of entriesOfTable(await readFile(`${folder}/${name}`))) take(entry);
  }
  for (const { name, number } of files.logs) {
    if (manifest !== null && number < manifest.firstLog && number !== manifest.logBefore) continue;
    for (const record of readLog(await readFile(`${folder}/${name}`)).records) for (const entry of entriesOfBatch(record)) take(entry);
  }
  return new Map([...newest].flatMap(([key, { value }]) => (value === null ? [] : [[key, value] as const])));
}
