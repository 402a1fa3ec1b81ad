import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { isKey } from '@darasa/shared/documents';
import type { HubPeople, HubToken } from '@darasa/shared/protocol';
import { decodeJwt, errors, importJWK, jwtVerify } from 'jose';
import * as v from 'valibot';
import type { Accounts } from '../couch/accounts.ts';
import type { CouchClient } from '../couch/couch-client.ts';
import type { ServerStore } from '../couch/server-store.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Environment } from './environment.ts';
import type { HubRecord, HubRecords } from './hub-records.ts';
import { hubPerson, rolesOfHub, rosterOf, servedBy } from './hub-roster.ts';
import type { RefreshTokens } from './refresh-tokens.ts';

export interface HubCredentialParts {
  readonly couch: CouchClient;
  readonly store: ServerStore;
  readonly hubs: HubRecords;
  readonly accounts: Pick<Accounts, 'ofSchool'>;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: Pick<RefreshTokens, 'endedOf' | 'noteEnded'>;
  readonly environment: Environment;
  /** The id of the school's place: for whom assertions are meant. */
  readonly audience: string;
}

export type HubTokenOutcome =
  | { readonly ok: true; readonly token: HubToken }
  | { readonly ok: false; readonly id: 'unknown-hub' | 'hub-revoked' };

/** The longest life of an assertion, in seconds. Replays are remembered for so long. */
const ASSERTION_SECONDS = 60;
const SEEN_EVERY_MS = 60_000;
/** `hub-jti:<hub>:<jti>`: an assertion that was used. */
export const usedAssertionRecord = v.looseObject({ _id: v.string(), _rev: v.string(), expiresAt: v.number() });
const assertionClaims = v.looseObject({
  iss: v.pipe(v.string(), v.check(isKey)),
  sub: v.string(),
  jti: v.pipe(v.string(), v.regex(/^[\w-]{16,64}$/)),
  exp: v.number(),
});

/** What a paired laptop gets at the school: its access token, its people. */
export class HubCredentials {
  readonly #parts: HubCredentialParts;
  readonly #seenAt = new Map<string, number>();

  constructor(parts: HubCredentialParts) {
    this.#parts = parts;
  }

  /** An access token for an assertion that the hub signed (private_key_jwt, RFC 7523). */
  async token(school: string, assertion: string): Promise<HubTokenOutcome> {
    const { hubs, accounts, accessTokens, couch } = this.#parts;
    const hub = await this.#asserted(school, assertion);
    if (hub === null) return { ok: false, id: 'unknown-hub' };
    if (hub.revokedAt !== undefined) return { ok: false, id: 'hub-revoked' };

    const { served, leaving } = servedBy(hub, await rosterOf(accounts, hub));
    // Written before the token is out: whoever was served once is not forgotten before the hub says that all has arrived.
    if (!sameServed(served, hub.served)) await hubs.change(school, hub.hubId, (held) => ({ ...held, served: [...served] }));
    const roles = await rolesOfHub(couch, schoolDatabase(school), hub, served);
    const accessToken = await accessTokens.sign({ accountId: hub.hubId, school, name: hub.name, roles });
    return { ok: true, token: { accessToken, expiresIn: accessTokens.lifetimeSeconds, classes: hub.classes, leaving: [...leaving] } };
  }

  /** The hub of a token, unless it was revoked since. Notes that it was heard from, once a minute. */
  async current(school: string, hubId: string): Promise<HubRecord | null> {
    const { hubs, environment } = this.#parts;
    const hub = await hubs.find(school, hubId);
    if (hub === null || hub.revokedAt !== undefined) return null;
    const now = environment.now();
    if (now - (this.#seenAt.get(hubId) ?? Number.NEGATIVE_INFINITY) >= SEEN_EVERY_MS) {
      this.#seenAt.set(hubId, now);
      await hubs.change(school, hubId, (held) => ({ ...held, lastSeenAt: new Date(now).toISOString() }));
    }
    return hub;
  }

  /** Whoever may sign in at the hub, and the sign-ins of everybody whom it served that were ended. */
  async people(hub: HubRecord): Promise<HubPeople> {
    const { accounts, refreshTokens } = this.#parts;
    const roster = await rosterOf(accounts, hub);
    const { served } = servedBy(hub, roster);
    return {
      people: roster.filter(({ darasa }) => darasa.disabled !== true).map((account) => hubPerson(account, hub.classes)),
      ended: await refreshTokens.endedOf(new Set(served.map(({ id }) => id))),
    };
  }

  /** All that the hub held of these accounts has arrived: they are its no more, unless they are on its roster. */
  async release(hub: HubRecord, released: readonly string[]): Promise<void> {
    const current = new Set((await rosterOf(this.#parts.accounts, hub)).map(({ name }) => name));
    const gone = new Set(released.filter((id) => !current.has(id)));
    await this.#parts.hubs.change(hub.school, hub.hubId, (held) => ({ ...held, served: held.served.filter(({ id }) => !gone.has(id)) }));
  }

  async #asserted(school: string, assertion: string): Promise<HubRecord | null> {
    const { hubs, store, environment, audience } = this.#parts;
    try {
      const { iss } = v.parse(assertionClaims, decodeJwt(assertion));
      const hub = await hubs.find(school, iss);
      if (hub === null) return null;
      const now = environment.now();
      const { payload } = await jwtVerify(assertion, await importJWK({ ...hub.publicKey }, 'ES256'), {
        algorithms: ['ES256'],
        audience,
        issuer: hub.hubId,
        subject: hub.hubId,
        currentDate: new Date(now),
      });
      const { jti, exp } = v.parse(assertionClaims, payload);
      const expiresAt = exp * 1_000;
      if (expiresAt > now + ASSERTION_SECONDS * 1_000) return null;
      return (await store.write({ _id: `hub-jti:${hub.hubId}:${jti}`, expiresAt })) === 'written' ? hub : null;
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof v.ValiError) return null;
      throw error;
    }
  }
}

function sameServed(one: readonly { readonly id: string }[], other: readonly { readonly id: string }[]): boolean {
  const ids = new Set(other.map(({ id }) => id));
  return one.length === other.length && one.every(({ id }) => ids.has(id));
}
