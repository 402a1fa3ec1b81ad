import type { UserContext } from './auth/accounts.ts';
import type { ChangeFilter } from './change-filters.ts';
import type { Database } from './database.ts';
import { inOrder } from './document-reads.ts';
import type { JsonObject } from './json.ts';
import type { ChangeRow } from './pouch.ts';
import { generationOf } from './revision-tree.ts';
import { formatSequence } from './sequence.ts';

export interface ChangesSettings {
  readonly since: number;
  readonly limit: number;
  readonly descending: boolean;
  readonly includeDocs: boolean;
  readonly conflicts: boolean;
  readonly attachments: boolean;
  readonly allLeaves: boolean;
  readonly filter: ChangeFilter | undefined;
  readonly caller: UserContext;
}

/** How many changes are read from leveldb at a time: enough to be quick, few enough to keep the process answering. */
const step = 500;

export interface ChangesBatch {
  readonly rows: readonly JsonObject[];
  /** The last change that was looked at, whether it passed the filter or not. */
  readonly lastSequence: number;
}

/** Changes after `since`, in batches, until there are none or `limit` has been reached. */
export async function* readChanges(database: Database, settings: ChangesSettings): AsyncGenerator<ChangesBatch> {
  if (settings.descending) {
    yield await readDescending(database, settings);
    return;
  }
  let { since, limit } = settings;
  while (limit > 0) {
    const wanted = settings.filter ? step : Math.min(step, limit);
    const { results, last_seq: lastSequence } = await database.use((pouch) =>
      pouch.changes(pouchOptions(settings, { since, limit: wanted })),
    );
    if (results.length === 0) return;
    const passed = settings.filter ? await settings.filter.apply(results) : results;
    const kept = passed.slice(0, limit);
    limit -= kept.length;
    const cut = kept.length < passed.length ? kept.at(-1)?.seq : undefined;
    since = cut ?? Math.max(lastSequence, results.at(-1)?.seq ?? 0);
    yield { rows: kept.map((row) => shownRow(database, row, settings)), lastSequence: since };
    if (results.length < wanted) return;
  }
}

/** From the newest to the oldest; CouchDB ignores `since` here. */
async function readDescending(database: Database, settings: ChangesSettings): Promise<ChangesBatch> {
  const limit = settings.filter ? {} : { limit: settings.limit };
  const { results } = await database.use((pouch) => pouch.changes(pouchOptions(settings, { descending: true, ...limit })));
  const passed = settings.filter ? await settings.filter.apply(results) : results;
  const kept = passed.slice(0, settings.limit);
  return { rows: kept.map((row) => shownRow(database, row, settings)), lastSequence: kept.at(-1)?.seq ?? 0 };
}

function pouchOptions(settings: ChangesSettings, range: JsonObject): JsonObject {
  return {
    ...range,
    style: settings.allLeaves ? 'all_docs' : 'main_only',
    include_docs: settings.includeDocs || settings.filter?.needsDocuments === true,
    conflicts: settings.includeDocs && settings.conflicts,
    attachments: settings.includeDocs && settings.attachments,
    return_docs: true,
  };
}

function shownRow(database: Database, row: ChangeRow, settings: ChangesSettings): JsonObject {
  return {
    seq: formatSequence(row.seq, database.properties.life),
    id: row.id,
    // The winner first, as CouchDB has it; PouchDB's order is that of the tree.
    changes: row.changes.toSorted((a, b) => generationOf(b.rev) - generationOf(a.rev) || (a.rev < b.rev ? 1 : -1)),
    ...(row.deleted ? { deleted: true } : {}),
    ...(settings.includeDocs && row.doc ? { doc: inOrder(row.doc) } : {}),
  };
}

export async function currentSequence(database: Database): Promise<number> {
  return (await database.use((pouch) => pouch.info())).update_seq;
}
