import type { CouchAdmin } from './couch-admin.ts';
import { ensureDatabase, SERVER_ADMINS_ONLY, SERVER_DATABASE, setSecurity } from './database.ts';
import { ensureJwtHandler } from './jwt.ts';

/** Prepares a CouchDB for Darasa: its system databases, the server's own database, tokens. Does nothing the second time. */
export async function provisionServer(couch: CouchAdmin): Promise<void> {
  for (const name of ['_users', '_replicator', SERVER_DATABASE]) await ensureDatabase(couch, name);
  await setSecurity(couch, SERVER_DATABASE, SERVER_ADMINS_ONLY);
  await ensureJwtHandler(couch);
}
