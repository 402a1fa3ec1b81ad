import { type CouchAdmin, installJwtKey } from '@darasa/couchdb/provisioning';
import { type CryptoKey, exportJWK, exportPKCS8, exportSPKI, generateKeyPair, importPKCS8, importSPKI, type JSONWebKeySet } from 'jose';
import * as v from 'valibot';
import type { ServerStore } from '../couch/server-store.ts';
import { type Environment, randomId } from './environment.ts';

const PREFIX = 'signing-key:';
const keyRecord = v.looseObject({ _id: v.string(), kid: v.string(), createdAt: v.string(), privatePem: v.string(), publicPem: v.string() });

interface SigningKey {
  readonly kid: string;
  readonly createdAt: string;
  readonly private: CryptoKey;
  readonly public: CryptoKey;
  readonly publicPem: string;
}

/**
 * The keys that sign access tokens. The newest signs; all of them verify and stand in the JWKS, so that a key can be
 * replaced while tokens of the one before are still out. Every server of the school reads the same keys.
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

  /** Reads the keys, makes the first where there is none, and installs them in CouchDB. */
  static async open(store: ServerStore, admin: CouchAdmin, environment: Environment): Promise<SigningKeys> {
    const keys = new SigningKeys(store, admin, environment);
    await keys.#read();
    if (keys.#keys.length === 0) await keys.rotate();
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

  async #read(): Promise<void> {
    this.#readAt = this.#environment.now();
    const records = await this.#store.list(keyRecord, PREFIX);
    records.sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : a.kid < b.kid ? 1 : -1));
    this.#keys = await Promise.all(
      records.map(async ({ kid, createdAt, privatePem, publicPem }) => ({
        kid,
        createdAt,
        publicPem,
        private: await importPKCS8(privatePem, 'ES256'),
        public: await importSPKI(publicPem, 'ES256', { extractable: true }),
      })),
    );
  }
}
