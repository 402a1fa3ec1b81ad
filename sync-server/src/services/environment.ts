import { opaqueId } from '@darasa/shared/documents';

/** What the services take from the world, so that tests can give them another. */
export interface Environment {
  /** Milliseconds since 1970. */
  now(): number;
  /** Fills the array with random bytes. */
  random(bytes: Uint8Array): Uint8Array;
}

export const realEnvironment: Environment = {
  now: () => Date.now(),
  // The array is fresh and its own: getRandomValues only refuses shared memory.
  random: (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
};

/** A secret of 256 random bits, as base64url. */
export function randomSecret({ random }: Environment): string {
  return Buffer.from(random(new Uint8Array(32))).toString('base64url');
}

/** An id of 120 random bits, in lower case. */
export function randomId({ random }: Environment): string {
  return opaqueId(random) + opaqueId(random);
}
