import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { type DatabaseProperties, readProperties, type SecurityObject } from './database.ts';
import { nameOf } from './database-names.ts';
import { readJsonFile, syncFolder, writeJsonFile } from './durable-file.ts';
import type { JsonObject } from './json.ts';
import { checkLeveldb } from './leveldb/folder.ts';
import { closePouch, openPouch, type Pouch } from './pouch.ts';
import { type Salvage, salvage } from './salvage.ts';

/** Where a damaged database gets back what its own files do not hold any more: the newest good backup. */
export interface Rescue {
  /** Leaves with their history and files, as replication would bring them, and the rights of the database. Null without a backup of it. */
  find(database: string): Promise<{ readonly security: JsonObject; readonly documents: AsyncIterable<JsonObject> } | null>;
}

/** What was wrong with a database (or with the settings: `database` is null), and what was done about it. */
export interface Mending {
  readonly database: string | null;
  readonly problems: readonly string[];
  /** Documents that could be read from the damaged files, and such as could not. */
  readonly readable: number;
  readonly unreadable: number;
  /** Documents of the backup; null when there was none. */
  readonly fromBackup: number | null;
  /** Where the damaged files are kept, unchanged. */
  readonly keptAt: string;
}

const DRAFT = '.mending-';
const BATCH_DOCUMENTS = 100;
const BATCH_BYTES = 4_000_000;

/**
 * Reads every byte of the store and holds it against its checksums, before anything is opened. A damaged database is made anew of all that its
 * files still hold and all that the newest backup holds: revisions are named by their content, so the two join to what replication between
 * them would give. It begins a new life (`sequence.ts`), so that nobody goes on from a place that it does not have any more. The damaged
 * files are put aside and never deleted. Cut off at any moment, the next start does it again.
 */
export async function mendStore(dataDir: string, rescue: Rescue | undefined, now: () => Date): Promise<Mending[]> {
  const mended: Mending[] = [];
  const aside = async (path: string, name: string): Promise<string> => {
    const keptAt = `${dataDir}/damaged/${now().toISOString().replaceAll(':', '-')}-${name}`;
    await mkdir(`${dataDir}/damaged`, { recursive: true });
    await rename(path, keptAt);
    return keptAt;
  };
  const settings = await problemOf(() => readJsonFile(`${dataDir}/config.json`));
  if (settings !== null) {
    const keptAt = await aside(`${dataDir}/config.json`, 'config.json');
    mended.push({ database: null, problems: [settings], readable: 0, unreadable: 0, fromBackup: null, keptAt });
  }

  const directory = `${dataDir}/databases`;
  await mkdir(directory, { recursive: true });
  const folders = await readdir(directory);
  await finishDrafts(directory, folders);
  for (const folder of folders.filter((name) => !name.startsWith('.'))) {
    const path = `${directory}/${folder}`;
    await dropBrokenIndexes(path);
    const problems = await problemsOf(path);
    if (problems.length === 0) continue;
    const draft = `${directory}/${DRAFT}${folder}`;
    const made = await makeAnew(path, draft, nameOf(folder), rescue);
    const keptAt = await aside(path, folder);
    await rename(draft, path);
    await syncFolder(directory);
    mended.push({ database: nameOf(folder), problems, ...made, keptAt });
  }
  return mended;
}

/** A draft with properties is whole; when the damaged folder was put aside already, it takes its place. Any other is made again. */
async function finishDrafts(directory: string, folders: string[]): Promise<void> {
  for (const draft of folders.filter((name) => name.startsWith(DRAFT))) {
    const name = draft.slice(DRAFT.length);
    if (folders.includes(name) || (await readProperties(`${directory}/${draft}`)) === undefined) {
      await rm(`${directory}/${draft}`, { recursive: true, force: true });
    } else {
      await rename(`${directory}/${draft}`, `${directory}/${name}`);
      folders.push(name);
    }
  }
}

async function problemsOf(path: string): Promise<string[]> {
  const names = await readdir(path);
  const properties = await problemOf(async () => {
    if ((await readProperties(path)) === undefined && names.includes('data')) throw new Error(`${path}/properties.json is missing`);
  });
  const data = names.includes('data') ? (await checkLeveldb(`${path}/data`)).problems : [];
  return [...(properties === null ? [] : [properties]), ...data];
}

async function problemOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Indexes can be built again, and are not synced: one that is not whole goes. */
async function dropBrokenIndexes(path: string): Promise<void> {
  for (const name of await readdir(path)) {
    if (!name.startsWith('data-mrview-')) continue;
    const { problems, endsTorn } = await checkLeveldb(`${path}/${name}`);
    if (problems.length > 0 || endsTorn) await rm(`${path}/${name}`, { recursive: true, force: true });
  }
}

/** Builds the database in `draft`. Its properties are written last: they say that it is whole. */
async function makeAnew(
  path: string,
  draft: string,
  name: string,
  rescue: Rescue | undefined,
): Promise<Pick<Mending, 'readable' | 'unreadable' | 'fromBackup'>> {
  const before = await readProperties(path).catch(() => undefined);
  const left: Salvage = await salvage(`${path}/data`);
  const backup = (await rescue?.find(name)) ?? null;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  const properties: DatabaseProperties = {
    createdAt: Math.floor(Date.now() / 1000),
    // Of a database whose rights are unknown nobody is a member until an admin says who is.
    security: (backup?.security as SecurityObject | undefined) ?? { admins: { roles: ['_admin'] }, members: { roles: ['_admin'] } },
    revsLimit: 1000,
    purgedInfosLimit: 1000,
    purgeSequence: 0,
    ...before,
    life: randomBytes(12).toString('base64url'),
  };
  const pouch = await openPouch(`${draft}/data`, properties.revsLimit);
  let fromBackup = 0;
  try {
    if (backup !== null) fromBackup = await takeIn(pouch, backup.documents);
    await takeIn(pouch, left.documents);
  } finally {
    await closePouch(pouch);
  }
  await writeJsonFile(`${draft}/properties.json`, { ...properties });
  return { readable: left.documents.length, unreadable: left.unreadable, fromBackup: backup === null ? null : fromBackup };
}

async function takeIn(pouch: Pouch, documents: AsyncIterable<JsonObject> | Iterable<JsonObject>): Promise<number> {
  let [taken, bytes] = [0, 0];
  let batch: JsonObject[] = [];
  const write = async (): Promise<void> => {
    for (const outcome of await pouch.bulkDocs(batch, { new_edits: false })) throw outcome;
    [batch, bytes] = [[], 0];
  };
  for await (const document of documents) {
    batch.push(document);
    taken += 1;
    bytes += JSON.stringify(document).length;
    if (batch.length >= BATCH_DOCUMENTS || bytes >= BATCH_BYTES) await write();
  }
  if (batch.length > 0) await write();
  return taken;
}
