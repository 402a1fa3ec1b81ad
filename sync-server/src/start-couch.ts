import { join } from 'node:path';
import type { Config } from './config.ts';
import { type Environment, randomSecret } from './services/environment.ts';

export interface RunningCouch {
  /** With the credentials of a server admin. */
  readonly url: string;
  close(): Promise<void>;
}

/** The CouchDB of the settings; without one the embedded store, on this machine alone and with a password that nobody is told. */
export async function startCouch(
  { couchUrl, dataFolder }: Pick<Config, 'couchUrl' | 'dataFolder'>,
  environment: Environment,
): Promise<RunningCouch> {
  if (couchUrl !== null) return { url: couchUrl, close: async () => undefined };
  // Loaded only where it is used: with a CouchDB of its own a server needs no storage engine.
  const { startEmbeddedStore } = await import('@darasa/couchdb/embedded');
  const admin = { name: 'darasa', password: randomSecret(environment) };
  const store = await startEmbeddedStore({ dataDir: join(dataFolder, 'couchdb'), host: '127.0.0.1', port: 0, admin });
  const url = new URL(store.url);
  url.username = admin.name;
  url.password = admin.password;
  return { url: url.href.replace(/\/$/, ''), close: () => store.close() };
}
