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

/** CouchDB 3.5's defaults: what a sign-in costs where there is no account. */
const DEFAULT_COST: Verifier = {
  password_scheme: 'pbkdf2',
  pbkdf2_prf: 'sha256',
  derived_key: '00'.repeat(32),
  salt: 'nobody',
  iterations: 600_000,
};

/** PBKDF2, as Node's own. */
export type Derive = (password: string, salt: string, iterations: number, bytes: number, digest: string) => Promise<Buffer>;

/**
 * Checks passwords against `_users` documents without asking CouchDB, so that a class laptop with a copy of the
 * documents can do it too. Every check takes as many rounds as the account with the most of those that are known, so that
 * the time tells nobody whether a sign-in name exists.
 */
export class PasswordCheck {
  readonly #sample: () => Promise<readonly unknown[]>;
  readonly #derive: Derive;
  #sampled: Promise<void> | null = null;
  #most: Verifier | null = null;

  /** `sample` answers some accounts, among which one has as many rounds as any. It is asked once, before the first check. */
  constructor(sample: () => Promise<readonly unknown[]>, derived: Derive = derive) {
    this.#sample = sample;
    this.#derive = derived;
  }

  /** `account` is null for a sign-in name that nobody has. */
  async accepts(password: string, account: Readonly<Record<string, unknown>> | null): Promise<boolean> {
    this.#sampled ??= this.#takeSample();
    await this.#sampled;
    const parsed = v.safeParse(verifierSchema, account);
    if (parsed.success) this.#note(parsed.output);
    const most = this.#most ?? DEFAULT_COST;
    if (!parsed.success) {
      await this.#matches(password, most);
      return false;
    }
    const right = await this.#matches(password, parsed.output);
    const left = most.iterations - parsed.output.iterations;
    if (left > 0) await this.#matches(password, { ...most, iterations: left });
    return right;
  }

  async #takeSample(): Promise<void> {
    try {
      for (const account of await this.#sample()) {
        const parsed = v.safeParse(verifierSchema, account);
        if (parsed.success) this.#note(parsed.output);
      }
    } catch (error) {
      // The next check asks again.
      this.#sampled = null;
      throw error;
    }
  }

  #note(verifier: Verifier): void {
    if (this.#most !== null && this.#most.iterations >= verifier.iterations) return;
    this.#most = { ...verifier, derived_key: '00'.repeat(verifier.derived_key.length / 2), salt: DEFAULT_COST.salt };
  }

  async #matches(password: string, { pbkdf2_prf, derived_key, salt, iterations }: Verifier): Promise<boolean> {
    // CouchDB uses the salt's text as it stands, not the bytes that its digits spell.
    const digest = pbkdf2_prf === 'sha' ? 'sha1' : pbkdf2_prf;
    const given = await this.#derive(password, salt, iterations, derived_key.length / 2, digest);
    return sameText(given.toString('hex'), derived_key);
  }
}
