const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Fills the array with random bytes: `crypto.getRandomValues` in production, a seeded source in tests. */
export type RandomBytes = (bytes: Uint8Array) => Uint8Array;

/** An opaque id of an account or a device: 12 characters of Crockford's base 32, 60 random bits. */
export function opaqueId(random: RandomBytes): string {
  return [...random(new Uint8Array(12))].map((byte) => ALPHABET[byte & 31]).join('');
}

/** A ULID in lower case: 48 bits of time in milliseconds, 80 random bits; sorts by time. Source: github.com/ulid/spec. */
export function ulid(now: number, random: RandomBytes): string {
  let time = '';
  for (let rest = now, i = 0; i < 10; i += 1, rest = Math.floor(rest / 32)) time = ALPHABET[rest % 32] + time;
  return time + [...random(new Uint8Array(16))].map((byte) => ALPHABET[byte & 31]).join('');
}
