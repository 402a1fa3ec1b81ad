import { type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import * as v from 'valibot';
import { type PublicJwk, publicJwkSchema, thumbprintOf } from '../protocol/device-key.ts';
import type { Bytes } from './bytes.ts';
import type { Sign } from './chunks.ts';
import type { OpeningKey, Recipient } from './envelope.ts';

/** Somebody who signs files, and somebody who opens them. */
export interface TestSender {
  readonly publicKey: PublicJwk;
  readonly verifyingKey: CryptoKey;
  readonly sign: Sign;
}

export async function testSender(): Promise<TestSender> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const sign: Sign = async (bytes) => new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, bytes));
  return { publicKey: await publicJwk(publicKey), verifyingKey: publicKey, sign };
}

export interface TestReader extends Recipient {
  readonly opening: OpeningKey;
}

export async function testReader(): Promise<TestReader> {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256' });
  const key = await publicJwk(publicKey);
  const keyId = thumbprintOf(key);
  return { keyId, key, opening: { keyId, key: privateKey } };
}

async function publicJwk(key: CryptoKey): Promise<PublicJwk> {
  return v.parse(publicJwkSchema, await exportJWK(key));
}

/** A file in pieces of some size, as a network or a disk may give it. */
export async function* inPieces(file: Bytes, size: number): AsyncGenerator<Bytes> {
  for (let at = 0; at < file.length; at += size) yield file.slice(at, at + size);
}
