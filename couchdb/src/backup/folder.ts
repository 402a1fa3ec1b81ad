import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { type BackupFile, type Chain, chainsOf } from './chains.ts';
import type { BackupCode } from './code.ts';
import { ContentDigest } from './content-digest.ts';
import { type BackupEnd, type BackupLine, backupLine } from './lines.ts';
import { BadBackup, readHeader, readSealed } from './sealed-file.ts';

const SUFFIX = '.darasa-backup';
/** Of a file that is being written. */
export const DRAFT_SUFFIX = `${SUFFIX}.part`;

export function fileName(at: number, follows: string | null): string {
  return `${new Date(at).toISOString().replace(/[:.]/g, '-')}-${follows === null ? 'whole' : 'more'}${SUFFIX}`;
}

/** The backups in a folder; none where there is no such folder. Files of other kinds are left alone. */
export async function listBackups(folder: string): Promise<Chain[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files: BackupFile[] = [];
  for (const name of names.filter((each) => each.endsWith(SUFFIX)).sort()) {
    const header = await readHeader(join(folder, name));
    if (header !== null) files.push({ name, id: header.id, follows: header.follows, at: Date.parse(header.at) });
  }
  return chainsOf(files);
}

/** Every line of a file, each checked; the last is its end, and the end says what was read. Throws BadBackup. */
export async function* readBackup(path: string, code: BackupCode): AsyncGenerator<BackupLine> {
  const digest = new ContentDigest();
  let database = '';
  let end: BackupEnd | null = null;
  for await (const line of readSealed(path, code)) {
    const parsed = v.safeParse(backupLine, line);
    if (!parsed.success || end !== null) throw new BadBackup('a newer Darasa wrote it');
    if (parsed.output.line === 'database') database = parsed.output.name;
    if (parsed.output.line === 'document') digest.document(database, parsed.output.document);
    if (parsed.output.line === 'end') end = parsed.output;
    yield parsed.output;
  }
  if (end === null || end.documents !== digest.documents || end.digest !== digest.value)
    throw new BadBackup('it does not hold what it says');
}

/** Reads a whole file back and holds it against its digests. Throws BadBackup. */
export async function verifyBackup(path: string, code: BackupCode): Promise<BackupEnd> {
  let end: BackupEnd | null = null;
  // To the end, where the digests are compared.
  for await (const line of readBackup(path, code)) if (line.line === 'end') end = line;
  if (end === null) throw new BadBackup('it was cut off');
  return end;
}

export async function removeChain(folder: string, chain: Chain): Promise<void> {
  // The last first: what is left when the power goes is a chain still.
  for (const { name } of chain.files.toReversed()) await rm(join(folder, name), { force: true });
}

/** Drafts of backups that were cut off. */
export async function removeDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) if (name.endsWith(DRAFT_SUFFIX)) await rm(join(folder, name), { force: true });
}

export async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await removeDrafts(folder);
}

/** Names of files outlast a cut of power from then on. The file systems of sticks, and Windows, have no call for it; there the next start finds what is there. */
export async function settleFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
