import { randomBytes } from 'node:crypto';
import { badRequest } from './errors.ts';

/** One part of a MIME multipart body; header names in lower case. */
export interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function boundaryOf(contentType: string): string {
  const found = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  if (!boundary) throw badRequest('multipart body without a boundary');
  return boundary;
}

export function parseMultipart(body: Buffer, contentType: string): Part[] {
  const delimiter = Buffer.from(`--${boundaryOf(contentType)}`);
  const parts: Part[] = [];
  let at = body.indexOf(delimiter);
  if (at < 0) throw badRequest('multipart body does not hold its boundary');
  for (;;) {
    const start = at + delimiter.length;
    if (body.subarray(start, start + 2).toString('latin1') === '--') return parts;
    const next = body.indexOf(Buffer.concat([Buffer.from('\r\n'), delimiter]), start);
    if (next < 0) throw badRequest('multipart body ends too early');
    parts.push(parsePart(body.subarray(start, next)));
    at = next + 2;
  }
}

function parsePart(bytes: Buffer): Part {
  const gap = bytes.indexOf('\r\n\r\n');
  if (gap < 0) return { headers: {}, body: bytes.subarray(2) };
  const headers: Record<string, string> = {};
  for (const line of bytes.subarray(0, gap).toString('utf8').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body: bytes.subarray(gap + 4) };
}

export function makeMultipart(
  kind: 'mixed' | 'related' | 'byteranges',
  parts: readonly Part[],
): { body: Buffer<ArrayBuffer>; contentType: string } {
  const boundary = randomBytes(16).toString('hex');
  const pieces = parts.flatMap(({ headers, body }) => {
    const lines = Object.entries(headers).map(([name, value]) => `\r\n${name}: ${value}`);
    return [Buffer.from(`\r\n--${boundary}${lines.join('')}\r\n\r\n`), body];
  });
  return {
    body: Buffer.concat([...pieces, Buffer.from(`\r\n--${boundary}--`)]),
    contentType: `multipart/${kind}; boundary="${boundary}"`,
  };
}
