import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, contentDigest } from './digest.ts';

describe('canonical JSON', () => {
  it('is the same text for any order of members, and the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      }),
    );
  });
});

describe('the digest of content', () => {
  it('is SHA-256 of its UTF-8, in any script', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = new TextEncoder().encode(canonicalJson({ text }));
        expect(contentDigest({ text })).toBe(createHash('sha256').update(bytes).digest('hex').slice(0, 20));
      }),
    );
  });

  it('does not count CouchDB’s own members', () => {
    expect(contentDigest({ a: 1, _id: 'x', _rev: '1-y' })).toBe(contentDigest({ a: 1 }));
  });

  it('tells texts apart that differ in half a character alone', () => {
    expect(contentDigest({ text: '\ud800' })).not.toBe(contentDigest({ text: '\ud801' }));
  });
});
