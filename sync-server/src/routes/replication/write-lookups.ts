import * as v from 'valibot';
import type { CouchClient } from '../../couch/couch-client.ts';
import { readDocuments } from '../../couch/school-documents.ts';
import type { WriteLookups } from '../../policies/writes.ts';

const revsDiff = v.record(v.string(), v.looseObject({ missing: v.optional(v.array(v.string()), []) }));

/** Answers what the policy of writes asks, from the database. */
export function writeLookups(couch: CouchClient, database: string): WriteLookups {
  return {
    current: (ids) => readDocuments(couch, database, ids),
    async missing(revisions) {
      const answer = await couch.ask(revsDiff, 'POST', `/${database}/_revs_diff`, { json: revisions });
      return new Map(Object.entries(answer).map(([id, { missing }]) => [id, new Set(missing)]));
    },
  };
}
