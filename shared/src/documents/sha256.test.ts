import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from './sha256.ts';

const reference = (bytes: readonly number[]): string => createHash('sha256').update(Uint8Array.from(bytes)).digest('hex');

describe('SHA-256', () => {
  it('is that of FIPS 180-4 for any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 300 }), (bytes) => {
        expect(sha256Hex(bytes)).toBe(reference(bytes));
      }),
    );
  });

  it('is right on each side of every padding boundary', () => {
    for (let length = 0; length <= 130; length += 1) {
      const bytes = Array.from({ length }, (_, i) => (i * 37) % 256);
      expect(sha256Hex(bytes)).toBe(reference(bytes));
    }
  });
});
