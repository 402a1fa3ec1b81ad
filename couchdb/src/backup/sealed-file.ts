import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as v from 'valibot';
import { type BackupCode, fileKey } from './code.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);
const MAGIC = 'darasa-backup 1\n';
const FRAME_BYTES = 1_000_000;
const TAG = 16;
const MAX_FRAME = 64 * 2 ** 20;
const MORE = 0;
const LAST = 1;

/** What anybody may read of a backup: enough to know which files belong together. */
const header = v.object({
  id: v.string(),
  /** The file that this one goes on from; null for one that stands by itself. */
  follows: v.nullable(v.string()),
  at: v.string(),
  salt: v.string(),
});
export type Header = v.InferOutput<typeof header>;

/** Why a file is no good, in words for a person. */
export class BadBackup extends Error {
  /** Whether another code may open it. */
  readonly isLocked: boolean;

  constructor(why: string, isLocked = false) {
    super(why);
    this.isLocked = isLocked;
  }
}

/*
 * A file is a line that says what it is, a line of JSON (the header), and frames: a byte that says whether it is the last, a length, and lines of
 * JSON that are packed and sealed by AES-256-GCM. The number of the frame is its nonce, the header and the first byte are sealed with it. So no
 * frame can be changed, left out, moved or cut off without being noticed.
 */

function sealing(head: Buffer, kind: number, index: number): { iv: Buffer; aad: Buffer } {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(index, 8);
  return { iv, aad: Buffer.concat([head, Buffer.from([kind])]) };
}

/** Writes a sealed file line by line. Nothing is safe on the disk before `finish`. */
export class SealedWriter {
  readonly #file: FileHandle;
  readonly #head: Buffer;
  readonly #key: Uint8Array;
  #frame = 0;
  #lines: string[] = [];
  #size = 0;
  #bytes = 0;

  private constructor(file: FileHandle, head: Buffer, key: Uint8Array) {
    this.#file = file;
    this.#head = head;
    this.#key = key;
  }

  static async create(path: string, about: Omit<Header, 'salt'>, code: BackupCode): Promise<SealedWriter> {
    const salt = randomBytes(16);
    const head = Buffer.from(`${MAGIC}${JSON.stringify({ ...about, salt: salt.toString('base64url') })}\n`);
    const file = await open(path, 'wx', 0o600);
    const writer = new SealedWriter(file, head, fileKey(code, salt));
    await writer.#put(head);
    return writer;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async line(value: unknown): Promise<void> {
    const text = JSON.stringify(value);
    this.#lines.push(text);
    this.#size += text.length;
    if (this.#size >= FRAME_BYTES) await this.#seal(MORE);
  }

  /** Writes what is left, the mark of the end, and waits until the disk has it. */
  async finish(): Promise<void> {
    await this.#seal(LAST);
    await this.#file.sync();
    await this.#file.close();
  }

  /** Closes the file as it is: it is to be thrown away. */
  async abandon(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }

  async #seal(kind: number): Promise<void> {
    const packed = await pack(this.#lines.join('\n'));
    [this.#lines, this.#size] = [[], 0];
    const { iv, aad } = sealing(this.#head, kind, this.#frame);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(aad);
    const sealed = Buffer.concat([cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
    const before = Buffer.alloc(5);
    before.writeUInt8(kind);
    before.writeUInt32LE(sealed.length, 1);
    await this.#put(Buffer.concat([before, sealed]));
    this.#frame += 1;
  }

  async #put(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) at += (await this.#file.write(bytes, at)).bytesWritten;
    this.#bytes += bytes.length;
  }
}

/** The header of a file; null when it is no backup of this form. */
export async function readHeader(path: string): Promise<Header | null> {
  const file = await open(path, 'r');
  try {
    return (await headOf(file))?.header ?? null;
  } finally {
    await file.close();
  }
}

async function headOf(file: FileHandle): Promise<{ head: Buffer; header: Header } | null> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2_000), 0, 2_000, 0);
  const end = buffer.subarray(0, bytesRead).indexOf('\n', MAGIC.length);
  if (end < 0 || buffer.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), header), buffer.toString('utf8', MAGIC.length, end));
  return parsed.success ? { head: buffer.subarray(0, end + 1), header: parsed.output } : null;
}

/** Every line of a file, in order. Throws BadBackup where it is not what was written, and at the end when it was cut off. */
export async function* readSealed(path: string, code: BackupCode): AsyncGenerator<unknown> {
  const file = await open(path, 'r');
  try {
    const start = await headOf(file);
    if (start === null) throw new BadBackup('it is no backup of Darasa');
    const key = fileKey(code, Buffer.from(start.header.salt, 'base64url'));
    let at = start.head.length;
    for (let frame = 0; ; frame++) {
      const before = await exactly(file, at, 5);
      const [kind, length] = [before.readUInt8(0), before.readUInt32LE(1)];
      if (kind > LAST || length < TAG || length > MAX_FRAME) throw new BadBackup('it has changed since it was written');
      const sealed = await exactly(file, at + 5, length);
      at += 5 + length;
      const text = (await unpack(opened(sealed, key, sealing(start.head, kind, frame), frame))).toString('utf8');
      for (const line of text === '' ? [] : text.split('\n')) yield JSON.parse(line);
      if (kind === LAST) break;
    }
    if ((await file.stat()).size !== at) throw new BadBackup('it has changed since it was written');
  } finally {
    await file.close();
  }
}

function opened(sealed: Buffer, key: Uint8Array, { iv, aad }: { iv: Buffer; aad: Buffer }, frame: number): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(aad).setAuthTag(sealed.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG)), decipher.final()]);
  } catch {
    if (frame === 0) throw new BadBackup('the code does not open it, or it has changed since it was written', true);
    throw new BadBackup('it has changed since it was written');
  }
}

async function exactly(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  if (bytesRead < length) throw new BadBackup('it was cut off');
  return buffer;
}
