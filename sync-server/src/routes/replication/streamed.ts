import type { SchoolRequest } from './school-request.ts';

/** Resolves when the client has room for more. */
export type Send = (text: string) => Promise<void>;

/** Writes an answer as it comes. A failure in the middle breaks the connection: a short page would pass for a whole one. */
export function streamed(request: SchoolRequest, packed: boolean, write: (send: Send, signal: AbortSignal) => Promise<void>): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, request.c.req.raw.signal]);
  writer.closed.catch(() => gone.abort());

  write(async (text) => writer.write(encoder.encode(text)), signal)
    .then(() => writer.close())
    .catch(async (error: unknown) => {
      // The client has gone: there is nobody left to tell.
      if (signal.aborted) return writer.close();
      request.c.get('log').warn({ err: error }, 'A feed broke off');
      return writer.abort(error);
    })
    .catch(() => undefined);
  return new Response(packed ? readable.pipeThrough(new CompressionStream('gzip')) : readable, {
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'must-revalidate',
      'X-Accel-Buffering': 'no',
      Vary: 'Accept-Encoding',
      ...(packed ? { 'Content-Encoding': 'gzip' } : {}),
    },
  });
}
