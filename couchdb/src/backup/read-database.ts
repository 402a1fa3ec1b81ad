import * as v from 'valibot';
import type { CouchAdmin } from '../provisioning/couch-admin.ts';

const PAGE = 200;
const changesReply = v.object({
  results: v.array(v.object({ id: v.string(), changes: v.array(v.object({ rev: v.string() })) })),
  last_seq: v.union([v.string(), v.number()]),
  pending: v.optional(v.number()),
});
const bulkGetReply = v.object({
  results: v.array(v.object({ docs: v.array(v.object({ ok: v.optional(v.looseObject({ _id: v.string(), _rev: v.string() })) })) })),
});
const information = v.looseObject({ update_seq: v.union([v.string(), v.number()]), purge_seq: v.union([v.string(), v.number()]) });

/** A leaf with its history and the content of its files, as replication brings it. */
export type Leaf = v.InferOutput<typeof bulkGetReply>['results'][number]['docs'][number]['ok'] & object;

export interface DatabaseState {
  readonly updateSeq: string;
  readonly purgeSeq: string;
}

export async function databaseState(couch: CouchAdmin, database: string): Promise<DatabaseState> {
  const { update_seq, purge_seq } = v.parse(information, (await couch.request('GET', `/${encodeURIComponent(database)}`)).body);
  return { updateSeq: String(update_seq), purgeSeq: String(purge_seq) };
}

/** The databases that make a server of Darasa, and no others of the same CouchDB. */
export async function ownDatabases(couch: CouchAdmin): Promise<string[]> {
  const all = v.parse(v.array(v.string()), (await couch.request('GET', '/_all_dbs')).body);
  return all.filter((name) => name === '_users' || name === 'darasa' || name.startsWith('school-'));
}

/**
 * Gives every leaf that changed after `since` to `take`, while others write. Answers the place in the feed up to which it is all there: what is
 * written meanwhile comes with the next reading.
 */
export async function readChanged(
  couch: CouchAdmin,
  database: string,
  since: string,
  take: (leaf: Leaf) => Promise<void>,
): Promise<string> {
  const path = `/${encodeURIComponent(database)}`;
  for (let place = since; ; ) {
    const query = { since: place, limit: String(PAGE), style: 'all_docs' };
    const page = v.parse(changesReply, (await couch.request('GET', `${path}/_changes`, { query })).body);
    place = String(page.last_seq);
    const docs = page.results.flatMap(({ id, changes }) => changes.map(({ rev }) => ({ id, rev })));
    if (docs.length > 0) {
      const wanted = { body: { docs }, query: { revs: 'true', attachments: 'true' } };
      const { results } = v.parse(bulkGetReply, (await couch.request('POST', `${path}/_bulk_get`, wanted)).body);
      // A leaf that was replaced between the two questions is in the feed again, further on.
      for (const { docs: found } of results) for (const { ok } of found) if (ok !== undefined) await take(ok);
    }
    if (page.results.length < PAGE) return place;
  }
}
