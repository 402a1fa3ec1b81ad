import { partitionOf } from '@darasa/shared/documents';
import { afterChange, EMPTY_DIGEST } from '@darasa/shared/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeedIndex } from './feed-index.ts';

const rev = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 1_000 }), fc.stringMatching(/^[0-9a-f]{32}$/)).map(([generation, hash]) => `${generation}-${hash}`),
  fc.constantFrom('1-a', '2-odd', '1-00000000000000000000000000000000'),
);
const id = fc
  .tuple(
    fc.constantFrom('public', 'class-a', 'learner-ada', 'learner-ben'),
    fc.constantFrom('job', 'progress'),
    fc.integer({ min: 0, max: 20 }),
  )
  .map((parts) => parts.join(':'));
const changes = fc.array(fc.tuple(id, fc.uniqueArray(rev, { minLength: 1, maxLength: 3 })), { maxLength: 200 });

/** Each of the changed documents once, where it changed last. */
const lastChanges = (order: readonly string[]): string[] => [...new Set(order.toReversed())].toReversed();

describe('the feed index', () => {
  it('knows of each document and partition what a plain list of all changes would tell (N1)', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 0, max: 200 }), (history, since) => {
        const index = new FeedIndex();
        const leaves = new Map<string, readonly string[]>();
        const order: string[] = [];
        for (const [each, revs] of history) {
          const before = leaves.get(each);
          const news = before === undefined || [...before].sort().join() !== [...revs].sort().join();
          expect(index.set(each, revs)).toBe(news);
          if (news) order.push(each);
          if (news) leaves.set(each, revs);
        }
        expect(index.ordinal).toBe(order.length);
        const two = ['learner-ada', 'class-a'];
        const merged = lastChanges(order.slice(since)).filter((each) => two.includes(partitionOf(each)));
        expect([...index.inOrder(two, since)].map((number) => index.idOf(number))).toEqual(merged);
        const earlier = lastChanges(order).filter((each) => two.includes(partitionOf(each)) && order.lastIndexOf(each) + 1 < since);
        expect([...index.inReverse(two, since)].map((number) => index.idOf(number))).toEqual(earlier.toReversed());
        expect([...index.inReverse(two, Number.POSITIVE_INFINITY)]).toEqual([...index.inOrder(two, 0)].toReversed());
        expect(index.hasChanged(two, since)).toBe(merged.length > 0);
        expect(index.countSince(two, since)).toBeGreaterThanOrEqual(merged.length);
        expect(index.size).toBe(leaves.size);
        for (const partition of ['public', 'class-a', 'learner-ada', 'learner-ben']) {
          let digest = EMPTY_DIGEST;
          for (const [each, revs] of leaves) if (partitionOf(each) === partition) digest = afterChange(digest, each, null, revs);
          expect(index.digest(partition)).toEqual(digest);
          const changed = lastChanges(order.slice(since)).filter((each) => partitionOf(each) === partition);
          const told = [...index.changedSince(partition, since)];
          expect(told.map((number) => index.idOf(number))).toEqual(changed);
          for (const number of told) {
            expect([...index.leavesOf(number)].sort()).toEqual([...(leaves.get(index.idOf(number)) ?? [])].sort());
            expect(order.lastIndexOf(index.idOf(number)) + 1).toBe(index.ordinalOf(number));
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('grows without losing anything', () => {
    const index = new FeedIndex();
    for (let i = 0; i < 20_000; i += 1)
      index.set(`learner-${i % 100}:attempt:${i}`, [`${1 + (i % 7)}-${i.toString(16).padStart(32, '0')}`]);
    for (let i = 0; i < 20_000; i += 997)
      expect(index.leaves(`learner-${i % 100}:attempt:${i}`)).toEqual([`${1 + (i % 7)}-${i.toString(16).padStart(32, '0')}`]);
    expect(index.leaves('learner-1:attempt:none')).toBeNull();
    expect(index.byteLength / index.size).toBeLessThan(200);
  });
});
