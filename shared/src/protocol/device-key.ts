import * as v from 'valibot';
import { canonicalJson } from '../documents/digest.ts';
import { sha256Hex } from '../documents/sha256.ts';
import { utf8Bytes } from '../documents/utf8.ts';
import { base64url } from './base64url.ts';

const coordinate = v.pipe(v.string(), v.regex(/^[\w-]{43}$/, 'must be a coordinate of P-256'));

/** A public key on the curve P-256, as JWK (RFC 7517). Other members are left out, a private one above all. */
export const publicJwkSchema = v.object({ kty: v.literal('EC'), crv: v.literal('P-256'), x: coordinate, y: coordinate });
export type PublicJwk = v.InferOutput<typeof publicJwkSchema>;

/** The key of one account on one device. Its private half does not leave the browser's key store. */
export interface DeviceKey {
  readonly publicKey: PublicJwk;
  /** Signs by ECDSA with SHA-256; answers the 64 bytes of r and s (ES256). */
  readonly sign: (data: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;
}

/** The thumbprint of a key (RFC 7638): its name in tokens, seals and records. 43 characters. */
export function thumbprintOf({ crv, kty, x, y }: PublicJwk): string {
  return sha256Base64url(canonicalJson({ crv, kty, x, y }));
}

/** The SHA-256 of a text's UTF-8, as base64url. */
export function sha256Base64url(text: string): string {
  const hex = sha256Hex(utf8Bytes(text));
  return base64url(Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)));
}
