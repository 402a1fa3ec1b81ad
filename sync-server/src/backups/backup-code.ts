import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackupCode, newBackupCode, readBackupCode } from '@darasa/couchdb/backup';
import type { Environment } from '../services/environment.ts';

export const CODE_FILE = 'backup-code';

/** The code of this place's backups, as its folder of data keeps it. Null when there is none. */
export async function keptCode(dataFolder: string): Promise<BackupCode | null> {
  const text = await readFile(join(dataFolder, CODE_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return readBackupCode(text);
}

/** The code, made and kept where there is none yet. */
export async function openCode(dataFolder: string, { random }: Pick<Environment, 'random'>): Promise<BackupCode> {
  const kept = await keptCode(dataFolder);
  if (kept !== null) return kept;
  const code = newBackupCode(random);
  await keepCode(dataFolder, code);
  return code;
}

/** On the disk before the first backup is sealed with it. */
export async function keepCode(dataFolder: string, code: BackupCode): Promise<void> {
  await mkdir(dataFolder, { recursive: true });
  const draft = join(dataFolder, `${CODE_FILE}.new`);
  const file = await open(draft, 'w', 0o600);
  await file.writeFile(`${code}\n`);
  await file.sync();
  await file.close();
  await rename(draft, join(dataFolder, CODE_FILE));
}

/** The folder of one place, so that several may use one stick. It tells nothing of the code. */
export function placeFolder(code: BackupCode): string {
  return `place-${createHash('sha256').update(`darasa place ${code}`).digest('hex').slice(0, 8)}`;
}
