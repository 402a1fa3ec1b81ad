import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { docId, partitionId, ulid } from '@darasa/shared/documents';
import type { Logger } from 'pino';
import { type CouchClient, CouchRefused } from '../couch/couch-client.ts';
import { writeDocuments } from '../couch/school-documents.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Environment } from './environment.ts';

export interface AuditEntry {
  readonly school: string;
  /** The account that did it. */
  readonly actorId: string;
  /** A stable name, for example `account.create` or `database.PUT`. */
  readonly action: string;
  readonly target: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A reading of the raw database. */
export interface AuditedRead {
  readonly school: string;
  readonly actorId: string;
  readonly database: string;
  /** Whether it went over the database rather than to one document. */
  readonly whole: boolean;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
}

const MAX_LINE = 200;
const MAX_PATH = 1_000;

/** Writes down what admins do: to the log, and as a document of the school's `staff` partition that nobody edits. */
export class Audit {
  readonly #couch: CouchClient;
  readonly #tokens: AccessTokens;
  readonly #environment: Environment;
  readonly #log: Logger;

  constructor(couch: CouchClient, tokens: AccessTokens, environment: Environment, log: Logger) {
    this.#couch = couch;
    this.#tokens = tokens;
    this.#environment = environment;
    this.#log = log.child({ audit: true });
  }

  /** To the log alone: a dashboard reads all the time, and documents about it would bury those about changes. */
  noteRead({ path, ...read }: AuditedRead): void {
    this.#log.info({ ...read, action: 'database.read', target: path.slice(0, MAX_PATH) }, 'audit');
  }

  /** Throws when the database does not take the entry: what cannot be written down must not pass unseen. */
  async write({ school, actorId, action, target, detail }: AuditEntry): Promise<void> {
    this.#log.info({ school, actorId, action, target, detail }, 'audit');
    const now = this.#environment.now();
    const entry = {
      _id: docId(
        partitionId('staff'),
        'audit',
        ulid(now, (bytes) => this.#environment.random(bytes)),
      ),
      type: 'audit',
      schemaVersion: 1,
      createdAt: new Date(now).toISOString(),
      deviceId: 'server',
      actorId,
      action: action.slice(0, MAX_LINE),
      target: target.slice(0, MAX_LINE),
      detail,
    };
    const authorization = await this.#tokens.signService('audit', school);
    const [result] = await writeDocuments(this.#couch, schoolDatabase(school), [entry], authorization);
    if (result?.error !== undefined) throw new CouchRefused('POST _bulk_docs (audit)', 403, `${result.error}: ${result.reason ?? ''}`);
  }
}
