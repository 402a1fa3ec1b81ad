import { ByteReader } from './byte-reader.ts';
import { Damage } from './damage.ts';

/** Unpacks a block of Snappy (github.com/google/snappy, format_description.txt). Throws Damage for what is none. */
export function unsnap(packed: Buffer): Buffer {
  const reader = new ByteReader(packed);
  const length = reader.varint();
  if (length > 2 ** 30) throw new Damage('a block claims an impossible length');
  const out = Buffer.alloc(length);
  let at = 0;
  while (!reader.done) {
    const tag = reader.byte();
    if ((tag & 3) === 0) {
      const short = tag >> 2;
      const size = short < 60 ? short + 1 : reader.bytes(short - 59).readUIntLE(0, short - 59) + 1;
      if (at + size > length) throw new Damage('a packed block is longer than it says');
      reader.bytes(size).copy(out, at);
      at += size;
      continue;
    }
    const size = (tag & 3) === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offset =
      (tag & 3) === 1
        ? ((tag >> 5) << 8) | reader.byte()
        : (tag & 3) === 2
          ? reader.bytes(2).readUInt16LE(0)
          : reader.bytes(4).readUInt32LE(0);
    if (offset === 0 || offset > at || at + size > length) throw new Damage('a packed block refers outside itself');
    // Byte by byte: a copy may overlap what it writes.
    for (let index = 0; index < size; index++, at++) out[at] = out[at - offset] ?? 0;
  }
  if (at !== length) throw new Damage('a packed block is shorter than it says');
  return out;
}
