import type { CouchAdmin } from '@darasa/couchdb/provisioning';
import type { Logger } from 'pino';
import type { Environment } from '../services/environment.ts';
import type { Backups } from './backups.ts';
import { openControl } from './control.ts';
import { keepBackups } from './keep-backups.ts';

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
