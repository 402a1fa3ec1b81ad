import type { Document } from '@darasa/shared/documents';
import { type Person, validateWrite } from '@darasa/shared/rules';
import type { Outcome } from './api.ts';
import { hasStatus, isStorageClosed, isStorageFull, type LocalDatabase, type StoredDocument } from './local-database.ts';

export function done(): Outcome {
  return { ok: true, value: null };
}

export function failed(problem: Extract<Outcome, { ok: false }>['problem'], detail: string): Extract<Outcome, { ok: false }> {
  return { ok: false, problem, detail };
}

/** Whether an error is the storage's: full, or closed by the browser. */
export function isStorage(error: unknown): boolean {
  return isStorageFull(error) || isStorageClosed(error);
}

/** What an error of the storage means to the person. An error that is not the storage's is a bug and is thrown on. */
export function storageProblem(error: unknown): Extract<Outcome, { ok: false }> {
  const detail = error instanceof Error ? error.message : String(error);
  if (isStorageFull(error)) return failed('storage-full', detail);
  if (isStorageClosed(error)) return failed('storage-closed', detail);
  throw error;
}

async function currentRevision(database: LocalDatabase, id: string): Promise<StoredDocument | null> {
  try {
    return await database.use((pouch) => pouch.get<Record<string, unknown>>(id));
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}

/** What is written in the place of a document that goes. */
interface Tombstone {
  readonly _id: string;
  readonly _deleted: true;
}

/** More often than this nobody else can have written between a reading and a writing on one device. */
const MAX_TRIES = 20;

/**
 * Writes what `change` makes of the current revision (null: there is none); null from `change` means that nothing has to
 * be written. Every write is checked by the rules that the school's database enforces, so that what is committed here is
 * accepted there. `ok` means committed on this device.
 */
export async function writeDocument(
  database: LocalDatabase,
  person: Person,
  id: string,
  change: (current: StoredDocument | null) => Document | Tombstone | null,
): Promise<Outcome> {
  try {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const current = await currentRevision(database, id);
      const next = change(current);
      if (next === null) return done();
      const doc: Record<string, unknown> = { ...next, _id: id, ...(current === null ? {} : { _rev: current._rev }) };
      const refusal = validateWrite(doc, current, person);
      if (refusal !== null) return failed('not-allowed', 'forbidden' in refusal ? refusal.forbidden : refusal.unauthorized);
      try {
        await database.use((pouch) => pouch.put(doc));
        return done();
      } catch (error) {
        // Another tab, or a reopened connection: read again.
        if (!hasStatus(error, 409)) throw error;
      }
    }
    return failed('unexpected', `${id} changes all the time`);
  } catch (error) {
    return storageProblem(error);
  }
}

/** Writes an append-only document. It may be there already: its id names its content. */
export function appendDocument(database: LocalDatabase, person: Person, doc: Document): Promise<Outcome> {
  return writeDocument(database, person, doc._id, (current) => (current === null ? doc : null));
}
