import { createHash, createHmac } from 'node:crypto';
import * as v from 'valibot';
import type { ServerStore } from '../couch/server-store.ts';
import { sameText } from './constant-time.ts';
import { type Environment, randomId, randomSecret } from './environment.ts';

/**
 * Refresh tokens, in families. A family begins with a sign-in and has one valid token, of which only a hash is kept.
 * Each use replaces the token by the next. A token that was replaced already is in two hands: the family ends, and
 * both have to sign in again (RFC 9700, 4.14.2).
 *
 * One exception, for networks that lose the reply: within 30 seconds of the replacement, and while the newest token
 * has never been used, the token before it is answered again. It gets the *same* newest token, derived from the one
 * that is shown and from a salt, so that two requests that crossed hold one token and neither ends the other's family.
 */
const GRACE_MS = 30_000;

export const familyRecord = v.looseObject({
  _id: v.string(),
  _rev: v.string(),
  accountId: v.string(),
  deviceId: v.nullable(v.string()),
  createdAt: v.string(),
  /** Milliseconds since 1970; moves on with each use. */
  expiresAt: v.number(),
  currentHash: v.string(),
  previous: v.nullable(v.object({ hash: v.string(), salt: v.string(), replacedAt: v.number() })),
});
type Family = v.InferOutput<typeof familyRecord>;

export type RefreshOutcome =
  | { readonly ok: true; readonly refreshToken: string; readonly accountId: string; readonly deviceId: string | null }
  | { readonly ok: false; readonly reason: 'unknown' | 'expired' | 'reused' };

export class RefreshTokens {
  readonly #store: ServerStore;
  readonly #environment: Environment;
  readonly #lifetimeMs: number;

  constructor(store: ServerStore, environment: Environment, lifetimeDays: number) {
    this.#store = store;
    this.#environment = environment;
    this.#lifetimeMs = lifetimeDays * 86_400_000;
  }

  /** Begins a family and answers its first token. */
  async begin(accountId: string, deviceId: string | null): Promise<string> {
    const now = this.#environment.now();
    const familyId = randomId(this.#environment);
    const secret = randomSecret(this.#environment);
    await this.#store.write({
      _id: `refresh:${familyId}`,
      accountId,
      deviceId,
      createdAt: new Date(now).toISOString(),
      expiresAt: now + this.#lifetimeMs,
      currentHash: hash(secret),
      previous: null,
    });
    return `${familyId}.${secret}`;
  }

  async use(token: string): Promise<RefreshOutcome> {
    for (;;) {
      const held = await this.#find(token);
      if (held === null) return { ok: false, reason: 'unknown' };
      const { family, familyId, secret } = held;
      const now = this.#environment.now();
      if (family.expiresAt <= now) {
        await this.#store.remove(family._id, family._rev);
        return { ok: false, reason: 'expired' };
      }
      const answer = (next: string): RefreshOutcome => ({
        ok: true,
        refreshToken: `${familyId}.${next}`,
        accountId: family.accountId,
        deviceId: family.deviceId,
      });
      if (sameHash(secret, family.currentHash)) {
        const salt = randomSecret(this.#environment);
        const next = derive(secret, salt);
        const outcome = await this.#store.write({
          ...family,
          expiresAt: now + this.#lifetimeMs,
          currentHash: hash(next),
          previous: { hash: family.currentHash, salt, replacedAt: now },
        });
        if (outcome === 'written') return answer(next);
        // Somebody used it in the same moment: read again what is valid now.
        continue;
      }
      const { previous } = family;
      if (previous !== null && sameHash(secret, previous.hash) && now - previous.replacedAt <= GRACE_MS) {
        return answer(derive(secret, previous.salt));
      }
      // The family's id is 120 random bits that stand only in its tokens: whoever shows it has, or had, one of them.
      await this.#end(familyId);
      return { ok: false, reason: 'reused' };
    }
  }

  /** Ends the family of a token: signing out. Without effect for an unknown one. */
  async end(token: string): Promise<void> {
    const held = await this.#find(token);
    if (held !== null) await this.#end(held.familyId);
  }

  /** Ends every family of an account: after a new password, or when it is disabled. */
  async endAllOf(accountId: string): Promise<void> {
    for (const family of await this.#store.list(familyRecord, 'refresh:')) {
      if (family.accountId === accountId) await this.#end(family._id.slice('refresh:'.length));
    }
  }

  async #end(familyId: string): Promise<void> {
    for (;;) {
      const family = await this.#store.read(familyRecord, `refresh:${familyId}`);
      if (family === null) return;
      // A rotation in the same moment moves the record on: the one that it wrote has to go too.
      await this.#store.remove(family._id, family._rev);
    }
  }

  async #find(token: string): Promise<{ family: Family; familyId: string; secret: string } | null> {
    const [familyId, secret, ...rest] = token.split('.');
    if (familyId === undefined || secret === undefined || rest.length > 0 || !/^[0-9a-z]{24}$/.test(familyId)) return null;
    const family = await this.#store.read(familyRecord, `refresh:${familyId}`);
    return family === null ? null : { family, familyId, secret };
  }
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function sameHash(secret: string, wanted: string): boolean {
  return sameText(hash(secret), wanted);
}

/** The token after this one. Without the token itself the salt tells nothing about it. */
function derive(secret: string, salt: string): string {
  return createHmac('sha256', salt).update(secret).digest('base64url');
}
