import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { JsonObject } from '../json.ts';

const derive = promisify(pbkdf2);

/** The fields of a `_users` document that verify a password, as CouchDB 3.5 writes them. */
export interface Verifier {
  readonly password_scheme: 'pbkdf2';
  readonly pbkdf2_prf: 'sha' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
  readonly salt: string;
  readonly iterations: number;
  readonly derived_key: string;
}

const digests = { sha: 'sha1', sha224: 'sha224', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' } as const;
const keyLengths = { sha: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 } as const;

type HashName = keyof typeof digests;

function isHashName(value: unknown): value is HashName {
  return typeof value === 'string' && Object.hasOwn(digests, value);
}

export async function makeVerifier(password: string, iterations: number): Promise<Verifier> {
  const salt = randomBytes(16).toString('hex');
  const key = await derive(password, salt, iterations, keyLengths.sha256, digests.sha256);
  return { password_scheme: 'pbkdf2', pbkdf2_prf: 'sha256', salt, iterations, derived_key: key.toString('hex') };
}

/** CouchDB's line for an admin in its configuration. */
export async function hashAdminPassword(password: string, iterations: number): Promise<string> {
  const { derived_key, salt } = await makeVerifier(password, iterations);
  return `-pbkdf2:sha256-${derived_key},${salt},${iterations}`;
}

export function parseAdminHash(line: string): JsonObject | undefined {
  const parts = /^-pbkdf2(?::(\w+))?-([0-9a-f]+),([0-9a-f]+),(\d+)$/.exec(line);
  if (!parts) return undefined;
  const [, prf, derivedKey, salt, iterations] = parts;
  return { password_scheme: 'pbkdf2', pbkdf2_prf: prf ?? 'sha', derived_key: derivedKey, salt, iterations: Number(iterations) };
}

/**
 * Answers whether a password matches a `_users` document, an admin's line, or CouchDB 1's `simple` scheme. The derivation takes a good part
 * of a second by design, and basic authentication repeats it on every request, so a verified password is remembered as a keyed
 * hash for as long as the process lives and the verifier is the same (CouchDB does likewise).
 */
export class PasswordCheck {
  readonly #secret = randomBytes(32);
  readonly #verified = new Map<string, string>();

  async matches(password: string, verifier: JsonObject): Promise<boolean> {
    const { password_scheme: scheme, salt, derived_key: derivedKey, iterations } = verifier;
    if (scheme === 'simple' || (scheme === undefined && typeof verifier['password_sha'] === 'string')) {
      const hash = createHash('sha1')
        .update(`${password}${String(salt ?? '')}`)
        .digest('hex');
      return equal(hash, String(verifier['password_sha']));
    }
    const prf = verifier['pbkdf2_prf'] ?? 'sha';
    if (scheme !== 'pbkdf2' || !isHashName(prf)) return false;
    if (typeof salt !== 'string' || typeof derivedKey !== 'string' || typeof iterations !== 'number') return false;
    if (!Number.isInteger(iterations) || iterations < 1 || iterations > 10_000_000) return false;
    const known = `${prf}:${salt}:${iterations}:${derivedKey}`;
    const keyed = createHmac('sha256', this.#secret).update(known).update('\0').update(password).digest('hex');
    if (this.#verified.get(known) === keyed) return true;
    const key = await derive(password, salt, iterations, keyLengths[prf], digests[prf]);
    if (!equal(key.toString('hex'), derivedKey)) return false;
    if (this.#verified.size > 10_000) this.#verified.clear();
    this.#verified.set(known, keyed);
    return true;
  }
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
