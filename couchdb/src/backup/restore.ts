import * as v from 'valibot';
import type { CouchAdmin } from '../provisioning/couch-admin.ts';
import { ensureDatabase } from '../provisioning/database.ts';
import type { BackupCode } from './code.ts';
import { databasesOf, type GoodBackup } from './good-backup.ts';

const BATCH_DOCUMENTS = 200;
const BATCH_CHARACTERS = 4_000_000;
const failures = v.array(v.looseObject({ id: v.optional(v.string()), error: v.optional(v.string()), reason: v.optional(v.string()) }));

export interface Restored {
  readonly database: string;
  readonly documents: number;
}

/**
 * Writes a backup into a store: every leaf under its own revision and with its history, so that devices and other places meet what they know. What
 * the store holds already stays and joins with it. Design documents come last, for their rules judge people and not backups.
 */
export async function restoreInto(couch: CouchAdmin, backup: GoodBackup, code: BackupCode): Promise<Restored[]> {
  const restored: Restored[] = [];
  for (const { name, security, documents } of await databasesOf(backup, code)) {
    await ensureDatabase(couch, name);
    const design: Record<string, unknown>[] = [];
    const writer = new Writer(couch, name);
    for await (const document of documents()) {
      if (String(document['_id']).startsWith('_design/')) design.push(document);
      else await writer.take(document);
    }
    await writer.flush();
    for (const document of design) await writer.take(document);
    await writer.flush();
    await couch.request('PUT', `/${encodeURIComponent(name)}/_security`, { body: security });
    restored.push({ database: name, documents: writer.written });
  }
  return restored;
}

class Writer {
  readonly #couch: CouchAdmin;
  readonly #database: string;
  #batch: Record<string, unknown>[] = [];
  #characters = 0;
  written = 0;

  constructor(couch: CouchAdmin, database: string) {
    this.#couch = couch;
    this.#database = database;
  }

  async take(document: Record<string, unknown>): Promise<void> {
    this.#batch.push(document);
    this.#characters += JSON.stringify(document).length;
    if (this.#batch.length >= BATCH_DOCUMENTS || this.#characters >= BATCH_CHARACTERS) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#batch.length === 0) return;
    const body = { docs: this.#batch, new_edits: false };
    const path = `/${encodeURIComponent(this.#database)}/_bulk_docs`;
    const refused = v.parse(failures, (await this.#couch.request('POST', path, { body, timeoutMs: 300_000 })).body);
    for (const { id, error, reason } of refused) {
      if (error !== undefined)
        throw new Error(`${id ?? 'a document'} of ${this.#database} could not be restored: ${error} ${reason ?? ''}`);
    }
    this.written += this.#batch.length;
    [this.#batch, this.#characters] = [[], 0];
  }
}
