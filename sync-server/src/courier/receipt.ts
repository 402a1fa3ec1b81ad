import { type Bytes, type CourierHeader, type CourierLine, writeCourier } from '@darasa/shared/courier';
import { type PublicJwk, thumbprintOf } from '@darasa/shared/protocol';
import type { OwnPlace } from '../services/own-place.ts';
import type { CourierKeys } from './courier-keys.ts';
import type { ImportedWork } from './import-work.ts';

/** So many leaves stand in one line. */
const LEAVES_IN_LINE = 1_000;

/** What became of a file of work, for the device that made it. */
export function writeReceipt(
  { arrived, refused }: Pick<ImportedWork, 'arrived' | 'refused'>,
  work: { readonly header: CourierHeader; readonly accountId: string; readonly answerTo: PublicJwk },
  { own, keys, serial, madeAt }: { readonly own: OwnPlace; readonly keys: CourierKeys; readonly serial: string; readonly madeAt: string },
): AsyncGenerator<Bytes> {
  const lines: CourierLine[] = refused.map(({ id, rev, error, reason }) => ['r', id, rev, error, reason]);
  for (let from = 0; from < arrived.length; from += LEAVES_IN_LINE) lines.push(['t', arrived.slice(from, from + LEAVES_IN_LINE)]);
  return writeCourier({
    header: {
      school: work.header.school,
      serial,
      answers: work.header.serial,
      purpose: 'receipt',
      madeAt,
      from: { kind: 'place', placeId: own.id, keyId: keys.signing.keyId },
      to: [work.accountId],
      documents: 0,
    },
    recipients: [{ keyId: thumbprintOf(work.answerTo), key: work.answerTo }],
    lines,
    sign: keys.sign,
  });
}
