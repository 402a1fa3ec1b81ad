import * as v from 'valibot';
import { type CouchClient, CouchRefused } from '../couch/couch-client.ts';
import type { DocumentReader } from '../policies/document-reader.ts';

const seq = v.union([v.string(), v.number(), v.null()]);
export const changesPage = v.looseObject({
  results: v.array(v.looseObject({ id: v.string(), seq })),
  last_seq: seq,
  pending: v.optional(v.nullable(v.number())),
});

export type Seq = v.InferOutput<typeof seq>;
export type ChangesRow = v.InferOutput<typeof changesPage>['results'][number];

export interface ChangesQuery {
  readonly since: string;
  /** How many rows the caller wants at most. */
  readonly limit: number;
  /** Parameters that CouchDB gets as they are: `style`, `include_docs`, … */
  readonly passed: Readonly<Record<string, string>>;
  /** Only these documents. */
  readonly docIds: readonly string[] | null;
}

export interface ChangesPage {
  readonly rows: readonly ChangesRow[];
  /** The seq of the last row that was looked at, passed on or not: where the next page begins. */
  readonly lastSeq: Seq;
  /** At most so many rows follow; 0 when the feed was read to its end. */
  readonly pending: number;
  /** Rows that were looked at and are not the caller's. */
  readonly filtered: number;
}

const MIN_BATCH = 50;
const MAX_BATCH = 2_000;
/** Rows with whole documents in them are heavy. */
const MAX_DOCS_BATCH = 100;

/**
 * One page of the caller's own feed.
 *
 * A device takes a page that is not full for the end of the feed. So rows that are not the caller's must not make a
 * page short: the database is read on until the page is full or the feed has ended. And a page whose every row was
 * filtered out still moves on, by its `lastSeq`.
 */
export async function readChangesPage(
  couch: CouchClient,
  database: string,
  query: ChangesQuery,
  mayRead: DocumentReader,
  signal?: AbortSignal,
): Promise<ChangesPage> {
  const path = `/${encodeURIComponent(database)}/_changes`;
  const docIds = query.docIds?.filter(mayRead) ?? null;
  const maxBatch = query.passed['include_docs'] === 'true' ? MAX_DOCS_BATCH : MAX_BATCH;
  const rows: ChangesRow[] = [];
  let since = query.since;
  let filtered = 0;
  let batch = Math.min(maxBatch, Math.max(MIN_BATCH, query.limit));

  for (;;) {
    const parameters = { ...query.passed, since, limit: String(batch), ...(docIds === null ? {} : { filter: '_doc_ids' }) };
    const method = docIds === null ? 'GET' : 'POST';
    const page = await couch.ask(changesPage, method, path, {
      query: parameters,
      ...(docIds === null ? {} : { json: { doc_ids: docIds } }),
      ...(signal === undefined ? {} : { signal }),
    });
    for (const [index, row] of page.results.entries()) {
      if (!mayRead(row.id)) {
        filtered += 1;
        continue;
      }
      rows.push(row);
      if (rows.length === query.limit) {
        return { rows, filtered, lastSeq: row.seq, pending: page.results.length - index - 1 + (page.pending ?? 0) };
      }
    }
    if (page.results.length < batch || page.pending === 0) return { rows, filtered, lastSeq: page.last_seq, pending: 0 };
    if (page.last_seq === null) throw new CouchRefused(`${method} ${path}`, 200, 'a page without last_seq');
    since = String(page.last_seq);
    // The fewer rows are the caller's, the larger the next bite.
    batch = Math.min(maxBatch, batch * 2);
  }
}

/** How many rows of anybody's follow a place of the database's own feed. */
export async function countSince(couch: CouchClient, database: string, since: string): Promise<number> {
  const path = `/${encodeURIComponent(database)}/_changes`;
  const { results, pending } = await couch.ask(changesPage, 'GET', path, { query: { since, limit: '1' } });
  return results.length + (pending ?? 0);
}
