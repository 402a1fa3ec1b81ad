import { ByteReader } from './byte-reader.ts';

/** One write of one key. Of the same key the greatest sequence holds. */
export interface Entry {
  readonly key: Buffer;
  readonly sequence: number;
  /** Null for a deletion. */
  readonly value: Buffer | null;
}

/** The entries of a record of a log: one batch, as it was written (leveldb's db/write_batch.cc). */
export function* entriesOfBatch(record: Buffer): Generator<Entry> {
  const reader = new ByteReader(record);
  const first = Number(reader.bytes(8).readBigUInt64LE(0));
  const count = reader.bytes(4).readUInt32LE(0);
  for (let index = 0; index < count; index++) {
    const isPut = reader.byte() === 1;
    const key = reader.text();
    yield { key, sequence: first + index, value: isPut ? reader.text() : null };
  }
}

/** A key of a table ends with eight bytes: the sequence, and whether it was put or deleted. */
export function entryOfTable(key: Buffer, value: Buffer): Entry {
  const tail = key.readBigUInt64LE(key.length - 8);
  return { key: key.subarray(0, -8), sequence: Number(tail >> 8n), value: (tail & 255n) === 1n ? value : null };
}
