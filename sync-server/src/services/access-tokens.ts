import { errors, jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';
import type { Environment } from './environment.ts';
import type { TokenOrigin } from './refresh-tokens.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Who a token is for: a token of one audience is worth nothing to another. */
const AUDIENCE = 'darasa';
const DASHBOARD_AUDIENCE = 'darasa-dashboard';
/** Tokens that the server sends to CouchDB on its own account: with roles that no person's token may have. */
const DATABASE_AUDIENCE = 'couchdb';
const DATABASE_TOKEN_SECONDS = 60;
/** Under this claim CouchDB looks for roles (its default `roles_claim_name`). */
const ROLES_CLAIM = '_couchdb.roles';

const accessClaims = v.looseObject({
  sub: v.string(),
  school: v.string(),
  name: v.string(),
  exp: v.number(),
  device: v.optional(v.string()),
  /** The family of refresh tokens that it came with, and that family's generation. */
  fam: v.optional(v.string()),
  gen: v.optional(v.number()),
  /** Bound to the key of this thumbprint (RFC 9449, 6.1). */
  cnf: v.optional(v.object({ jkt: v.string() })),
  [ROLES_CLAIM]: v.array(v.string()),
});
const dashboardClaims = v.looseObject({ sub: v.string(), stamp: v.string() });

export interface AccessClaims {
  readonly accountId: string;
  readonly school: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly deviceId?: string | undefined;
  /** The sign-in that it belongs to. */
  readonly origin?: TokenOrigin | undefined;
  /** The thumbprint of the device's key without whose proof the token is worth nothing. */
  readonly boundTo?: string | undefined;
}

export interface VerifiedAccess extends AccessClaims {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Of the text of tokens that are remembered once they are verified. */
const REMEMBERED_CHARACTERS = 16 * 1024 * 1024;

/** Signs and verifies ES256 tokens that CouchDB verifies as well. */
export class AccessTokens {
  readonly #keys: SigningKeys;
  readonly #environment: Environment;
  readonly #cameBack: (origin: TokenOrigin) => Promise<void>;
  /** By their text, as each request of a device brings the same one; the longest known first. */
  readonly #verified = new Map<string, VerifiedAccess>();
  #characters = 0;
  readonly lifetimeSeconds: number;

  /** `cameBack` is told of each token that a request brought. */
  constructor(
    keys: SigningKeys,
    environment: Environment,
    lifetimeSeconds: number,
    cameBack: (origin: TokenOrigin) => Promise<void> = async () => undefined,
  ) {
    this.#keys = keys;
    this.#environment = environment;
    this.#cameBack = cameBack;
    this.lifetimeSeconds = lifetimeSeconds;
  }

  async sign({ accountId, school, name, roles, deviceId, origin, boundTo }: AccessClaims): Promise<string> {
    const device = deviceId === undefined ? {} : { device: deviceId };
    const from = origin === undefined ? {} : { fam: origin.familyId, gen: origin.generation };
    const bound = boundTo === undefined ? {} : { cnf: { jkt: boundTo } };
    return this.#sign({ school, name, [ROLES_CLAIM]: [...roles], ...device, ...from, ...bound }, accountId, AUDIENCE, this.lifetimeSeconds);
  }

  /** The `Authorization` with which the server asks CouchDB in the name of somebody. It is worth nothing at the server itself. */
  async signForDatabase(name: string, roles: readonly string[]): Promise<string> {
    return `Bearer ${await this.#sign({ [ROLES_CLAIM]: [...roles] }, name, DATABASE_AUDIENCE, DATABASE_TOKEN_SECONDS)}`;
  }

  /** The `Authorization` of one of the server's own services in a school: a role that no account can have. */
  async signService(service: string, school: string): Promise<string> {
    return this.signForDatabase(`service-${service}`, [`school:${school}`, `service:${service}`]);
  }

  /** What the dashboard's cookie holds: it names an account, as it was with its `stamp`, and grants nothing by itself. */
  async signDashboard(accountId: string, stamp: string, lifetimeSeconds: number): Promise<string> {
    return this.#sign({ stamp }, accountId, DASHBOARD_AUDIENCE, lifetimeSeconds);
  }

  /**
   * Reads the token of a request. Null for one that is forged, expired or meant for something else. While a token lives the
   * answer is the same object. `proved`: the thumbprint of the key that the request was proved with.
   */
  async verify(token: string, proved: string | null = null): Promise<VerifiedAccess | null> {
    const known = this.#verified.get(token);
    const access = known !== undefined && known.expiresAt > this.#environment.now() ? known : await this.#read(token);
    if (access !== null && access !== known) this.#remember(token, access);
    // What is remembered is the token, never a proof.
    if (access?.boundTo !== undefined && access.boundTo !== proved) return null;
    if (access?.origin !== undefined) await this.#cameBack(access.origin);
    return access;
  }

  async #read(token: string): Promise<VerifiedAccess | null> {
    const parsed = v.safeParse(accessClaims, await this.#verify(token, AUDIENCE));
    if (!parsed.success) return null;
    const { sub, school, name, exp, device, fam, gen, cnf } = parsed.output;
    const origin = fam === undefined || gen === undefined ? undefined : { familyId: fam, generation: gen };
    const roles = parsed.output[ROLES_CLAIM];
    return { accountId: sub, school, name, roles, expiresAt: exp * 1_000, deviceId: device, origin, boundTo: cnf?.jkt };
  }

  #remember(token: string, access: VerifiedAccess): void {
    if (!this.#verified.has(token)) this.#characters += token.length;
    this.#verified.set(token, access);
    for (const oldest of this.#verified.keys()) {
      if (this.#characters <= REMEMBERED_CHARACTERS) return;
      this.#verified.delete(oldest);
      this.#characters -= oldest.length;
    }
  }

  /** The account of a dashboard cookie and its stamp; null when the cookie is no longer good. */
  async verifyDashboard(token: string): Promise<{ readonly accountId: string; readonly stamp: string } | null> {
    const parsed = v.safeParse(dashboardClaims, await this.#verify(token, DASHBOARD_AUDIENCE));
    return parsed.success ? { accountId: parsed.output.sub, stamp: parsed.output.stamp } : null;
  }

  async #sign(claims: Record<string, unknown>, subject: string, audience: string, lifetimeSeconds: number): Promise<string> {
    const { kid, private: key } = this.#keys.current;
    const issuedAt = Math.floor(this.#environment.now() / 1_000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid })
      .setSubject(subject)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(key);
  }

  async #verify(token: string, audience: string): Promise<unknown> {
    try {
      const { payload } = await jwtVerify(
        token,
        async ({ kid }) => {
          const key = kid === undefined ? null : await this.#keys.publicKey(kid);
          if (key === null) throw new errors.JWKSNoMatchingKey();
          return key;
        },
        { algorithms: ['ES256'], audience, currentDate: new Date(this.#environment.now()), requiredClaims: ['exp', 'sub'] },
      );
      return payload;
    } catch (error) {
      // Any other error is not the token's fault.
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}
