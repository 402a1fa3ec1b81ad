import type { CouchClient } from '../couch/couch-client.ts';
import { CouchRefused } from '../couch/couch-client.ts';
import { type ChangesRow, changesPage } from './changes-page.ts';
import type { FeedIndex } from './index/feed-index.ts';

/** CouchDB reads so many named documents one by one; for more it would go through its whole feed. */
const NAMED_AT_ONCE = 100;

export interface IndexPageQuery {
  /** The readable partitions. */
  readonly partitions: readonly string[];
  /** Only these documents, all of which may be read; null for all. */
  readonly docIds: readonly string[] | null;
  /** The ordinal after which, or descending before which, the page begins. */
  readonly from: number;
  readonly limit: number;
  readonly descending: boolean;
  readonly passed: Readonly<Record<string, string>>;
}

/** A row of a feed, whose place is still to be written. */
export interface IndexRow {
  readonly ordinal: number;
  readonly row: ChangesRow;
}

export interface IndexPage {
  readonly rows: readonly IndexRow[];
  /** Whether the page was filled before the feed ended. */
  readonly full: boolean;
}

/**
 * A page of somebody's feed as the index has it. The database is asked only for what the index does not hold: contents, and
 * which of several leaves is the winner's where no other is wanted.
 */
export async function readIndexPage(
  index: FeedIndex,
  query: IndexPageQuery,
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, ChangesRow>>,
): Promise<IndexPage> {
  const { limit, passed } = query;
  const whole = passed['include_docs'] === 'true';
  const rows: IndexRow[] = [];
  for (let { from } = query; ; ) {
    const numbers = [...take(numbersOf(index, { ...query, from }), limit - rows.length)];
    const found = numbers.map((number) => ({
      id: index.idOf(number),
      ordinal: index.ordinalOf(number),
      leaves: index.leavesOf(number),
      deleted: index.isDeleted(number),
    }));
    const last = found.at(-1);
    if (last === undefined) return { rows, full: false };
    from = last.ordinal;
    const oneLeaf = passed['style'] !== 'all_docs';
    const asked = found.filter(({ leaves }) => whole || (oneLeaf && leaves.length > 1)).map(({ id }) => id);
    const answers = asked.length === 0 ? null : await read(asked);
    for (const { id, ordinal, leaves, deleted } of found) {
      const answer = answers?.get(id);
      if (answer !== undefined) rows.push({ ordinal, row: answer });
      else if (!asked.includes(id)) {
        const changes = leaves.map((rev) => ({ rev }));
        rows.push({ ordinal, row: { seq: null, id, changes, ...(deleted ? { deleted } : {}) } });
      }
      // Else it was purged this moment.
    }
    if (rows.length >= limit) return { rows, full: true };
  }
}

/** Reads rows of named documents as the database has them. */
export function rowReader(couch: CouchClient, database: string, passed: Readonly<Record<string, string>>) {
  return async (ids: readonly string[]): Promise<ReadonlyMap<string, ChangesRow>> => {
    const rows = new Map<string, ChangesRow>();
    for (let from = 0; from < ids.length; from += NAMED_AT_ONCE) {
      const json = { doc_ids: ids.slice(from, from + NAMED_AT_ONCE) };
      const query = { ...passed, filter: '_doc_ids' };
      const { results } = await couch.ask(changesPage, 'POST', `/${encodeURIComponent(database)}/_changes`, { query, json });
      for (const row of results) {
        // The database answers about what it was asked; were it ever otherwise, nothing must come through.
        if (!json.doc_ids.includes(row.id)) throw new CouchRefused('POST _changes', 200, 'an answer about another document');
        rows.set(row.id, row);
      }
    }
    return rows;
  };
}

function numbersOf(index: FeedIndex, { partitions, docIds, from, descending }: IndexPageQuery): Iterable<number> {
  if (docIds === null) return descending ? index.inReverse(partitions, from) : index.inOrder(partitions, from);
  const named = [...new Set(docIds)].flatMap((id) => index.find(id) ?? []);
  const ordinal = (number: number): number => index.ordinalOf(number);
  if (descending) return named.filter((each) => ordinal(each) < from).sort((one, other) => ordinal(other) - ordinal(one));
  return named.filter((each) => ordinal(each) > from).sort((one, other) => ordinal(one) - ordinal(other));
}

function* take<Item>(items: Iterable<Item>, most: number): Generator<Item> {
  let left = most;
  for (const item of items) {
    if (left === 0) return;
    left -= 1;
    yield item;
  }
}
