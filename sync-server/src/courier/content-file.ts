import { type Bytes, type CourierHeader, type CourierLine, documentLines, type Recipient, writeCourier } from '@darasa/shared/courier';
import type { Readable } from '@darasa/shared/rules';
import { type ExchangeDocument, hexOf } from '@darasa/shared/sync';
import type { CouchClient } from '../couch/couch-client.ts';
import type { WantedLeaf } from '../exchange/plan.ts';
import { readLeaves } from '../exchange/read-leaves.ts';
import type { BuiltIndex, SchoolIndex } from '../feed/index/school-index.ts';
import type { OwnPlace } from '../services/own-place.ts';
import type { CourierKeys } from './courier-keys.ts';

/** Documents that are read at once: some have attachments of megabytes. */
const AT_ONCE = 20;

export interface ContentFileParts {
  /** Reads as whoever may read all of it. */
  readonly couch: CouchClient;
  readonly database: string;
  readonly index: Pick<SchoolIndex, 'distrust'>;
  readonly built: BuiltIndex;
  readonly own: OwnPlace;
  readonly keys: CourierKeys;
}

export interface ContentFile {
  readonly school: string;
  readonly serial: string;
  readonly madeAt: string;
  /** Whose partitions are in it: no reader of the file may be without any of them. */
  readonly readable: Readable;
  readonly to: readonly string[];
  readonly recipients: readonly Recipient[];
}

/** A courier file with all that is in some partitions, what screens need first before the rest (rule X10). */
export function writeContentFile(
  { couch, database, index, built, own, keys }: ContentFileParts,
  { school, serial, madeAt, readable, to, recipients }: ContentFile,
): AsyncGenerator<Bytes> {
  const feed = built.index;
  const partitions = feed.readable(readable);
  const numbers = [...feed.inOrder(partitions, 0)].sort((one, other) => feed.rankOf(one) - feed.rankOf(other));
  const leaves = numbers.flatMap((number) => feed.leavesOf(number).map((rev): WantedLeaf => ({ id: feed.idOf(number), rev })));
  const digests = partitions.map((id): [string, string, number] => [id, hexOf(feed.digest(id)), feed.digest(id).count]);

  async function* documents(): AsyncGenerator<ExchangeDocument> {
    for (let from = 0; from < leaves.length; from += AT_ONCE) {
      const wanted = leaves.slice(from, from + AT_ONCE);
      yield* await readLeaves(couch, database, built.cache, wanted, ({ id, rev }) => index.distrust(id, rev));
    }
  }
  async function* lines(): AsyncGenerator<CourierLine> {
    yield ['p', digests.filter(([, , count]) => count > 0), []];
    yield* documentLines(documents());
  }
  const header: Omit<CourierHeader, 'envelope' | 'packing'> = {
    school,
    serial,
    purpose: 'content',
    madeAt,
    from: { kind: 'place', placeId: own.id, keyId: keys.signing.keyId },
    to: [...to],
    documents: leaves.length,
  };
  return writeCourier({ header, recipients, lines: lines(), sign: keys.sign });
}
