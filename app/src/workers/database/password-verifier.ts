import type { RandomBytes } from '@darasa/shared/documents';

/** Checks a password with no network; from it the password can only be guessed, slowly. */
export interface Verifier {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly hash: Uint8Array;
}

/** OWASP's figure for PBKDF2 with HMAC-SHA-256 in 2023 is 600,000; a 2014 phone needs a second for this many. */
const ITERATIONS = 210_000;

async function derive(password: string, salt: Uint8Array, iterations: number): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(password.normalize('NFKC')), 'PBKDF2', false, ['deriveBits']);
  // A copy with a buffer of its own: WebCrypto’s types want no shared memory.
  const params = { name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(salt), iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(params, key, 256));
}

export async function makeVerifier(password: string, random: RandomBytes): Promise<Verifier> {
  const salt = random(new Uint8Array(16));
  return { salt, iterations: ITERATIONS, hash: await derive(password, salt, ITERATIONS) };
}

export async function passwordMatches(password: string, verifier: Verifier): Promise<boolean> {
  const hash = await derive(password, verifier.salt, verifier.iterations);
  let difference = hash.length ^ verifier.hash.length;
  for (const [index, byte] of hash.entries()) difference |= byte ^ (verifier.hash[index] ?? 0);
  return difference === 0;
}
