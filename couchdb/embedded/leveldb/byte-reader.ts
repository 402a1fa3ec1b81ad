import { Damage } from './damage.ts';

/** Reads the little numbers and texts that leveldb's files are made of, one after the other. */
export class ByteReader {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  get done(): boolean {
    return this.at >= this.#bytes.length;
  }

  /** A number of 7 bits a byte, the low ones first; exact up to 2⁵³. */
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      if (scale > 2 ** 56) throw new Damage('a number is too long');
    }
  }

  byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new Damage('it ends too early');
    this.at += 1;
    return byte;
  }

  bytes(length: number): Buffer {
    if (this.at + length > this.#bytes.length) throw new Damage('it ends too early');
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  /** Bytes with their length before them. */
  text(): Buffer {
    return this.bytes(this.varint());
  }
}
