import { expect, test } from 'vitest';
import { makeVerifier, passwordMatches } from './password-verifier.ts';

test('a verifier knows its password again and no other, however its letters were composed', async () => {
  const verifier = await makeVerifier('Café ya Amina', (bytes) => bytes.fill(7));
  expect(verifier.iterations).toBeGreaterThanOrEqual(210_000);
  expect(await passwordMatches('Cafe\u0301 ya Amina', verifier)).toBe(true);
  expect(await passwordMatches('cafe ya amina', verifier)).toBe(false);
  expect(await passwordMatches('', verifier)).toBe(false);
});
