import { type CryptoKey, flattenedDecrypt, GeneralEncrypt, importJWK } from 'jose';
import type { PublicJwk } from '../protocol/device-key.ts';
import type { Bytes } from './bytes.ts';
import { CourierProblem } from './courier-problem.ts';
import type { Envelope } from './header.ts';

/*
 * The content key of a file, encrypted to each of its readers: a JWE (RFC 7516) with ECDH-ES on P-256, whose key agreement is made anew
 * for each reader and file, so that a reader's key found later opens no file to another reader.
 */

const AGREEMENT = 'ECDH-ES+A256KW';
const ENCRYPTION = 'A256GCM';

export interface Recipient {
  /** Thumbprint of the key. */
  readonly keyId: string;
  readonly key: PublicJwk;
}

/** A key that opens what was encrypted to its public half. It need not be extractable. */
export interface OpeningKey {
  readonly keyId: string;
  readonly key: CryptoKey;
}

export async function sealContentKey(contentKey: Bytes, recipients: readonly Recipient[]): Promise<Envelope> {
  const jwe = new GeneralEncrypt(contentKey).setProtectedHeader({ enc: ENCRYPTION });
  for (const { keyId, key } of recipients)
    jwe.addRecipient(await importJWK(key, AGREEMENT)).setUnprotectedHeader({ alg: AGREEMENT, kid: keyId });
  // What the library writes is what the header's schema reads; its type leaves out which members there are.
  return (await jwe.encrypt()) as unknown as Envelope;
}

/** Throws CourierProblem when the file is for others, or its envelope is broken. */
export async function openContentKey({ recipients, ...shared }: Envelope, keys: readonly OpeningKey[]): Promise<Bytes> {
  for (const { keyId, key } of keys) {
    const mine = recipients.find(({ header }) => header.kid === keyId);
    if (mine === undefined) continue;
    const jwe = { ...shared, header: mine.header, encrypted_key: mine.encrypted_key };
    try {
      const options = { keyManagementAlgorithms: [AGREEMENT], contentEncryptionAlgorithms: [ENCRYPTION] };
      const { plaintext } = await flattenedDecrypt(jwe, key, options);
      return new Uint8Array(plaintext);
    } catch (cause) {
      throw new CourierProblem('damaged', 'The content key does not open', { cause });
    }
  }
  throw new CourierProblem('not-for-us', 'The file is encrypted to others');
}
