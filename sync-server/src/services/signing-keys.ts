import { type CouchAdmin, installJwtKey, removeJwtKey } from '@darasa/couchdb/provisioning';
import { type CryptoKey, exportJWK, exportPKCS8, exportSPKI, generateKeyPair, importPKCS8, importSPKI, type JSONWebKeySet } from 'jose';
import type { Logger } from 'pino';
import * as v from 'valibot';
import type { ServerStore } from '../couch/server-store.ts';
import { pause } from '../feed/pause.ts';
import { type Environment, randomId } from './environment.ts';

const PREFIX = 'signing-key:';
const HOUR_MS = 3_600_000;
/** A key signs for so long. */
const SIGNING_MS = 90 * 24 * HOUR_MS;
/**
 * When a newer key is this old, the key before it is needed no more: within an hour every server has read the newer one
 * (`keepKeys`), and what they signed until then has expired an hour later (the longest life of a token, see `config.ts`).
 */
const RETIRED_AFTER_MS = 24 * HOUR_MS;

const keyRecord = v.looseObject({
  _id: v.string(),
  _rev: v.string(),
  kid: v.string(),
  createdAt: v.string(),
  privatePem: v.string(),
  publicPem: v.string(),
});

interface SigningKey {
  readonly kid: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly private: CryptoKey;
  readonly public: CryptoKey;
  readonly publicPem: string;
  readonly record: { readonly _id: string; readonly _rev: string };
}

/**
 * The keys that sign access tokens. The newest signs; all of them verify and stand in the JWKS, so that a key can be
 * replaced while tokens of the one before are still out. Every server of the school reads the same keys. Two that replace
 * a key in the same moment make two: both verify, the newer by date and name signs, and the other goes with the old one.
 */
export class SigningKeys {
  readonly #store: ServerStore;
  readonly #admin: CouchAdmin;
  readonly #environment: Environment;
  #keys: readonly SigningKey[] = [];
  #readAt = Number.NEGATIVE_INFINITY;

  private constructor(store: ServerStore, admin: CouchAdmin, environment: Environment) {
    this.#store = store;
    this.#admin = admin;
    this.#environment = environment;
  }

  /** Reads the keys, makes one where there is none that is young enough, and installs them in CouchDB. */
  static async open(store: ServerStore, admin: CouchAdmin, environment: Environment): Promise<SigningKeys> {
    const keys = new SigningKeys(store, admin, environment);
    await keys.keepUp();
    for (const { kid, publicPem } of keys.#keys) await installJwtKey(admin, { kid, publicPem });
    return keys;
  }

  get current(): SigningKey {
    const [newest] = this.#keys;
    if (newest === undefined) throw new Error('No signing key was opened');
    return newest;
  }

  /** The public key with an id. A key that another server made a moment ago is looked up, at most once in ten seconds. */
  async publicKey(kid: string): Promise<CryptoKey | null> {
    const known = (): CryptoKey | undefined => this.#keys.find((key) => key.kid === kid)?.public;
    if (known() === undefined && this.#environment.now() - this.#readAt > 10_000) await this.#read();
    return known() ?? null;
  }

  async jwks(): Promise<JSONWebKeySet> {
    const keys = this.#keys.map(async ({ kid, public: key }) => ({ ...(await exportJWK(key)), kid, use: 'sig', alg: 'ES256' }));
    return { keys: await Promise.all(keys) };
  }

  /** Takes up what other servers did, replaces a key that has signed for 90 days, and removes those that nothing needs. */
  async keepUp(): Promise<void> {
    await this.#read();
    const [newest] = this.#keys;
    if (newest === undefined || this.#environment.now() - newest.createdAt >= SIGNING_MS) await this.rotate();
    await this.#retire();
  }

  /** Makes a new key, which signs from now on. CouchDB knows it before the first token bears it. */
  async rotate(): Promise<void> {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const kid = randomId(this.#environment).slice(0, 12);
    const [privatePem, publicPem] = [await exportPKCS8(pair.privateKey), await exportSPKI(pair.publicKey)];
    await installJwtKey(this.#admin, { kid, publicPem });
    const createdAt = new Date(this.#environment.now()).toISOString();
    await this.#store.write({ _id: PREFIX + kid, kid, createdAt, privatePem, publicPem });
    await this.#read();
  }

  async #retire(): Promise<void> {
    const settled = this.#environment.now() - RETIRED_AFTER_MS;
    const inForce = this.#keys.findIndex(({ createdAt }) => createdAt <= settled);
    const needless = inForce < 0 ? [] : this.#keys.slice(inForce + 1);
    for (const { kid, record } of needless) {
      // The record last: a removal that was interrupted is found again by it.
      await removeJwtKey(this.#admin, kid);
      await this.#store.remove(record._id, record._rev);
    }
    if (needless.length > 0) await this.#read();
  }

  async #read(): Promise<void> {
    this.#readAt = this.#environment.now();
    const records = await this.#store.list(keyRecord, PREFIX);
    records.sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : a.kid < b.kid ? 1 : -1));
    this.#keys = await Promise.all(
      records.map(async ({ _id, _rev, kid, createdAt, privatePem, publicPem }) => ({
        kid,
        createdAt: Date.parse(createdAt),
        publicPem,
        private: await importPKCS8(privatePem, 'ES256'),
        public: await importSPKI(publicPem, 'ES256', { extractable: true }),
        record: { _id, _rev },
      })),
    );
  }
}

/** Keeps the keys up every hour, until the signal aborts. */
export async function keepKeys(keys: SigningKeys, log: Logger, signal: AbortSignal): Promise<void> {
  for (;;) {
    await pause(HOUR_MS, signal);
    if (signal.aborted) return;
    await keys.keepUp().catch((error: unknown) => log.warn({ err: error }, 'The signing keys could not be kept up'));
  }
}
