import * as v from 'valibot';
import { RequestProblem } from './errors.ts';
import type { ServerContext } from './server-context.ts';

/** The largest request, packed or not, in bytes. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** The largest request that only asks: lists of ids and revisions. */
export const MAX_READ_BYTES = 1024 * 1024;

/** Reads a body of at most `maxBytes`; throws 413. A gzipped body is unpacked, and its unpacked size counts. */
export async function readBody(c: ServerContext, maxBytes = MAX_BODY_BYTES): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = c.req.header('content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') throw new RequestProblem(415, 'bad_content_encoding', 'A body is plain or gzipped');
  const raw = c.req.raw.body;
  if (raw === null) return new Uint8Array();
  const stream = encoding === 'gzip' ? raw.pipeThrough(new DecompressionStream('gzip')) : raw;
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new RequestProblem(400, 'bad_request', 'The body broke off', { cause });
    });
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      throw new RequestProblem(413, 'too_large', `A body is at most ${maxBytes} bytes`);
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** Reads a JSON body; throws 400 when it is none. */
export async function readJson(c: ServerContext, maxBytes = MAX_BODY_BYTES): Promise<unknown> {
  const bytes = await readBody(c, maxBytes);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new RequestProblem(400, 'bad_request', 'invalid UTF-8 JSON');
  }
}

/** Reads a JSON body of a schema; throws 400 with what is wrong first. */
export async function readValid<Schema extends v.GenericSchema>(
  c: ServerContext,
  schema: Schema,
  maxBytes = 100_000,
): Promise<v.InferOutput<Schema>> {
  const parsed = v.safeParse(schema, await readJson(c, maxBytes));
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  // What was sent is not said back: it may be a password in the wrong place.
  const [expected = 'is not valid'] = issue.message.split(' but received');
  throw new RequestProblem(400, 'bad_request', `${v.getDotPath(issue) ?? 'body'}: ${expected}`);
}
