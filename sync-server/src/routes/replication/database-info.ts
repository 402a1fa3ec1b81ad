import { readablePartitions } from '@darasa/shared/rules';
import * as v from 'valibot';
import { PersonFeed } from '../../feed/person-feed.ts';
import { allowedQuery } from '../../policies/query.ts';
import type { SchoolRequest } from './school-request.ts';

const info = v.looseObject({ update_seq: v.union([v.string(), v.number()]), purge_seq: v.optional(v.unknown()) });

/** `GET /db/school-<slug>`: what replication asks of a database. How much the school holds is nobody's business. */
export async function databaseInfo({ c, couch, database, feed, openCourses, principal, url }: SchoolRequest): Promise<Response> {
  allowedQuery(url, []);
  const { update_seq: sequence, purge_seq = 0 } = await couch.ask(info, 'GET', `/${database}`);
  // A place in the person's own feed.
  const update_seq = PersonFeed.end(feed, readablePartitions(principal?.person ?? null, openCourses), String(sequence));
  return c.json({ db_name: database, update_seq, purge_seq, instance_start_time: '0', compact_running: false, disk_format_version: 8 });
}
