import type { CryptoKey } from 'jose';
import { type ByteReader, type Bytes, joined, sha256 } from './bytes.ts';
import { CourierProblem } from './courier-problem.ts';

/*
 * The content of a file in pieces, so that neither side has to hold it whole: each is encrypted with AES-256-GCM and then signed. A piece
 * is bound to the file's preamble, to its place in the file, and to whether it is the last one; so pieces can be neither
 * left out nor exchanged nor added, within a file or between files. Encryption alone would not do: whoever can open a file could
 * make another with the same key.
 */

/** Of the content, before it is encrypted. */
export const CHUNK_BYTES = 256 * 1024;
const TAG_BYTES = 16;
const SIGNATURE_BYTES = 64;
const PURPOSE = new TextEncoder().encode('darasa courier 1 chunk\0');

/** Signs for a device or a place: ECDSA on P-256 with SHA-256, 64 bytes. */
export type Sign = (bytes: Bytes) => Promise<Bytes>;

/** What all pieces of a file have in common. */
export interface ChunkContext {
  /** SHA-256 of the preamble. */
  readonly preamble: Bytes;
  readonly contentKey: Bytes;
}

function position(index: number, last: boolean): Bytes {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, last ? 1 : 0);
  view.setUint32(8, index);
  return bytes;
}

async function signed(preamble: Bytes, index: number, last: boolean, encrypted: Bytes): Promise<Bytes> {
  return joined(PURPOSE, preamble, position(index, last), await sha256(encrypted));
}

const gcm = (contentKey: Bytes, usage: 'encrypt' | 'decrypt') => crypto.subtle.importKey('raw', contentKey, 'AES-GCM', false, [usage]);

/** One piece as it stands in the file. */
export async function writeChunk(
  { preamble, contentKey }: ChunkContext,
  sign: Sign,
  index: number,
  last: boolean,
  content: Bytes,
): Promise<Bytes> {
  // The content key is this file's alone, so the position is never used twice with it.
  const parameters = { name: 'AES-GCM', iv: position(index, last), additionalData: preamble };
  const encrypted = new Uint8Array(await crypto.subtle.encrypt(parameters, await gcm(contentKey, 'encrypt'), content));
  const head = new Uint8Array(5);
  const view = new DataView(head.buffer);
  view.setUint8(0, last ? 1 : 0);
  view.setUint32(1, encrypted.length);
  return joined(head, await sign(await signed(preamble, index, last, encrypted)), encrypted);
}

export interface Chunk {
  readonly last: boolean;
  readonly content: Bytes;
}

/** Reads the next piece and verifies it. Throws CourierProblem. */
export async function readChunk(
  reader: ByteReader,
  { preamble, contentKey }: ChunkContext,
  signer: CryptoKey,
  index: number,
): Promise<Chunk> {
  const head = await reader.take(5);
  if (head.length < 5) throw new CourierProblem('cut-off', `Piece ${index} is missing`);
  const view = new DataView(head.buffer);
  const [flag, length] = [view.getUint8(0), view.getUint32(1)];
  if (flag > 1 || length < TAG_BYTES || length > CHUNK_BYTES + TAG_BYTES)
    throw new CourierProblem('damaged', `Piece ${index} has no length that can be`);
  const signature = await reader.take(SIGNATURE_BYTES);
  const encrypted = await reader.take(length);
  if (encrypted.length < length) throw new CourierProblem('cut-off', `Piece ${index} is not whole`);
  const last = flag === 1;
  const genuine = await crypto.subtle.verify(
    { name: 'ECDSA', hash: 'SHA-256' },
    signer,
    signature,
    await signed(preamble, index, last, encrypted),
  );
  if (!genuine) throw new CourierProblem('forged', `Piece ${index} is not signed by who the file says`);
  try {
    const parameters = { name: 'AES-GCM', iv: position(index, last), additionalData: preamble };
    const content = await crypto.subtle.decrypt(parameters, await gcm(contentKey, 'decrypt'), encrypted);
    return { last, content: new Uint8Array(content) };
  } catch (cause) {
    throw new CourierProblem('damaged', `Piece ${index} does not open`, { cause });
  }
}
