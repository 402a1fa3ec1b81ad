import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { sameText } from './constant-time.ts';

const derive = promisify(pbkdf2);

/** CouchDB's verifier of a password, as it stands in `_users`. Source: couch_passwords.erl of CouchDB 3.5. */
const verifierSchema = v.looseObject({
  password_scheme: v.literal('pbkdf2'),
  pbkdf2_prf: v.optional(v.picklist(['sha', 'sha224', 'sha256', 'sha384', 'sha512']), 'sha'),
  /** Hexadecimal. */
  derived_key: v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{2}){16,64}$/)),
  salt: v.string(),
  iterations: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(10_000_000)),
});
type Verifier = v.InferOutput<typeof verifierSchema>;

/** CouchDB 3.5's defaults: what a sign-in costs before the first account was seen. */
const DEFAULT_COST: Verifier = {
  password_scheme: 'pbkdf2',
  pbkdf2_prf: 'sha256',
  derived_key: '00'.repeat(32),
  salt: 'nobody',
  iterations: 600_000,
};

async function matches(password: string, { pbkdf2_prf, derived_key, salt, iterations }: Verifier): Promise<boolean> {
  // CouchDB uses the salt's text as it stands, not the bytes that its digits spell.
  const digest = pbkdf2_prf === 'sha' ? 'sha1' : pbkdf2_prf;
  const given = await derive(password, salt, iterations, derived_key.length / 2, digest);
  return sameText(given.toString('hex'), derived_key);
}

/**
 * Checks passwords against `_users` documents without asking CouchDB, so that a class laptop with a copy of the
 * documents can do it too. An unknown account costs as much time as the accounts that were seen last.
 */
export class PasswordCheck {
  #cost = DEFAULT_COST;

  /** `account` is null for a sign-in name that nobody has. */
  async accepts(password: string, account: Readonly<Record<string, unknown>> | null): Promise<boolean> {
    const parsed = v.safeParse(verifierSchema, account);
    if (!parsed.success) {
      await matches(password, this.#cost);
      return false;
    }
    this.#cost = { ...parsed.output, derived_key: '00'.repeat(parsed.output.derived_key.length / 2), salt: DEFAULT_COST.salt };
    return matches(password, parsed.output);
  }
}
