import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackupCode, type BadFile, filesOf, findGoodBackup, type GoodBackup, listBackups, restoreInto } from '@darasa/couchdb/backup';
import { CouchError, couchAdmin, SERVER_DATABASE } from '@darasa/couchdb/provisioning';
import type { Config } from '../config.ts';
import { type Environment, randomSecret } from '../services/environment.ts';
import { keepCode } from './backup-code.ts';
import { searchedFolders } from './backup-folders.ts';
import { writePlaceFiles } from './place-files.ts';

export interface RestoreRequest {
  readonly config: Pick<Config, 'couchUrl' | 'dataFolder'>;
  readonly environment: Environment;
  /** As a person names it: a stick, its folder for backups, or the folder of one place. */
  readonly folder: string;
  readonly codes: readonly BackupCode[];
}

export type RestoreOutcome =
  | {
      readonly outcome: 'restored';
      /** Milliseconds since 1970. */
      readonly at: number;
      readonly documents: number;
      /** Where the data of before are; null when there were none. */
      readonly keptAt: string | null;
      readonly bad: readonly BadFile[];
    }
  /** There are backups, and none of the codes opens one. */
  | { readonly outcome: 'locked'; readonly bad: readonly BadFile[] }
  | { readonly outcome: 'none'; readonly bad: readonly BadFile[] }
  /** The CouchDB is not empty. */
  | { readonly outcome: 'occupied' };

/**
 * Takes up the newest good backup. The store is built beside the one that is there, which is put aside only when the new one is whole. Rejects
 * when a server runs on the data.
 */
export async function restorePlace({ config, environment, folder, codes }: RestoreRequest): Promise<RestoreOutcome> {
  const bad: BadFile[] = [];
  let best: { good: GoodBackup; code: BackupCode } | null = null;
  let any = false;
  for (const searched of await searchedFolders(folder)) {
    if ((await listBackups(searched).catch(() => [])).length === 0) continue;
    any = true;
    for (const code of codes) {
      const found = await findGoodBackup(searched, code);
      bad.push(...found.bad);
      if (found.good !== null && (best === null || found.good.at > best.good.at)) best = { good: found.good, code };
    }
  }
  if (best === null) return { outcome: any && bad.every(({ isLocked }) => isLocked) ? 'locked' : 'none', bad };
  const { good, code } = best;
  const told = { outcome: 'restored', at: good.at, bad } as const;
  if (config.couchUrl !== null) {
    const couch = couchAdmin(config.couchUrl);
    if (await holdsASchool(couch)) return { outcome: 'occupied' };
    return { ...told, documents: sum(await restoreInto(couch, good, code)), keptAt: null };
  }
  const { lockStore, startEmbeddedStore } = await import('@darasa/couchdb/embedded');
  const [present, draft] = [join(config.dataFolder, 'couchdb'), join(config.dataFolder, 'couchdb.restoring')];
  await mkdir(present, { recursive: true });
  const unlock = await lockStore(present);
  try {
    await rm(draft, { recursive: true, force: true });
    const admin = { name: 'darasa', password: randomSecret(environment) };
    const store = await startEmbeddedStore({ dataDir: draft, admin });
    const documents = sum(await restoreInto(couchAdmin(store.url, admin), good, code).finally(() => store.close()));
    await writePlaceFiles(config.dataFolder, await filesOf(good, code));
    await keepCode(config.dataFolder, code);
    const keptAt = `${present}.before-${new Date(environment.now()).toISOString().replace(/[:.]/g, '-')}`;
    await rename(present, keptAt);
    await rename(draft, present);
    return { ...told, documents, keptAt };
  } finally {
    await unlock();
  }
}

const sum = (restored: readonly { readonly documents: number }[]): number =>
  restored.reduce((total, { documents }) => total + documents, 0);

async function holdsASchool(couch: ReturnType<typeof couchAdmin>): Promise<boolean> {
  try {
    await couch.request('GET', `/${SERVER_DATABASE}`);
    return true;
  } catch (error) {
    if (error instanceof CouchError && error.status === 404) return false;
    throw error;
  }
}
