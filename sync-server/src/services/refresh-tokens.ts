import { createHash, createHmac } from 'node:crypto';
import * as v from 'valibot';
import type { ServerStore } from '../couch/server-store.ts';
import { sameText } from './constant-time.ts';
import { type Environment, randomId, randomSecret } from './environment.ts';

/**
 * Refresh tokens, in families. A family begins with a sign-in and has one current token, of which only a hash is kept.
 * Each use replaces the token by the next: a rotation, which has a number, the family's generation.
 *
 * A reply can be lost, and the phone that waited for it be away for days. So the token before is answered again, with
 * the *same* successor (derived from the token that is shown and from a salt), for as long as nothing has proved that
 * the successor arrived. Proof is its use, or any request with an access token that was signed in that generation: they
 * came in one reply. From then on the token before is in two hands when it is shown, the family ends, and both have to
 * sign in again (RFC 9700, 4.14.2).
 *
 * What a thief gains by it. Until its successor is known to have arrived, the token before is what the device has: to
 * steal it is to steal the current token. A thief who shows it first gets the successor, and proves it with the first
 * thing they do with it; the device's next refresh then ends the family. A thief who comes after the device has the
 * time until the device's first request, commonly a second, where a fixed time of grace would give every thief all of
 * it. A thief in that gap holds the same successor as the device: the first of the two to refresh again proves it, and
 * the other's refresh ends the family. So a stolen token is found out at the second refresh at the latest, as with rotation
 * that forgives nothing. The record decides, and is in the database: several servers decide alike.
 *
 * A family that began with a device's key is bound to it (RFC 9449, 5): each use has to be proved with the key, before anything else is
 * looked at. Without it a stolen token does nothing, not even end the family.
 */
export const familyRecord = v.looseObject({
  _id: v.string(),
  _rev: v.string(),
  accountId: v.string(),
  deviceId: v.nullable(v.string()),
  /** Where it began with a card or a code of a class, and not with a password: which one. */
  through: v.optional(v.looseObject({ classId: v.string(), by: v.picklist(['card', 'code']), tick: v.number() })),
  createdAt: v.string(),
  /** Milliseconds since 1970; moves on with each rotation. */
  expiresAt: v.number(),
  /** How often the token was replaced. */
  generation: v.optional(v.number(), 0),
  currentHash: v.string(),
  /** The token before, until the current one is known to have arrived. */
  previous: v.nullable(v.looseObject({ hash: v.string(), salt: v.string() })),
  /** The thumbprint of the device's key that each use has to be proved with. */
  key: v.optional(v.string()),
  /** It began with a pass: the session at another place that the pass is of, and when that ends, in milliseconds since 1970. */
  from: v.optional(v.looseObject({ issuer: v.string(), familyId: v.string(), until: v.number() })),
});
type Family = v.InferOutput<typeof familyRecord>;
/** The card, PIN or picture code that a sign-in was made with: by its count in the learner's `class-sign-in`. */
export type SignedInThrough = NonNullable<Family['through']>;

/** A session that was ended, as one place tells another. */
export interface EndedFamily {
  readonly family: string;
  readonly expiresAt: number;
}

/** Which rotation of which family tokens were handed out with. It stands in the access token. */
export interface TokenOrigin {
  readonly familyId: string;
  readonly generation: number;
}

export interface IssuedToken {
  readonly refreshToken: string;
  readonly origin: TokenOrigin;
}

/** What a session rests on, beside the account. */
export type SessionGrounds = Pick<Family, 'key' | 'from' | 'through'>;

/** Whether a use of a token was proved with the key of this thumbprint. Asked once for each use, as a proof is good once. */
export type Proves = (thumbprint: string) => boolean;

export const ENDED_SESSION = 'ended-session:';
/** `ended-session:<familyId>`: kept while a pass of the family would be good, so that other places hear of it. */
export const endedSessionRecord = v.looseObject({
  _id: v.string(),
  _rev: v.string(),
  accountId: v.string(),
  endedAt: v.string(),
  expiresAt: v.number(),
});

