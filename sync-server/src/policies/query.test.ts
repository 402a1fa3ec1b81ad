import { describe, expect, it } from 'vitest';
import { allowedQuery, flag, jsonValue, wholeNumber } from './query.ts';

const url = (query: string) => new URL(`http://x/db/school-a/_changes?${query}`);

describe('the query of a request', () => {
  it('keeps what is on the list and drops what PouchDB adds against caches', () => {
    expect(allowedQuery(url('since=3-x%3D&_nonce=1'), ['since', 'limit'])).toEqual({ since: '3-x=' });
  });

  it.each(['filter=rules/all', 'Since=1', 'limit=1&limit=2', '__proto__=1'])('refuses %s', (query) => {
    expect(() => allowedQuery(url(query), ['since', 'limit'])).toThrow();
  });

  it('reads numbers and flags strictly', () => {
    expect(wholeNumber('limit', '20', 10)).toBe(10);
    expect(wholeNumber('limit', undefined, 10)).toBeNull();
    for (const text of ['-1', '1e3', ' 1', '', '0x10']) expect(() => wholeNumber('limit', text, 10)).toThrow();
    expect([flag('f', 'true'), flag('f', 'false'), flag('f', undefined)]).toEqual([true, false, false]);
    expect(() => flag('f', '1')).toThrow();
    expect(() => jsonValue('key', '"open')).toThrow();
  });
});
