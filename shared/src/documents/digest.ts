import { sha256Hex } from './sha256.ts';

/**
 * JSON with the keys of objects sorted, so that equal content is equal text on every device.
 * Members that are undefined are left out, as JSON does.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each === undefined ? null : each)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** UTF-8 without TextEncoder, which CouchDB's JavaScript does not have. Lone surrogates become U+FFFD, as in TextEncoder. */
function utf8Bytes(text: string): number[] {
  const bytes: number[] = [];
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}

/**
 * The digest that ends the id of an append-only document: 20 hexadecimal characters (80 bits) of the SHA-256 of its
 * content. Members that start with an underscore are CouchDB's own and do not count.
 *
 * Because the id names the content, nobody can put other content under the same id, not even as a conflicting
 * revision that CouchDB shows to no validation function beside the first.
 */
export function contentDigest(doc: Readonly<Record<string, unknown>>): string {
  const content = Object.fromEntries(Object.entries(doc).filter(([key]) => !key.startsWith('_')));
  return sha256Hex(utf8Bytes(canonicalJson(content))).slice(0, 20);
}
