import { expect, test } from 'vitest';
import { copyableCode, readCopyableCode } from './copyable-code.ts';

test('a code is two groups of four signs that are easily told apart', () => {
  for (let at = 0; at < 200; at += 1) {
    expect(copyableCode((bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>))).toMatch(
      /^[2-9b-df-hj-kmnp-tv-z]{4}-[2-9b-df-hj-kmnp-tv-z]{4}$/,
    );
  }
});

test('bytes past the last sign are passed over', () => {
  let calls = 0;
  const code = copyableCode((bytes) => {
    calls += 1;
    return bytes.map((_, at) => (calls === 1 ? 31 : at));
  });
  expect([code, calls]).toEqual(['2345-6789', 2]);
});

test('a code is read however it was typed, and nothing else is a code', () => {
  for (const typed of ['k7pm-4xq9', ' K7PM4XQ9 ', 'k7 pm 4x q9']) expect(readCopyableCode(typed)).toBe('k7pm-4xq9');
  for (const typed of ['', 'k7pm-4xq', 'k7pm-4xqa', 'k7pm-4xq99']) expect(readCopyableCode(typed)).toBeNull();
});
