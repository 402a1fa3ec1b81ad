import { array, asyncProperty, boolean, assert as check, integer, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CouchClient } from '../couch/couch-client.ts';
import { readChangesPage } from './changes-page.ts';

/** A database whose feed is a list of ids; a seq is a place in it. */
function feedOf(ids: readonly string[]): { couch: CouchClient; reads: number[] } {
  const reads: number[] = [];
  const ask: CouchClient['ask'] = async (_schema, _method, _path, request = {}) => {
    const since = Number(request.query?.['since']);
    const limit = Number(request.query?.['limit']);
    reads.push(limit);
    const rows = ids.slice(since, since + limit).map((id, index) => ({ id, seq: since + index + 1, changes: [{ rev: '1-a' }] }));
    const last_seq = since + rows.length;
    // The reader gets the shape that its schema describes.
    return { results: rows, last_seq, pending: ids.length - last_seq } as never;
  };
  const unused = (): never => {
    throw new Error('not asked');
  };
  return { couch: { ask, find: unused, send: unused }, reads };
}

const mine = (id: string): boolean => id.startsWith('mine');
const query = { since: '0', passed: {}, docIds: null };

describe('a page of one’s own feed', () => {
  it('is full whenever more rows of the person follow: a short page is the end', async () => {
    const feeds = record({ kinds: array(boolean(), { maxLength: 400 }), limit: integer({ min: 1, max: 60 }) });
    await check(
      asyncProperty(feeds, async ({ kinds, limit }) => {
        const ids = kinds.map((own, index) => `${own ? 'mine' : 'theirs'}:${index}`);
        const { couch } = feedOf(ids);
        const seen: string[] = [];
        for (let since = '0'; ; ) {
          const page = await readChangesPage(couch, 'school-a', { ...query, since, limit }, mine);
          seen.push(...page.rows.map(({ id }) => id));
          since = String(page.lastSeq);
          if (page.rows.length < limit) {
            expect(page.pending).toBe(0);
            expect(Number(since)).toBe(ids.length);
            break;
          }
        }
        expect(seen).toEqual(ids.filter(mine));
      }),
      { seed: 20_260_201 },
    );
  });

  it('moves on to the end of the feed when nothing in it is the person’s, in ever larger bites', async () => {
    const { couch, reads } = feedOf(Array.from({ length: 10_000 }, (_, i) => `theirs:${i}`));
    const page = await readChangesPage(couch, 'school-a', { ...query, limit: 100 }, mine);
    expect(page).toMatchObject({ rows: [], lastSeq: 10_000, pending: 0, filtered: 10_000 });
    expect(reads.length).toBeLessThan(10);
  });

  it('begins after the last row that was passed on, not after the last that was read', async () => {
    const { couch } = feedOf(['mine:1', 'theirs:2', 'mine:3', 'mine:4']);
    expect(await readChangesPage(couch, 'school-a', { ...query, limit: 2 }, mine)).toMatchObject({ lastSeq: 3, pending: 1 });
  });
});
