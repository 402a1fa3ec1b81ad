import { join } from 'node:path';
import type { BackupFile } from './chains.ts';
import type { BackupCode } from './code.ts';
import { listBackups, readBackup, verifyBackup } from './folder.ts';
import { BadBackup } from './sealed-file.ts';

/** A backup of which every byte has been read and was right. */
export interface GoodBackup {
  readonly folder: string;
  /** In their order; together they are the server as it was at `at`. */
  readonly files: readonly [BackupFile, ...BackupFile[]];
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface BadFile {
  readonly name: string;
  readonly why: string;
  readonly isLocked: boolean;
}

/** The newest backup in a folder that is good, as far as its files are good one after the other; and which files were not. */
export async function findGoodBackup(
  folder: string,
  code: BackupCode,
): Promise<{ readonly good: GoodBackup | null; readonly bad: readonly BadFile[] }> {
  const bad: BadFile[] = [];
  for (const chain of (await listBackups(folder)).toReversed()) {
    const good: BackupFile[] = [];
    for (const file of chain.files) {
      try {
        await verifyBackup(join(folder, file.name), code);
        good.push(file);
      } catch (error) {
        if (!(error instanceof BadBackup)) throw error;
        bad.push({ name: file.name, why: error.message, isLocked: error.isLocked });
        break;
      }
    }
    const [first, ...more] = good;
    if (first !== undefined) return { good: { folder, files: [first, ...more], at: (more.at(-1) ?? first).at }, bad };
  }
  return { good: null, bad };
}

export interface DatabaseCopy {
  readonly name: string;
  readonly security: Readonly<Record<string, unknown>>;
  /** Leaf by leaf; of a document that changed between two files both come, which join as they would by replication. */
  documents(): AsyncGenerator<Record<string, unknown>>;
}

/** The databases of a backup, with their newest rights. */
export async function databasesOf({ folder, files }: GoodBackup, code: BackupCode): Promise<DatabaseCopy[]> {
  const rights = new Map<string, Record<string, unknown>>();
  for (const { name } of files)
    for await (const line of readBackup(join(folder, name), code)) if (line.line === 'database') rights.set(line.name, line.security);
  return [...rights].map(([name, security]) => ({
    name,
    security,
    async *documents() {
      for (const file of files) {
        let database = '';
        for await (const line of readBackup(join(folder, file.name), code)) {
          if (line.line === 'database') database = line.name;
          if (line.line === 'document' && database === name) yield line.document;
        }
      }
    },
  }));
}

/** The newest copy of each file of the place. */
export async function filesOf({ folder, files }: GoodBackup, code: BackupCode): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const { name } of files)
    for await (const line of readBackup(join(folder, name), code))
      if (line.line === 'file') found.set(line.path, Buffer.from(line.content, 'base64'));
  return found;
}
