import { createHmac } from 'node:crypto';
import { fromBase64url, type PublicJwk, proofClaimsSchema, proofHeaderSchema, thumbprintOf } from '@darasa/shared/protocol';
import { type CryptoKey, compactVerify, errors, importJWK } from 'jose';
import * as v from 'valibot';
import type { ServerStore } from '../couch/server-store.ts';
import { sameText } from './constant-time.ts';
import { type Environment, randomSecret } from './environment.ts';

/** A request as its proof has to tell of it. */
export interface ProvableRequest {
  readonly method: string;
  /** Its path, without a query. */
  readonly path: string;
  /** By which names and ports the device may have reached this server. The scheme does not count: a proxy may have taken TLS off. */
  readonly hosts: readonly string[];
}

/** A proof that is in order for its request. Whoever acts on it compares its key, and then spends it. */
export interface DeviceProof {
  /** Of the key that signed it. */
  readonly thumbprint: string;
  /** The hash of the access token that it was made for. */
  readonly ath: string | undefined;
  /** Whether its moment is told by a nonce, and the device therefore needs the next one. */
  readonly byNonce: boolean;
  /** False when it was spent before: it was overheard, or sent twice. */
  spend(): boolean;
}

/** `nonce`: the same may be asked again, with a nonce. `refused`: it is no proof, or one of something else. */
export type ProofOutcome =
  | { readonly ok: true; readonly proof: DeviceProof }
  | { readonly ok: false; readonly reason: 'nonce' | 'refused' };

const MINUTE_MS = 60_000;
/** A nonce is good for so many minutes after its own: a request that waits for news brings the next one in time. */
const NONCE_MINUTES = 5;
/** How far a device's clock may be off, either way, before it is asked for a nonce. */
const CLOCK_MS = MINUTE_MS;
/** A proof can be in time for no longer than this, so what was spent is remembered for as long. */
const REMEMBERED_MS = (NONCE_MINUTES + 2) * MINUTE_MS;
/** Proofs of one key that are remembered twice over: as many as the limit of an account lets through (routes/replication/limits.ts). */
const MAX_OF_A_KEY = 12_000;
const MAX_KEYS = 5_000;

/** The proofs of one key that were spent, in two halves: the older one is dropped as a whole. */
interface Spent {
  current: Set<string>;
  before: Set<string>;
  since: number;
}

interface KnownKey {
  readonly thumbprint: string;
  readonly key: CryptoKey;
}

/**
 * Proofs of possession (DPoP, RFC 9449), as a server judges them. Nonces are signed and not stored, so that every server of a school takes
 * every other's. What was spent is each server's own: a proof is of one request with one token, and a token is bound to the key, so
 * whoever repeats it at another server gets that one answer again, within minutes, and nothing to go on with.
 */
export class DeviceProofs {
  readonly #environment: Environment;
  readonly #secret: string;
  readonly #publicHost: readonly string[];
  readonly #maxOfAKey: number;
  readonly #keys = new Map<string, KnownKey>();
  readonly #spent = new Map<string, Spent>();

  constructor(environment: Environment, secret: string, publicUrl: string | null, maxOfAKey = MAX_OF_A_KEY) {
    this.#maxOfAKey = maxOfAKey;
    this.#environment = environment;
    this.#secret = secret;
    this.#publicHost = publicUrl === null ? [] : [new URL(publicUrl).host];
  }

  static async open(store: ServerStore, environment: Environment, publicUrl: string | null): Promise<DeviceProofs> {
    return new DeviceProofs(environment, await sharedSecret(store, environment), publicUrl);
  }

  /** A nonce for a device's next proofs. */
  nonce(): string {
    return this.#nonceOf(this.#minute());
  }

