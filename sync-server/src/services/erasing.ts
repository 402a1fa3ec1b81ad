import { type DocumentOf, documentTypes, erasureIdFor, parseDocId, partitionOf } from '@darasa/shared/documents';
import type { Logger } from 'pino';
import * as v from 'valibot';
import type { CouchClient } from '../couch/couch-client.ts';
import { readDocuments } from '../couch/school-documents.ts';
import type { SchoolFeeds } from '../feed/school-feed.ts';
import type { Audit } from './audit.ts';
import type { FeedPlace, FeedService } from './feed-services.ts';

const PREFIX = 'staff:erasure:';
/** CouchDB purges so many documents in one request, and reads so many named ones one by one. */
const AT_ONCE = 100;
const INDEX_MS = 60_000;
const leavesSchema = v.looseObject({
  results: v.array(v.looseObject({ id: v.string(), changes: v.array(v.looseObject({ rev: v.string() })) })),
});

/** The index did not come in time. Whoever follows the feed tells the service again. */
export class StillBeingRead extends Error {
  override readonly name = 'StillBeingRead';
  constructor() {
    super('The school is still being read');
  }
}

export interface ErasingParts {
  readonly couch: CouchClient;
  readonly feeds: Pick<SchoolFeeds, 'of'>;
  readonly audit: Pick<Audit, 'write'>;
  readonly log: Logger;
}

/**
 * Takes out of a school's database what an admin has had erased for good (`staff:erasure:…`), and whatever of it comes back past the
 * gateway: from a class laptop that replicates, or from a backup. Purged, not deleted: no body, no id and no history is left once the
 * database has been compacted, which is asked for at the end. The index is told, and is built again.
 */
export function erasingService({ couch, feeds, audit, log }: ErasingParts): FeedService {
  async function targetsOf(school: string, { target }: DocumentOf<'erasure'>): Promise<readonly string[]> {
    if (parseDocId(target) !== null) return [target];
    const { index } = await feeds.of(school);
    const built = await index.ready(INDEX_MS);
    if (built === null) throw new StillBeingRead();
    return [...built.index.changedSince(target, 0)].map((number) => built.index.idOf(number));
  }

  async function purge({ school, database }: FeedPlace, ids: readonly string[]): Promise<void> {
    const { index } = await feeds.of(school);
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const json = { doc_ids: ids.slice(from, from + AT_ONCE) };
      const query = { filter: '_doc_ids', style: 'all_docs' };
      const { results } = await couch.ask(leavesSchema, 'POST', `/${database}/_changes`, { query, json });
      if (results.length === 0) continue;
      const leaves = Object.fromEntries(results.map(({ id, changes }) => [id, changes.map(({ rev }) => rev)]));
      await couch.ask(v.unknown(), 'POST', `/${database}/_purge`, { json: leaves });
      // One is enough to have it built again.
      const [[id, [rev]] = ['', []]] = Object.entries(leaves);
      if (rev !== undefined) index.distrust(id, rev);
    }
    log.info({ database, documents: ids.length }, 'Documents were erased for good');
  }

  return {
    name: 'erasing',
    wants: (id) => partitionOf(id) !== '' && (id.startsWith(PREFIX) || erasureIdFor(id) !== null),
    async handle(place, ids) {
      const { school, database } = place;
      const erasureOf = new Map(ids.map((id) => [id, id.startsWith(PREFIX) ? id : erasureIdFor(id)]));
      const erasures = await readDocuments(couch, database, [...new Set([...erasureOf.values()].flatMap((id) => id ?? []))]);
      if (erasures.size === 0) return;
      const erased = new Set(ids.filter((id) => !id.startsWith(PREFIX) && erasures.has(erasureOf.get(id) ?? '')));
      for (const each of ids.filter((id) => id.startsWith(PREFIX))) {
        const erasure = v.safeParse(documentTypes.erasure.schema, erasures.get(each));
        if (!erasure.success) continue;
        // Before it is done, and whichever way the word came: an admin may also have sent it as a document, under another's name.
        const { target, actorId: said } = erasure.output;
        await audit.write({ school, actorId: 'service-erasing', action: 'erasure.carry-out', target, detail: { erasure: each, said } });
        for (const gone of await targetsOf(school, erasure.output)) erased.add(gone);
      }
      if (erased.size === 0) return;
      await purge(place, [...erased]);
      await couch.ask(v.unknown(), 'POST', `/${database}/_compact`, { json: {} });
    },
  };
}
