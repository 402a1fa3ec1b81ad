import { describe, expect, it } from 'vitest';
import { CacheBudget, DocumentCache } from './document-cache.ts';

describe('the caches of a process', () => {
  it('hold no more than their budget together; the school that was used longest ago gives first, what it used longest ago (N1)', () => {
    const budget = new CacheBudget(300);
    const [quiet, busy] = [new DocumentCache<string>(budget), new DocumentCache<string>(budget)];
    quiet.put('a', '1-a', 'quiet a', 100);
    quiet.put('b', '1-b', 'quiet b', 100);
    busy.put('c', '1-c', 'busy c', 100);
    expect(quiet.get('a', '1-a')).toBe('quiet a');
    busy.put('d', '1-d', 'busy d', 100);
    expect(budget.bytes).toBe(300);
    expect([quiet.get('b', '1-b'), busy.get('c', '1-c'), busy.get('d', '1-d')]).toEqual([null, 'busy c', 'busy d']);
    busy.put('e', '1-e', 'busy e', 100);
    expect([quiet.get('a', '1-a'), busy.get('c', '1-c')]).toEqual([null, 'busy c']);
    busy.put('f', '1-f', 'busy f', 100);
    expect(budget.bytes).toBe(300);
    expect([busy.get('d', '1-d'), busy.get('f', '1-f')]).toEqual([null, 'busy f']);
  });

  it('of an index that is no more hold nothing, whoever still reads for it', () => {
    const budget = new CacheBudget(300);
    const cache = new DocumentCache<string>(budget);
    cache.put('a', '1-a', 'a', 100);
    cache.close();
    cache.put('b', '1-b', 'b', 100);
    expect([cache.get('a', '1-a'), cache.get('b', '1-b'), budget.bytes]).toEqual([null, null, 0]);
  });
});
