const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** CRC-32C (Castagnoli), as leveldb keeps it of every block and record. */
export function crc32c(...parts: readonly Uint8Array[]): number {
  let crc = 0xffffffff;
  // An index rather than an iterator: this reads every byte of a store at each start.
  // biome-ignore lint/style/noNonNullAssertion: both indexes are within their arrays
  for (const part of parts) for (let at = 0; at < part.length; at++) crc = table[(crc ^ part[at]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** leveldb stores a checksum turned and shifted, so that a checksum of data that hold checksums is as good as any other. */
export function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