  /** Judges a proof by itself. `nonceOnly`: its moment has to be told by a nonce, whatever the device's clock says. */
  async read(text: string, request: ProvableRequest, nonceOnly = false): Promise<ProofOutcome> {
    const signed = await this.#verify(text);
    if (signed === null) return { ok: false, reason: 'refused' };
    const { claims, thumbprint } = signed;
    const hosts = [...request.hosts, ...this.#publicHost];
    if (claims.htm !== request.method || !isAddress(claims.htu, request.path, hosts)) return { ok: false, reason: 'refused' };
    const inTime = claims.nonce === undefined ? !nonceOnly && this.#isNow(claims.iat * 1_000) : this.#isGood(claims.nonce);
    if (!inTime) return { ok: false, reason: 'nonce' };
    const proof = { thumbprint, ath: claims.ath, byNonce: claims.nonce !== undefined, spend: () => this.#spend(thumbprint, claims.jti) };
    return { ok: true, proof };
  }

  async #verify(text: string): Promise<{ claims: v.InferOutput<typeof proofClaimsSchema>; thumbprint: string } | null> {
    const header = v.safeParse(proofHeaderSchema, jsonOf(fromBase64url(text.split('.', 1)[0] ?? '') ?? new Uint8Array()));
    if (!header.success) return null;
    try {
      const { key, thumbprint } = await this.#keyOf(header.output.jwk);
      const { payload } = await compactVerify(text, key, { algorithms: ['ES256'] });
      const claims = v.safeParse(proofClaimsSchema, jsonOf(payload));
      return claims.success ? { claims: claims.output, thumbprint } : null;
    } catch (error) {
      // A point that is not on the curve is a DOMException; a signature that does not fit is jose's.
      if (error instanceof errors.JOSEError || error instanceof DOMException) return null;
      throw error;
    }
  }

  /** To import a key costs more than to verify with it. */
  async #keyOf(jwk: PublicJwk): Promise<KnownKey> {
    const name = `${jwk.x}.${jwk.y}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    // A JWK with a public EC key is read as a key, never as bytes.
    const made = { thumbprint: thumbprintOf(jwk), key: (await importJWK({ ...jwk }, 'ES256')) as CryptoKey };
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
    this.#keys.set(name, made);
    return made;
  }

  #spend(thumbprint: string, jti: string): boolean {
    const now = this.#environment.now();
    if (this.#spent.size > MAX_KEYS)
      for (const [each, { since }] of this.#spent) if (now - since >= 2 * REMEMBERED_MS) this.#spent.delete(each);
    const spent = this.#spent.get(thumbprint) ?? { current: new Set<string>(), before: new Set<string>(), since: now };
    this.#spent.set(thumbprint, spent);
    if (now - spent.since >= REMEMBERED_MS) {
      spent.before = now - spent.since >= 2 * REMEMBERED_MS ? new Set() : spent.current;
      spent.current = new Set();
      spent.since = now;
    }
    // More than any device asks: what could not be remembered is not taken.
    if (spent.current.has(jti) || spent.before.has(jti) || spent.current.size >= this.#maxOfAKey) return false;
    spent.current.add(jti);
    return true;
  }

  #minute(): number {
    return Math.floor(this.#environment.now() / MINUTE_MS);
  }

  #isNow(at: number): boolean {
    return Math.abs(this.#environment.now() - at) <= CLOCK_MS;
  }

  #nonceOf(minute: number): string {
    const signature = createHmac('sha256', this.#secret).update(String(minute)).digest('base64url').slice(0, 22);
    return `${minute.toString(36)}.${signature}`;
  }

  #isGood(nonce: string): boolean {
    const minute = Number.parseInt(nonce.split('.', 1)[0] ?? '', 36);
    const age = this.#minute() - minute;
    // Another server's clock may be a little ahead.
    return age >= -1 && age <= NONCE_MINUTES && sameText(nonce, this.#nonceOf(minute));
  }
}

const secretRecord = v.looseObject({ secret: v.string() });

/** What signs the nonces of all servers of one database. */
async function sharedSecret(store: ServerStore, environment: Environment): Promise<string> {
  const [id, proposed] = ['proof-secret', randomSecret(environment)];
  await store.write({ _id: id, secret: proposed });
  // Written by whichever server was first.
  return (await store.read(secretRecord, id))?.secret ?? proposed;
}

function isAddress(htu: string, path: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(htu)) return false;
  const { host, pathname, protocol } = new URL(htu);
  return ['http:', 'https:'].includes(protocol) && pathname === path && hosts.includes(host);
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
