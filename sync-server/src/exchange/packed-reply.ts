import { Readable } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import { EXCHANGE_TYPE } from '@darasa/shared/sync';

/** A reply that is no longer than this is sent as it is: packing would not pay for its header. */
const PACKED_FROM = 600;
/** Brotli of quality 5 packs some ten megabytes in a second and a core; each step above costs several times that for a few percent. */
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 20 },
  // What is written leaves at once: else the packer keeps the first documents back until many more have followed.
  flush: constants.BROTLI_OPERATION_FLUSH,
};
const GZIP = { level: 6, flush: constants.Z_SYNC_FLUSH };

/**
 * The lines as a response, packed with what the client takes. What fails before anything is sent is thrown; what fails
 * later breaks the connection, and the device goes on from what it got.
 */
export async function packedReply(
  lines: AsyncGenerator<string>,
  acceptEncoding: string | undefined,
  onBroken: (error: unknown) => void,
): Promise<Response> {
  const headers = new Headers({ 'Content-Type': EXCHANGE_TYPE, Vary: 'Accept-Encoding' });
  let head = '';
  let ended = false;
  while (!ended && head.length <= PACKED_FROM) {
    const next = await lines.next();
    if (next.done === true) ended = true;
    else head += next.value;
  }
  if (ended && head.length <= PACKED_FROM) return new Response(head, { headers });

  const whole = async function* (): AsyncGenerator<string> {
    yield head;
    let documents = '';
    for await (const line of lines) {
      // Blocks leave with the place after them: each that leaves alone would cost some bytes.
      documents += line;
      if (line.startsWith('["d"')) continue;
      yield documents;
      documents = '';
    }
  };
  const plain = Readable.from(whole());
  const encoding = encodingOf(acceptEncoding);
  if (encoding === null) {
    plain.on('error', onBroken);
    return new Response(Readable.toWeb(plain) as ReadableStream<Uint8Array>, { headers });
  }
  headers.set('Content-Encoding', encoding);
  const packing = encoding === 'br' ? createBrotliCompress(BROTLI) : createGzip(GZIP);
  plain.on('error', (error) => {
    onBroken(error);
    packing.destroy(error);
  });
  // A client that goes away ends the reading of the database too.
  packing.on('close', () => plain.destroy());
  // Node's own stream of bytes; its type differs from the DOM's in name only.
  return new Response(Readable.toWeb(plain.pipe(packing)) as ReadableStream<Uint8Array>, { headers });
}

function encodingOf(accept: string | undefined): 'br' | 'gzip' | null {
  const accepted = new Map(
    (accept ?? '').split(',').map((each) => {
      const [name = '', ...parameters] = each.trim().toLowerCase().split(';');
      return [name.trim(), !parameters.some((parameter) => /^\s*q=0(?:\.0+)?\s*$/.test(parameter))];
    }),
  );
  if (accepted.get('br') === true) return 'br';
  return accepted.get('gzip') === true ? 'gzip' : null;
}
