import { schoolDatabase } from '@darasa/couchdb/provisioning';
import type { DashboardAdmin } from '../services/dashboard-session.ts';

/** What an admin who is no operator may ask beside their own school's database. Nothing of it is about another school. */
const OPEN_TO_ADMINS = ['/', '/_up', '/_uuids'];

export type GatewayVerdict = 'pass' | 'list-databases' | 'describe-databases' | 'refuse';

/** What becomes of a request at the raw database. `path` is what follows `/couch`, and begins with a slash. */
export function judgeGateway(admin: DashboardAdmin, path: string): GatewayVerdict {
  // CouchDB passes over empty segments, and would find a database where this saw none.
  if (path.split('/').slice(1, -1).includes('')) return 'refuse';
  const first = firstSegment(path);
  if (first === null || first.includes('/') || first.includes('\\') || (first === '' && path !== '/')) return 'refuse';
  if (admin.operator) return 'pass';
  if (first === '_all_dbs') return 'list-databases';
  if (first === '_dbs_info') return 'describe-databases';
  // Only the dashboard has paths below it.
  return first === schoolDatabase(admin.school) || first === '_utils' || OPEN_TO_ADMINS.includes(path) ? 'pass' : 'refuse';
}

/** Null for a path that is not encoded rightly. */
function firstSegment(path: string): string | null {
  try {
    return decodeURIComponent(path.split('/')[1] ?? '');
  } catch {
    return null;
  }
}

/** Questions that CouchDB takes as POST. They change nothing, and the dashboard asks some of them all the time. */
const QUESTIONS =
  /^\/(?:_dbs_info|[^/]+\/(?:_all_docs|_find|_explain|_bulk_get|_changes|_revs_diff|_design\/[^/]+\/_view\/[^/]+)(?:\/queries)?)$/;

/** Whether a request is written down. */
export function isAudited(method: string, path: string): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return !(method === 'POST' && QUESTIONS.test(path));
}

/** What a request at the raw database reads, where it is worth a line of the log; null for a change, the dashboard itself and the server's own affairs. */
export function readOf(method: string, path: string): { readonly database: string; readonly whole: boolean } | null {
  const [database = '', first = ''] = path.split('/').slice(1).map(decoded);
  const isRead = method === 'GET' || method === 'HEAD' || (method === 'POST' && QUESTIONS.test(path));
  // A name that begins with an underscore is CouchDB's; only `_users` and `_replicator` are databases.
  if (!isRead || first === '' || (database.startsWith('_') && database !== '_users' && database !== '_replicator')) return null;
  // One document says its id; what begins with an underscore goes over many, save for design and local documents.
  const one = !first.startsWith('_') || first === '_local' || (first === '_design' && !path.includes('/_view/'));
  return { database, whole: !one };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
