import type { CouchAdmin } from '@darasa/couchdb/provisioning';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Environment } from '../services/environment.ts';
import { openCode } from './backup-code.ts';
import { Backups } from './backups.ts';
import { openControl } from './control.ts';
import { keepBackups } from './keep-backups.ts';

/** The backups that the settings ask for; null for none. */
export async function openBackups({ dataFolder, backupFolder }: Config, environment: Environment): Promise<Backups | null> {
  return backupFolder === null ? null : new Backups(dataFolder, backupFolder, await openCode(dataFolder, environment), environment);
}

/** Keeps backups while the server runs, and makes one when `npm run backup` asks. */
export async function runBackups(
  backups: Backups,
  couch: CouchAdmin,
  dataFolder: string,
  { now }: Environment,
  log: Logger,
): Promise<{ close(): Promise<void> }> {
  const closing = new AbortController();
  const make = (target: string) => backups.make(couch, target);
  const keeping = keepBackups({ targets: () => backups.targets(), make, now, log }, closing.signal).catch((error: unknown) =>
    log.error({ err: error }, 'Backups are kept no more until the next start'),
  );
  const control = await openControl(dataFolder, async (target) => make(target ?? (await backups.targets())[0] ?? dataFolder));
  return {
    async close() {
      closing.abort();
      await control.close();
      await keeping;
    },
  };
}
