import { ByteReader } from './byte-reader.ts';
import { crc32c, masked } from './crc32c.ts';
import { Damage } from './damage.ts';
import { type Entry, entryOfTable } from './entries.ts';
import { unsnap } from './snappy.ts';

const FOOTER = 48;
const MAGIC = 0xdb4775248b80fb57n;
const TRAILER = 5;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** A block whose checksum is right, unpacked. */
function readBlock(file: Buffer, { offset, size }: Handle): Buffer {
  const end = offset + size;
  if (end + TRAILER > file.length) throw new Damage(`the block at ${offset} lies beyond the end`);
  const type = file[end] ?? 0;
  if (file.readUInt32LE(end + 1) !== masked(crc32c(file.subarray(offset, end + 1)))) throw new Damage(`the block at ${offset} has changed`);
  return type === 1 ? unsnap(file.subarray(offset, end)) : file.subarray(offset, end);
}

/** Keys and values of a block: a key says how much of the one before it begins with. The restarts at the end are an index alone. */
function* pairsOf(block: Buffer): Generator<{ key: Buffer; value: Buffer }> {
  const restarts = block.readUInt32LE(block.length - 4);
  const reader = new ByteReader(block.subarray(0, block.length - 4 - 4 * restarts));
  let key: Buffer = Buffer.alloc(0);
  while (!reader.done) {
    const [shared, fresh, length] = [reader.varint(), reader.varint(), reader.varint()];
    key = Buffer.concat([key.subarray(0, shared), reader.bytes(fresh)]);
    yield { key, value: reader.bytes(length) };
  }
}

function handleOf(reader: ByteReader): Handle {
  return { offset: reader.varint(), size: reader.varint() };
}

/** Where the blocks of data are. Throws Damage when the table's own index cannot be read. */
function handlesOf(file: Buffer): Handle[] {
  if (file.length < FOOTER || file.readBigUInt64LE(file.length - 8) !== MAGIC) throw new Damage('its end is missing');
  const footer = new ByteReader(file.subarray(file.length - FOOTER));
  readBlock(file, handleOf(footer));
  return [...pairsOf(readBlock(file, handleOf(footer)))].map(({ value }) => handleOf(new ByteReader(value)));
}

/** What is wrong with a table, block by block; nothing for a whole one. */
export function tableProblems(file: Buffer): string[] {
  const problems: string[] = [];
  const tell = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      problems.push(error.message);
    }
  };
  tell(() => {
    for (const handle of handlesOf(file)) tell(() => readBlock(file, handle));
  });
  return problems;
}

/** Every entry that can still be read. */
export function* entriesOfTable(file: Buffer): Generator<Entry> {
  const readable = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (error instanceof Damage) return undefined;
      throw error;
    }
  };
  for (const handle of readable(() => handlesOf(file)) ?? []) {
    const block = readable(() => readBlock(file, handle));
    if (block !== undefined) for (const { key, value } of pairsOf(block)) yield entryOfTable(key, value);
  }
}
