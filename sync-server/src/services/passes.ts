import { type CryptoKey, decodeJwt, decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';
import type { Environment } from './environment.ts';
import type { KnownPlaces } from './known-places.ts';

const AUDIENCE = 'darasa-pass';

const passClaims = v.looseObject({
  iss: v.string(),
  sub: v.string(),
  school: v.string(),
  fam: v.string(),
  exp: v.number(),
  cnf: v.object({ jkt: v.string() }),
});

/** What a pass says. It opens a session for whoever has the key, and nothing by itself. */
export interface Pass {
  /** The place that signed the person in. */
  readonly issuer: string;
  readonly accountId: string;
  readonly school: string;
  /** The session there: a family of refresh tokens. */
  readonly familyId: string;
  /** The thumbprint of the device's key. */
  readonly key: string;
  /** Milliseconds since 1970: when the session there ends, if nobody uses it until then. */
  readonly expiresAt: number;
}

/** A place's own key, and its name. */
export interface PlaceKey {
  readonly kid: string;
  readonly private: CryptoKey;
}

/** Passes: with one, a device that signed in at one place of a school is served by another without signing in again. */
export class Passes {
  readonly #places: KnownPlaces;
  readonly #ownKey: () => PlaceKey;
  readonly #environment: Environment;

  /** `ownKey`: what the other places know this one by. */
  constructor(places: KnownPlaces, ownKey: () => PlaceKey, environment: Environment) {
    this.#places = places;
    this.#ownKey = ownKey;
    this.#environment = environment;
  }

  async sign({ accountId, school, familyId, key, expiresAt }: Omit<Pass, 'issuer'>): Promise<string> {
    const { kid, private: privateKey } = this.#ownKey();
    return new SignJWT({ school, fam: familyId, cnf: { jkt: key } })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid })
      .setIssuer(this.#places.own.id)
      .setSubject(accountId)
      .setAudience(AUDIENCE)
      .setIssuedAt(Math.floor(this.#environment.now() / 1_000))
      .setExpirationTime(Math.floor(expiresAt / 1_000))
      .sign(privateKey);
  }

  /** Null for one that is forged or expired, or of a place that is not known or was revoked. */
  async verify(pass: string): Promise<Pass | null> {
    try {
      const claims = v.safeParse(passClaims, decodeJwt(pass));
      if (!claims.success) return null;
      const { iss, sub, school, fam, exp, cnf } = claims.output;
      const key = await this.#places.publicKey({ issuer: iss, school, kid: decodeProtectedHeader(pass).kid });
      if (key === null) return null;
      const currentDate = new Date(this.#environment.now());
      await jwtVerify(pass, key, { algorithms: ['ES256'], audience: AUDIENCE, currentDate });
      return { issuer: iss, accountId: sub, school, familyId: fam, key: cnf.jkt, expiresAt: exp * 1_000 };
    } catch (error) {
      // Any other error is not the pass's fault.
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}
