import { type Bytes, joined, sha256 } from './bytes.ts';

/*
 * A small file as a series of QR codes, shown one after another again and again. Each frame says which series it is of, which one it is, and how many
 * there are, so that frames may be missed and come in any order. Nothing here is secret or believed: the file is encrypted and signed.
 */

/** Of the file, in one frame: a code that a cheap phone's camera reads from a cheap phone's screen. */
const FRAME_BYTES = 320;
/** What a series may have: a minute of looking. */
export const MAX_FRAMES = 60;
const NAME = 'DARASA1';
/** Alphanumeric codes hold these characters in five and a half bits each (RFC 9285). */
const BASE45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const FRAME = /^DARASA1\/([0-9A-F]{12})\/(\d{1,3})\/(\d{1,3})\/([0-9A-Z $%*+\-./:]+)$/;

/** The texts of a series, in upper case; null for a file that is too large for one. */
export async function qrFrames(file: Bytes): Promise<readonly string[] | null> {
  const count = Math.ceil(file.length / FRAME_BYTES);
  if (count === 0 || count > MAX_FRAMES) return null;
  const id = await seriesOf(file);
  return Array.from({ length: count }, (_, at) => {
    const part = file.slice(at * FRAME_BYTES, (at + 1) * FRAME_BYTES);
    return [NAME, id, at + 1, count, base45(part)].join('/');
  });
}

/** Gathers the frames of one series at a time; a frame of another one begins anew. */
export class QrSeriesReader {
  #id = '';
  #count = 0;
  readonly #parts = new Map<number, Bytes>();

  /** How many different frames have been seen, and of how many. */
  get progress(): { readonly seen: number; readonly of: number } {
    return { seen: this.#parts.size, of: this.#count };
  }

  /** The file, when this frame was the last one that was missing; null until then, and for what is no frame. */
  async add(text: string): Promise<Bytes | null> {
    const [, id = '', at = '', of = '', content = ''] = FRAME.exec(text) ?? [];
    const [number, count] = [Number(at), Number(of)];
    const part = fromBase45(content);
    if (part === null || number < 1 || number > count || count > MAX_FRAMES) return null;
    if (id !== this.#id || count !== this.#count) {
      this.#parts.clear();
      [this.#id, this.#count] = [id, count];
    }
    this.#parts.set(number, part);
    if (this.#parts.size < count) return null;
    const file = joined(...Array.from({ length: count }, (_, each) => this.#parts.get(each + 1) ?? new Uint8Array()));
    if ((await seriesOf(file)) === id) return file;
    // Frames of two series that bear one name: somebody made them so.
    this.#parts.clear();
    return null;
  }
}

async function seriesOf(file: Bytes): Promise<string> {
  const digest = await sha256(file);
  return [...digest.slice(0, 6)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

function base45(bytes: Bytes): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    const [high = 0, low] = [bytes[at], bytes[at + 1]];
    const value = low === undefined ? high : high * 256 + low;
    text += letter(value) + letter(value / 45) + (low === undefined ? '' : letter(value / 2_025));
  }
  return text;
}

const letter = (value: number): string => BASE45[Math.floor(value) % 45] ?? '';

function fromBase45(text: string): Bytes | null {
  if (text.length === 0 || text.length % 3 === 1) return null;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = [...text.slice(at, at + 3)].map((each) => BASE45.indexOf(each));
    const value = group.reduce((sum, digit, place) => sum + digit * 45 ** place, 0);
    if (group.includes(-1) || value >= (group.length === 3 ? 65_536 : 256)) return null;
    bytes.push(...(group.length === 3 ? [value >> 8, value & 255] : [value]));
  }
  return new Uint8Array(bytes);
}
