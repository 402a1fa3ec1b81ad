import { type Bytes, joined, sha256 } from './bytes.ts';
import { CHUNK_BYTES, type Sign, writeChunk } from './chunks.ts';
import { type Recipient, sealContentKey } from './envelope.ts';
import { type CourierHeader, writePreamble } from './header.ts';
import type { CourierLine } from './lines.ts';
import { bytesOf, streamOf } from './streams.ts';

export interface CourierContent {
  readonly header: Omit<CourierHeader, 'envelope' | 'packing'>;
  /** Who can open it: at least one. */
  readonly recipients: readonly Recipient[];
  readonly lines: AsyncIterable<CourierLine> | Iterable<CourierLine>;
  /** For the sender of the header. */
  readonly sign: Sign;
}

/** Writes a courier file, piece by piece. */
export async function* writeCourier({ header, recipients, lines, sign }: CourierContent): AsyncGenerator<Bytes> {
  const contentKey = crypto.getRandomValues(new Uint8Array(32));
  const packing = 'CompressionStream' in globalThis ? 'gzip' : 'none';
  const preamble = writePreamble({ ...header, packing, envelope: await sealContentKey(contentKey, recipients) });
  yield preamble;

  const context = { preamble: await sha256(preamble), contentKey };
  const plain = streamOf(texts(lines));
  const content = bytesOf(packing === 'gzip' ? plain.pipeThrough(new CompressionStream('gzip')) : plain);
  let held: Bytes = new Uint8Array();
  let index = 0;
  for await (const piece of content) {
    held = joined(held, piece);
    // One byte more than a piece: so the last one is known to be the last when it is written.
    while (held.length > CHUNK_BYTES) {
      yield await writeChunk(context, sign, index, false, held.slice(0, CHUNK_BYTES));
      held = held.slice(CHUNK_BYTES);
      index += 1;
    }
  }
  yield await writeChunk(context, sign, index, true, held);
}

async function* texts(lines: CourierContent['lines']): AsyncGenerator<Bytes> {
  const encoder = new TextEncoder();
  for await (const line of lines) yield encoder.encode(`${JSON.stringify(line)}\n`);
}