/** How many families' proofs one server remembers; one that it forgot is looked up again. */
const MAX_REMEMBERED = 50_000;

export type RefreshOutcome =
  | (IssuedToken & {
      readonly ok: true;
      readonly accountId: string;
      readonly deviceId: string | null;
      readonly grounds: SessionGrounds;
      /** Until when it can be used next, in milliseconds since 1970. */
      readonly expiresAt: number;
    })
  | { readonly ok: false; readonly reason: 'unknown' | 'expired' | 'reused' | 'unproved' };

export class RefreshTokens {
  readonly #store: ServerStore;
  readonly #environment: Environment;
  readonly #lifetimeMs: number;
  /** The newest generation of a family whose arrival this server has written down or found written. */
  readonly #arrived = new Map<string, number>();

  constructor(store: ServerStore, environment: Environment, lifetimeDays: number) {
    this.#store = store;
    this.#environment = environment;
    this.#lifetimeMs = lifetimeDays * 86_400_000;
  }

  /** Begins a family and answers its first token. */
  async begin(
    accountId: string,
    deviceId: string | null,
    { key, from, through }: SessionGrounds = {},
  ): Promise<IssuedToken & { readonly expiresAt: number }> {
    const now = this.#environment.now();
    const familyId = randomId(this.#environment);
    const secret = randomSecret(this.#environment);
    const expiresAt = this.#expiry(from);
    await this.#store.write({
      _id: `refresh:${familyId}`,
      accountId,
      deviceId,
      ...(key === undefined ? {} : { key }),
      ...(from === undefined ? {} : { from }),
      ...(through === undefined ? {} : { through }),
      createdAt: new Date(now).toISOString(),
      expiresAt,
      generation: 0,
      currentHash: hash(secret),
      previous: null,
    });
    return { refreshToken: `${familyId}.${secret}`, origin: { familyId, generation: 0 }, expiresAt };
  }

