import {
  type Bytes,
  type CourierContent,
  CourierFile,
  type CourierLine,
  documentLines,
  type Recipient,
  writeCourier,
} from '@darasa/shared/courier';
import { type PublicJwk, publicJwkSchema, thumbprintOf } from '@darasa/shared/protocol';
import type { ExchangeDocument } from '@darasa/shared/sync';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK } from 'jose';
import * as v from 'valibot';
import { type KeyedDevice, keyedDevice } from './keyed-device.ts';

/** A device that makes courier files and reads what comes back, as the app does. */
export interface CourierDevice {
  readonly device: KeyedDevice;
  readonly answerTo: PublicJwk;
  /** Makes a file of these documents. */
  file(docs: readonly ExchangeDocument[], about: FileAbout): Promise<Bytes>;
  /** The lines of a file that a place made for this device. */
  read(file: Uint8Array, place: PublicJwk): Promise<{ readonly header: CourierFile['header']; readonly lines: readonly CourierLine[] }>;
}

export interface FileAbout {
  readonly school: string;
  readonly accountId: string;
  readonly pass: string;
  readonly recipient: Recipient;
  readonly serial?: string;
}

export async function courierDevice(): Promise<CourierDevice> {
  const device = await keyedDevice();
  const opening = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256' });
  const answerTo = v.parse(publicJwkSchema, await exportJWK(opening.publicKey));
  return {
    device,
    answerTo,
    async file(docs, { school, accountId, pass, recipient, serial = '0'.repeat(24) }) {
      const header: CourierContent['header'] = {
        school,
        serial,
        purpose: 'work',
        madeAt: '2026-01-31T08:00:00.000Z',
        from: { kind: 'device', accountId, key: device.key.publicKey, pass, answerTo },
        to: ['school'],
        documents: docs.length,
      };
      const sign = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await device.key.sign(bytes));
      return whole(writeCourier({ header, recipients: [recipient], lines: documentLines(docs), sign }));
    },
    async read(file, place) {
      const opened = await CourierFile.open(inOnePiece(file));
      const signer = (await importJWK({ ...place }, 'ES256')) as CryptoKey; // an EC key is read as a key
      const lines: CourierLine[] = [];
      const keys = [{ keyId: thumbprintOf(answerTo), key: opening.privateKey }];
      for await (const line of opened.lines({ signer, keys })) lines.push(line);
      return { header: opened.header, lines };
    },
  };
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Bytes> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

async function* inOnePiece(file: Uint8Array): AsyncGenerator<Uint8Array> {
  yield file;
}
