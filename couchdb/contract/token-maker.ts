import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { type CouchAdmin, installJwtKey, removeJwtKey } from '../src/provisioning/index.ts';

export interface TokenMaker {
  /** The header that a person's requests carry. */
  authorization(sub: string, roles: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** Signs tokens with a new key, which the store verifies from now on. */
export async function tokenMaker(couch: CouchAdmin, kid: string): Promise<TokenMaker> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await installJwtKey(couch, { kid, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() });
  return {
    authorization: async (sub, roles) => {
      const token = new SignJWT({ '_couchdb.roles': roles }).setProtectedHeader({ alg: 'ES256', kid }).setSubject(sub);
      return `Bearer ${await token.setIssuedAt().setExpirationTime('15m').sign(privateKey)}`;
    },
    close: () => removeJwtKey(couch, kid),
  };
}
