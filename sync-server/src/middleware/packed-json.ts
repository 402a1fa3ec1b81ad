import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ServerContext } from './server-context.ts';

const pack = promisify(gzip);
const WORTH_PACKING_BYTES = 1_000;

/** A JSON answer, gzipped where the client takes it: over a slow network documents travel in a quarter of their size. */
export async function packedJson(c: ServerContext, value: unknown): Promise<Response> {
  const text = JSON.stringify(value);
  c.header('Content-Type', 'application/json');
  c.header('Vary', 'Accept-Encoding');
  if (text.length < WORTH_PACKING_BYTES || !/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return c.body(text);
  c.header('Content-Encoding', 'gzip');
  return c.body(new Uint8Array(await pack(text)));
}
