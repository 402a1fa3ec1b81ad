/** Bytes of their own, as Web Crypto wants them: never shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function joined(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** Reads a source piece by piece, in sizes that the reader chooses. Holds no more than one piece of the source beyond what is asked for. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Bytes = new Uint8Array();
  #read = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Bytes that were asked for so far. */
  get position(): number {
    return this.#read;
  }

  /** The next bytes; fewer where the source ends. */
  async take(count: number): Promise<Bytes> {
    while (this.#held.length < count && (await this.#more()));
    const taken = this.#held.slice(0, count);
    this.#held = this.#held.slice(count);
    this.#read += taken.length;
    return taken;
  }

  /** Up to and without the next line feed, which is read too; null where there is none within so many bytes. */
  async line(max: number): Promise<Bytes | null> {
    for (;;) {
      const end = this.#held.indexOf(10);
      if (end > max || (end < 0 && this.#held.length > max)) return null;
      if (end >= 0) {
        const line = await this.take(end);
        await this.take(1);
        return line;
      }
      if (!(await this.#more())) return null;
    }
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done === true) return false;
    this.#held = joined(this.#held, value);
    return true;
  }

  /** Wants no more of the source. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
