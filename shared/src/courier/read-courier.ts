import type { CryptoKey } from 'jose';
import { ByteReader, type Bytes, sha256 } from './bytes.ts';
import { readChunk } from './chunks.ts';
import { CourierProblem } from './courier-problem.ts';
import { type OpeningKey, openContentKey } from './envelope.ts';
import { type CourierHeader, type Preamble, readPreamble } from './header.ts';
import { type CourierLine, readCourierLine } from './lines.ts';
import { bytesOf, streamOf } from './streams.ts';

export interface CourierLimits {
  /** Of the whole file. */
  readonly fileBytes: number;
  /** Of one line, unpacked: a document with its attachments. */
  readonly lineBytes: number;
  /** Of all lines, unpacked. */
  readonly unpackedBytes: number;
}

export const COURIER_LIMITS: CourierLimits = { fileBytes: 2 ** 31, lineBytes: 64_000_000, unpackedBytes: 2 ** 33 };

export interface CourierReader {
  /** The sender's public key, which the caller has found by the header and knows to be theirs. */
  readonly signer: CryptoKey;
  readonly keys: readonly OpeningKey[];
  readonly limits?: CourierLimits;
}

/** A courier file whose header was read. Nobody has vouched for it yet. */
export class CourierFile {
  readonly header: CourierHeader;
  readonly #preamble: Bytes;
  readonly #reader: ByteReader;

  private constructor({ header, bytes }: Preamble, reader: ByteReader) {
    this.header = header;
    this.#preamble = bytes;
    this.#reader = reader;
  }

  /** Throws CourierProblem: it is none, or of a newer form. */
  static async open(source: AsyncIterable<Uint8Array>): Promise<CourierFile> {
    const reader = new ByteReader(source);
    return new CourierFile(await readPreamble(reader), reader);
  }

  /**
   * Its lines, once. What is given out was signed by the sender, header included; each piece is verified before anything of it is given. Throws
   * CourierProblem where the file is not as the sender made it: then it is the end.
   */
  async *lines({ signer, keys, limits = COURIER_LIMITS }: CourierReader): AsyncGenerator<CourierLine> {
    const context = { preamble: await sha256(this.#preamble), contentKey: await openContentKey(this.header.envelope, keys) };
    // What broke the file is lost on its way through the unpacking, which has words of its own for it.
    let broken: unknown = null;
    const reader = this.#reader;
    const pieces = async function* (): AsyncGenerator<Bytes> {
      try {
        for (let index = 0; ; index += 1) {
          const { last, content } = await readChunk(reader, context, signer, index);
          if (reader.position > limits.fileBytes) throw new CourierProblem('too-large', `A file has at most ${limits.fileBytes} bytes`);
          if (last && (await reader.take(1)).length > 0) throw new CourierProblem('damaged', 'Something follows the end');
          if (content.length > 0) yield content;
          if (last) return;
        }
      } catch (error) {
        broken = error;
        throw error;
      }
    };
    const packed = streamOf(pieces());
    const plain = bytesOf(this.header.packing === 'gzip' ? packed.pipeThrough(new DecompressionStream('gzip')) : packed);
    try {
      for await (const text of textLines(plain, limits)) {
        const line = readCourierLine(text);
        if (line !== null) yield line;
      }
    } catch (error) {
      if (broken !== null) throw broken;
      if (error instanceof CourierProblem) throw error;
      throw new CourierProblem('damaged', 'The content cannot be unpacked', { cause: error });
    } finally {
      await plain.return(undefined);
      await reader.close();
    }
  }
}

async function* textLines(plain: AsyncIterable<Uint8Array>, limits: CourierLimits): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let parts: string[] = [];
  let [held, all] = [0, 0];
  for await (const piece of plain) {
    all += piece.length;
    if (all > limits.unpackedBytes) throw new CourierProblem('too-large', `A file has at most ${limits.unpackedBytes} bytes unpacked`);
    const [rest = '', ...lines] = decoder.decode(piece, { stream: true }).split('\n');
    parts.push(rest);
    held += rest.length;
    for (const line of lines) {
      yield parts.join('');
      [parts, held] = [[line], line.length];
    }
    if (held > limits.lineBytes) throw new CourierProblem('too-large', `A document has at most ${limits.lineBytes} bytes`);
  }
  if (held > 0) throw new CourierProblem('damaged', 'The last line has no end');
}
