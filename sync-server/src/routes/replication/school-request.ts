import type { OpenCourses } from '@darasa/shared/rules';
import type { CouchClient } from '../../couch/couch-client.ts';
import type { SchoolFeed } from '../../feed/school-feed.ts';
import type { ServerContext } from '../../middleware/server-context.ts';
import type { DocumentReader } from '../../policies/document-reader.ts';
import type { Principal } from '../../policies/principal.ts';
import type { Metrics } from '../../services/metrics.ts';
import type { Presence } from '../../services/presence.ts';
import type { Receipts } from '../../services/receipts.ts';

/** A request to `/db/school-<slug>/…` whose school exists and whose person, if any, belongs to it. */
export interface SchoolRequest {
  readonly c: ServerContext;
  /** CouchDB, asked as the person; for nobody as a service that may read the school. */
  readonly couch: CouchClient;
  /** Whether that is with the person's own token. */
  readonly asPerson: boolean;
  readonly metrics: Metrics;
  readonly presence: Presence;
  readonly receipts: Receipts;
  readonly feed: SchoolFeed;
  /** The id of the class laptop that this server is; null for the school itself. */
  readonly hub: string | null;
  readonly school: string;
  readonly database: string;
  readonly principal: Principal | null;
  readonly url: URL;
  /** `HEAD` is told apart from `GET`. */
  readonly method: string;
  readonly openCourses: OpenCourses;
  readonly mayRead: DocumentReader;
}
