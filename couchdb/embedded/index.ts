import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { serve } from '@hono/node-server';
import { createApp } from './app.ts';
import { Accounts } from './auth/accounts.ts';
import { hashAdminPassword, PasswordCheck, parseAdminHash } from './auth/passwords.ts';
import { Config } from './config.ts';
import { Databases } from './databases.ts';
import type { Store } from './http.ts';
import { lockStore } from './lock.ts';
import { type Mending, mendStore, type Rescue } from './mend.ts';
import { Replicator } from './replicator.ts';
import { type Report, reportToStderr } from './report.ts';
import { surviveStrayRejections } from './stray-rejections.ts';

export { lockStore } from './lock.ts';
export type { Mending, Rescue } from './mend.ts';

export interface EmbeddedStoreSettings {
  /** Everything is kept below it. One process at a time. */
  readonly dataDir: string;
  /** `127.0.0.1` when left out. */
  readonly host?: string;
  /** A free one when left out or 0. */
  readonly port?: number;
  readonly admin: { readonly name: string; readonly password: string };
  /** How many databases stay open; the least recently used are closed. */
  readonly maxOpenDatabases?: number;
  /** Standard error when left out. */
  readonly report?: Report;
  /** Where a damaged database gets back what its files have lost. */
  readonly rescue?: Rescue;
}

export interface EmbeddedStore {
  /** No slash at the end, no credentials. */
  readonly url: string;
  /** What was damaged when it started, and what was done about it; empty nearly always. */
  readonly mended: readonly Mending[];
  /** Ends the feeds, then closes every database. May be called twice. */
  close(): Promise<void>;
}

/** Bytes of all headers of a request: tokens carry roles, and grow with them. Node's own limit is 16 KB. */
const MAX_HEADER_BYTES = 64 * 1024;

/** The server beside it asks again and again: Node's own five seconds would end connections while it is about to. */
const KEEP_ALIVE_MS = 75_000;

/**
 * Starts a store that speaks CouchDB's HTTP interface, with `_users` and `_replicator` ready. What a failing disk or a cut of power damaged is
 * noticed before and mended (`mend.ts`).
 */
export async function startEmbeddedStore(settings: EmbeddedStoreSettings): Promise<EmbeddedStore> {
  const dataDir = resolve(settings.dataDir);
  await mkdir(dataDir, { recursive: true });
  const unlock = await lockStore(dataDir);
  const mended = await mendStore(dataDir, settings.rescue, () => new Date()).catch(async (error: unknown) => {
    await unlock();
    throw error;
  });
  const config = new Config(`${dataDir}/config.json`);
  await config.load();
  await ensureAdmin(config, settings.admin);
  const databases = new Databases(`${dataDir}/databases`, settings.maxOpenDatabases ?? 50);
  await databases.load();
  for (const name of ['_users', '_replicator']) if (!databases.has(name)) await databases.create(name);
  const report = settings.report ?? reportToStderr;
  const stopSurviving = surviveStrayRejections(report);
  const replicator = new Replicator(databases, report);
  const store: Store = { config, databases, accounts: new Accounts(config, databases), replicator, now: () => new Date(), report };
  const app = createApp(store);
  replicator.connect((request, actingAs) => app.fetch(request, { actingAs }));

  const host = settings.host ?? '127.0.0.1';
  const serverOptions = { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = serve({ fetch: app.fetch, hostname: host, port: settings.port ?? 0, serverOptions });
  await new Promise<void>((done, fail) => {
    server.once('listening', done);
    server.once('error', fail);
  });
  // The server listens on a TCP port, so its address is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  await replicator.start();

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    await replicator.stop();
    const ended = new Promise<void>((done) => server.close(() => done()));
    await databases.close();
    await unlock();
    if ('closeAllConnections' in server) server.closeAllConnections();
    await ended;
    stopSurviving();
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    mended,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** Keeps the stored line when the password is still the same, so that a start costs no new derivation than its check. */
async function ensureAdmin(config: Config, { name, password }: EmbeddedStoreSettings['admin']): Promise<void> {
  const stored = config.get('admins', name);
  const verifier = stored === undefined ? undefined : parseAdminHash(stored);
  if (verifier && (await new PasswordCheck().matches(password, verifier))) return;
  await config.set('admins', name, await hashAdminPassword(password, config.number('chttpd_auth', 'iterations')));
}
