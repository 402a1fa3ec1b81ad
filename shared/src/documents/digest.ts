import { sha256Hex } from './sha256.ts';
import { utf8Bytes } from './utf8.ts';

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
