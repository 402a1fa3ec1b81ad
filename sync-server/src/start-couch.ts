import { join } from 'node:path';
import type { Mending, Rescue } from '@darasa/couchdb/embedded';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { CouchUnreachable, couchClient } from './couch/couch-client.ts';
import { pause } from './feed/pause.ts';
import { type Environment, randomSecret } from './services/environment.ts';

export interface RunningCouch {
  /** With the credentials of a server admin. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The CouchDB of the settings; without one the embedded store, on this machine alone and with a password that nobody is told. What of it is
 * damaged gets back from `rescue` what it has lost.
 */
export async function startCouch(
  { couchUrl, dataFolder }: Pick<Config, 'couchUrl' | 'dataFolder'>,
  environment: Environment,
  log: Logger,
  rescue?: Rescue,
): Promise<RunningCouch> {
  if (couchUrl !== null) {
    await untilItAnswers(couchUrl, log);
    return { url: couchUrl, close: async () => undefined };
  }
  // Loaded only where it is used: with a CouchDB of its own a server needs no storage engine.
  const { startEmbeddedStore } = await import('@darasa/couchdb/embedded');
  const admin = { name: 'darasa', password: randomSecret(environment) };
  const store = await startEmbeddedStore({
    dataDir: join(dataFolder, 'couchdb'),
    host: '127.0.0.1',
    port: 0,
    admin,
    ...(rescue ? { rescue } : {}),
  });
  for (const mending of store.mended) log.warn({ problems: mending.problems }, mendingStory(mending));
  const url = new URL(store.url);
  url.username = admin.name;
  url.password = admin.password;
  return { url: url.href.replace(/\/$/, ''), close: () => store.close() };
}

/** What was damaged and what became of it, for whoever looks after the computer. */
function mendingStory({ database, readable, unreadable, fromBackup, keptAt }: Mending): string {
  const kept = `The damaged files are kept in ${keptAt}`;
  if (database === null) return `The settings of the store could not be read and were made anew. ${kept}`;
  const backup = fromBackup === null ? 'there was no backup to add' : `${fromBackup} came from the newest backup`;
  const lost = unreadable === 0 ? '' : ` ${unreadable} could not be read there.`;
  return `The data of ${database} were damaged and have been made anew: ${readable} documents came from its own files, ${backup}.${lost} What neither holds comes back from the devices, and from the school, when they meet. ${kept}`;
}

const PATIENCE_MS = 120_000;
const ASK_AGAIN_MS = 1_000;

/** CouchDB may start beside the server, and later. Throws CouchUnreachable when it has not answered for two minutes. */
async function untilItAnswers(url: string, log: Logger): Promise<void> {
  const couch = couchClient(url);
  const giveUp = AbortSignal.timeout(PATIENCE_MS);
  for (let asked = 0; ; asked += 1) {
    try {
      const answer = await couch.send('GET', '/_up');
      await answer.body?.cancel();
      if (answer.ok || giveUp.aborted) return;
    } catch (error) {
      if (giveUp.aborted || !(error instanceof CouchUnreachable)) throw error;
      if (asked === 0) log.info('Waiting for CouchDB');
    }
    await pause(ASK_AGAIN_MS, giveUp);
  }
}
