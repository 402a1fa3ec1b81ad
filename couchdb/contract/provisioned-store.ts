import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CouchAdmin, couchAdmin, provisionServer } from '../src/provisioning/index.ts';

export interface ProvisionedStore {
  readonly couch: CouchAdmin;
  close(): Promise<void>;
}

/** The store that the contract runs against, prepared for Darasa: a CouchDB at `COUCHDB_URL`, or an embedded store of its own. */
export async function openProvisionedStore(): Promise<ProvisionedStore> {
  const url = process.env['COUCHDB_URL'];
  if (url !== undefined && url !== '') {
    const couch = couchAdmin(url);
    await provisionServer(couch);
    return { couch, close: async () => {} };
  }
  const { startEmbeddedStore } = await import('../embedded/index.ts');
  const dataDir = await mkdtemp(join(tmpdir(), 'darasa-contract-'));
  const admin = { name: 'admin', password: 'secret for the contract' };
  const store = await startEmbeddedStore({ dataDir, admin });
  const couch = couchAdmin(store.url, admin);
  await provisionServer(couch);
  return {
    couch,
    close: async () => {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A short name that no other run on the same server uses. */
export function freshSlug(prefix: string): string {
  return `${prefix}-${Date.now().toString(36)}-${process.pid.toString(36)}`;
}
