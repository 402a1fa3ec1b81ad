import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type PublicJwk, pairAnswerSchema, publicJwkSchema } from '@darasa/shared/protocol';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import * as v from 'valibot';

const identitySchema = v.object({
  /** The private key, as JWK. It never leaves this file. */
  key: v.looseObject({ kty: v.literal('EC'), crv: v.literal('P-256'), x: v.string(), y: v.string(), d: v.string() }),
  /** What the school answered when the laptop was paired; null until then. */
  paired: v.nullable(v.object({ ...pairAnswerSchema.entries, url: v.string() })),
  /** The school's public keys as they were last seen, the ones before among them: passes live longer than keys sign. */
  schoolKeys: v.array(v.object({ ...publicJwkSchema.entries, kid: v.string() })),
});
type Stored = v.InferOutput<typeof identitySchema>;
export type SchoolKey = Stored['schoolKeys'][number];
export type Paired = NonNullable<Stored['paired']>;

/** How many of the school's keys are remembered: a key signs for 90 days, a pass may live for 400. */
const MAX_KEYS = 8;

/** Who a laptop is: `DARASA_DATA/hub/identity.json`, which only its owner may read. */
export class HubIdentity {
  readonly #folder: string;
  readonly publicKey: PublicJwk;
  readonly privateKey: CryptoKey;
  readonly kid: string;
  #stored: Stored;

  private constructor(folder: string, stored: Stored, privateKey: CryptoKey, publicKey: PublicJwk, kid: string) {
    this.#folder = folder;
    this.#stored = stored;
    this.privateKey = privateKey;
    this.publicKey = publicKey;
    this.kid = kid;
  }

  /** Reads the identity; makes a key where there is none, on disk before anybody hears of it. */
  static async open(dataFolder: string): Promise<HubIdentity> {
    const folder = join(dataFolder, 'hub');
    const stored = (await readIdentity(folder)) ?? (await newIdentity(folder));
    const publicKey = v.parse(publicJwkSchema, stored.key);
    // A JWK of an EC key is read as a key, never as bytes.
    const privateKey = (await importJWK(stored.key, 'ES256')) as CryptoKey;
    return new HubIdentity(folder, stored, privateKey, publicKey, await calculateJwkThumbprint(publicKey));
  }

  get paired(): Paired | null {
    return this.#stored.paired;
  }

  get schoolKeys(): readonly SchoolKey[] {
    return this.#stored.schoolKeys;
  }

  async rememberPairing(paired: Paired): Promise<void> {
    await this.#write({ ...this.#stored, paired });
  }

  /** Takes up the keys that the school signs with now. */
  async rememberKeys(keys: readonly SchoolKey[]): Promise<void> {
    const known = new Set(this.#stored.schoolKeys.map(({ kid }) => kid));
    const fresh = keys.filter(({ kid }) => !known.has(kid));
    if (fresh.length > 0) await this.#write({ ...this.#stored, schoolKeys: [...fresh, ...this.#stored.schoolKeys].slice(0, MAX_KEYS) });
  }

  async #write(stored: Stored): Promise<void> {
    await writeIdentity(this.#folder, stored);
    this.#stored = stored;
  }
}

/** Whether a data folder is a class laptop's. */
export async function isHubFolder(dataFolder: string): Promise<boolean> {
  return (await readIdentity(join(dataFolder, 'hub'))) !== null;
}

const fileOf = (folder: string): string => join(folder, 'identity.json');

async function readIdentity(folder: string): Promise<Stored | null> {
  const text = await readFile(fileOf(folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : v.parse(identitySchema, JSON.parse(text));
}

async function newIdentity(folder: string): Promise<Stored> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const stored = v.parse(identitySchema, { key: await exportJWK(pair.privateKey), paired: null, schoolKeys: [] });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeIdentity(folder, stored);
  return stored;
}

/** So that a cut of power leaves the old file or the new one, whole. */
async function writeIdentity(folder: string, stored: Stored): Promise<void> {
  const draft = `${fileOf(folder)}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(stored, null, 2));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, fileOf(folder));
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
