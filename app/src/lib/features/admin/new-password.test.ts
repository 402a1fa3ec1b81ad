import { expect, test } from 'vitest';
import { freshPassword } from './fresh-password.ts';
import { newPassword } from './new-password.ts';

test('a first password is two groups of four signs that are easily told apart', () => {
  for (let at = 0; at < 200; at += 1) {
    expect(freshPassword()).toMatch(/^[2-9b-df-hj-kmnp-tv-z]{4}-[2-9b-df-hj-kmnp-tv-z]{4}$/);
  }
});

test('bytes past the last sign are passed over', () => {
  let calls = 0;
  const password = newPassword((bytes) => {
    calls += 1;
    return bytes.map((_, at) => (calls === 1 ? 31 : at));
  });
  expect([password, calls]).toEqual(['2345-6789', 2]);
});
