import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { CouchAdmin } from '../provisioning/couch-admin.ts';
import { type Chain, needlessChains } from './chains.ts';
import type { BackupCode } from './code.ts';
import { ContentDigest } from './content-digest.ts';
import { DRAFT_SUFFIX, fileName, listBackups, prepareFolder, removeChain, settleFolder, verifyBackup } from './folder.ts';
import type { BackupEnd } from './lines.ts';
import { databaseState, ownDatabases, readChanged } from './read-database.ts';
import { BadBackup, SealedWriter } from './sealed-file.ts';

/** A file beside the databases that belongs to the place, such as a hub's key. */
export interface PlaceFile {
  /** Relative to the folder of data, with slashes. */
  readonly path: string;
  readonly content: Uint8Array;
}

export interface BackupRequest {
  readonly couch: CouchAdmin;
  readonly folder: string;
  readonly code: BackupCode;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly files: readonly PlaceFile[];
}

export type BackupOutcome =
  | { readonly outcome: 'written'; readonly file: string; readonly whole: boolean; readonly documents: number; readonly bytes: number }
  /** Nothing has changed since the last one. */
  | { readonly outcome: 'unchanged'; readonly file: string }
  /** No room is left, and only the newest backups are there to be removed, which they are not. */
  | { readonly outcome: 'full' }
  /** The folder cannot be written, or what was written could not be read back. */
  | { readonly outcome: 'failed'; readonly why: string };

const DAY_MS = 86_400_000;
const MOST_FILES = 100;
const securityObject = v.record(v.string(), v.unknown());

/**
 * Writes a backup of a whole server into a folder, while it serves: what has changed since the newest one there, or everything once a day, after an
 * erasure (what was erased must leave the backups with time), and when the newest cannot be read. What was written is read back from the
 * disk and compared before it counts. Old ones are removed by a rule (`chains.ts`), never the newest two.
 */
export async function makeBackup(request: BackupRequest): Promise<BackupOutcome> {
  try {
    await prepareFolder(request.folder);
    const chains = await listBackups(request.folder);
    const written = await withRoom(request, chains, await endToFollow(request, chains));
    if (written.outcome !== 'written') return written;
    for (const chain of needlessChains(await listBackups(request.folder), request.now)) await removeChain(request.folder, chain);
    return written;
  } catch (error) {
    return { outcome: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}

/** What the next backup goes on from; null when it is to hold everything. */
interface Before {
  readonly id: string;
  readonly name: string;
  readonly end: BackupEnd;
}

async function endToFollow({ folder, code, now }: BackupRequest, chains: readonly Chain[]): Promise<Before | null> {
  const newest = chains.at(-1);
  const last = newest?.files.at(-1);
  if (newest === undefined || last === undefined || now - newest.files[0].at > DAY_MS || newest.files.length >= MOST_FILES) return null;
  try {
    return { id: last.id, name: last.name, end: await verifyBackup(join(folder, last.name), code) };
  } catch (error) {
    if (error instanceof BadBackup) return null;
    throw error;
  }
}

/** Removes the oldest backups, one after the other, where there is no room for a new one. */
async function withRoom(request: BackupRequest, chains: readonly Chain[], before: Before | null): Promise<BackupOutcome> {
  const removable = chains.slice(0, -1);
  for (;;) {
    try {
      return await write(request, before);
    } catch (error) {
      const full = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
      if (!full) throw error;
      const oldest = removable.shift();
      if (oldest === undefined) return { outcome: 'full' };
      await removeChain(request.folder, oldest);
    }
  }
}

async function write({ couch, folder, code, now, files }: BackupRequest, before: Before | null): Promise<BackupOutcome> {
  const names = await ownDatabases(couch);
  const states = new Map<string, Awaited<ReturnType<typeof databaseState>>>();
  for (const name of names) states.set(name, await databaseState(couch, name));
  const known = new Map(before?.end.databases.map((each) => [each.name, each]));
  const purged = [...known].some(([name, { purgeSeq }]) => states.get(name)?.purgeSeq !== purgeSeq);
  const from = purged ? null : before;
  if (from !== null && names.length === known.size && names.every((name) => states.get(name)?.updateSeq === known.get(name)?.until))
    return { outcome: 'unchanged', file: from.name };

  const name = fileName(now, from?.id ?? null);
  const draft = join(folder, `${name.slice(0, name.indexOf('.'))}${DRAFT_SUFFIX}`);
  const about = { id: randomUUID(), follows: from?.id ?? null, at: new Date(now).toISOString() };
  const writer = await SealedWriter.create(draft, about, code);
  try {
    for (const { path, content } of files) await writer.line({ line: 'file', path, content: Buffer.from(content).toString('base64') });
    const digest = new ContentDigest();
    const databases: BackupEnd['databases'] = [];
    for (const [database, { purgeSeq }] of states) {
      const security = v.parse(securityObject, (await couch.request('GET', `/${encodeURIComponent(database)}/_security`)).body);
      await writer.line({ line: 'database', name: database, security });
      const since = from === null ? '0' : (known.get(database)?.until ?? '0');
      const until = await readChanged(couch, database, since, async (document) => {
        digest.document(database, document);
        await writer.line({ line: 'document', document });
      });
      databases.push({ name: database, until, purgeSeq });
    }
    if (from !== null && digest.documents === 0) {
      await writer.abandon();
      await rm(draft, { force: true });
      return { outcome: 'unchanged', file: from.name };
    }
    await writer.line({ line: 'end', documents: digest.documents, digest: digest.value, databases } satisfies BackupEnd);
    await writer.finish();
    const { documents } = await verifyBackup(draft, code);
    await rename(draft, join(folder, name));
    await settleFolder(folder);
    return { outcome: 'written', file: name, whole: from === null, documents, bytes: writer.bytes };
  } catch (error) {
    await writer.abandon();
    await rm(draft, { force: true });
    throw error;
  }
}