  async use(token: string, proves: Proves = () => false): Promise<RefreshOutcome> {
    let proved = false;
    for (;;) {
      const held = await this.#find(token);
      if (held === null) return { ok: false, reason: 'unknown' };
      const { family, familyId, secret } = held;
      proved ||= family.key === undefined || proves(family.key);
      if (!proved) return { ok: false, reason: 'unproved' };
      const now = this.#environment.now();
      if (family.expiresAt <= now) {
        await this.#store.remove(family._id, family._rev);
        return { ok: false, reason: 'expired' };
      }
      const expiresAt = this.#expiry(family.from);
      const answer = (next: string, generation: number): RefreshOutcome => ({
        ok: true,
        grounds: family,
        expiresAt,
        refreshToken: `${familyId}.${next}`,
        origin: { familyId, generation },
        accountId: family.accountId,
        deviceId: family.deviceId,
      });
      if (sameHash(secret, family.currentHash)) {
        const salt = randomSecret(this.#environment);
        const next = derive(secret, salt);
        const outcome = await this.#store.write({
          ...family,
          expiresAt,
          generation: family.generation + 1,
          currentHash: hash(next),
          previous: { hash: family.currentHash, salt },
        });
        if (outcome === 'written') return answer(next, family.generation + 1);
        // Somebody used it in the same moment: read again what is valid now.
        continue;
      }
      const { previous } = family;
      if (previous !== null && sameHash(secret, previous.hash)) return answer(derive(secret, previous.salt), family.generation);
      // The family's id is 120 random bits that stand only in its own tokens, refresh and access: whoever shows it has, or
      // had, one of them. To end the family is all that this can do.
      await this.#end(familyId);
      return { ok: false, reason: 'reused' };
    }
  }

  /**
   * A request came with an access token of this origin: so its reply arrived, and the refresh token with it. The first
   * request of a generation that a server sees costs a reading of the record, and one write where it is news.
   */
  async arrived({ familyId, generation }: TokenOrigin): Promise<void> {
    // A sign-in has no token before it.
    if (generation === 0 || (this.#arrived.get(familyId) ?? 0) >= generation) return;
    for (;;) {
      const family = await this.#store.read(familyRecord, `refresh:${familyId}`);
      // Signed out, proved already, or replaced since: an access token of an earlier generation proves nothing of a later one.
      if (family === null || family.previous === null || family.generation !== generation) break;
      if ((await this.#store.write({ ...family, previous: null })) === 'written') break;
    }
    if (this.#arrived.size >= MAX_REMEMBERED) this.#arrived.clear();
    this.#arrived.set(familyId, generation);
  }

  /** Ends the family of a token: signing out. Without effect for an unknown one, and for one that is bound to a key and not proved. */
  async end(token: string, proves: Proves = () => false): Promise<void> {
    const held = await this.#find(token);
    if (held === null) return;
    const { key } = held.family;
    if (key === undefined || proves(key)) await this.#end(held.familyId);
  }

  /** Whether a session of this place lives. */
  async lives(familyId: string): Promise<boolean> {
    const family = await this.#store.read(familyRecord, `refresh:${familyId}`);
    return family !== null && family.expiresAt > this.#environment.now();
  }

  /** Whether this place has heard that a session, its own or another place's, was ended. */
  async hasEnded(familyId: string): Promise<boolean> {
    return (await this.#store.read(endedSessionRecord, ENDED_SESSION + familyId)) !== null;
  }

  /** When a family that is used now can be used next at the latest: one that rests on another place's ends with it. */
  #expiry(from: Family['from']): number {
    return Math.min(this.#environment.now() + this.#lifetimeMs, from?.until ?? Number.POSITIVE_INFINITY);
  }

  /** Whether a device has signed in to an account and is signed in still. */
  async knows(accountId: string, deviceId: string): Promise<boolean> {
    const now = this.#environment.now();
    const families = await this.#store.list(familyRecord, 'refresh:');
    return families.some((family) => family.accountId === accountId && family.deviceId === deviceId && family.expiresAt > now);
  }

  /** Ends every family of an account: after a new password, or when it is disabled. */
  async endAllOf(accountId: string): Promise<void> {
    for (const family of await this.#store.list(familyRecord, 'refresh:')) {
      if (family.accountId === accountId) await this.#end(family._id.slice('refresh:'.length));
    }
  }

  /** The sessions of these accounts that were ended at this place, as far as another place could hold passes of them. */
  async endedOf(accountIds: ReadonlySet<string>): Promise<EndedFamily[]> {
    const ended = await this.#store.list(endedSessionRecord, ENDED_SESSION);
    return ended.flatMap(({ _id, accountId, expiresAt }) =>
      accountIds.has(accountId) ? [{ family: _id.slice(ENDED_SESSION.length), expiresAt }] : [],
    );
  }

  /** Takes another place's word for sessions that were ended there. */
  async noteEnded(ended: readonly EndedFamily[]): Promise<void> {
    const now = this.#environment.now();
    for (const { family, expiresAt } of ended) {
      const until = Math.min(expiresAt, now + this.#lifetimeMs);
      // Nobody's here: it is told no further. Written again it says the same.
      await this.#store.write({ _id: ENDED_SESSION + family, accountId: '', endedAt: new Date(now).toISOString(), expiresAt: until });
    }
  }

  async #end(familyId: string): Promise<void> {
    for (;;) {
      const family = await this.#store.read(familyRecord, `refresh:${familyId}`);
      if (family === null) return;
      const { accountId, expiresAt } = family;
      const endedAt = new Date(this.#environment.now()).toISOString();
      // Other places may hold passes of it. Written first: an end that was interrupted is found again by its family.
      if (family.key !== undefined) await this.#store.write({ _id: ENDED_SESSION + familyId, accountId, endedAt, expiresAt });
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
