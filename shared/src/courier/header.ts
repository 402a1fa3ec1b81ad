import * as v from 'valibot';
import { instant, key } from '../documents/fields.ts';
import { publicJwkSchema } from '../protocol/device-key.ts';
import type { ByteReader, Bytes } from './bytes.ts';
import { CourierProblem } from './courier-problem.ts';

/** The form that this program writes, and the newest that it reads. */
export const COURIER_VERSION = 1;
/** The media type and the ending of a file's name. */
export const COURIER_TYPE = 'application/vnd.darasa.courier';
export const COURIER_ENDING = '.darasa';

const FIRST_WORD = 'darasa-courier/';
const MAX_FIRST_LINE = 40;
/** A class of a hundred devices has a header of 40 KB. */
const MAX_HEADER_BYTES = 1_000_000;

const base64url = (max: number) => v.pipe(v.string(), v.maxLength(max), v.regex(/^[\w-]*$/));

/** Names a key: its thumbprint (RFC 7638). */
const keyId = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));

const sender = v.variant('kind', [
  v.object({
    kind: v.literal('device'),
    accountId: key,
    /** With which it signs. */
    key: publicJwkSchema,
    /** What a place of the school gave this key: it says whose it is. */
    pass: v.pipe(v.string(), v.maxLength(4_000)),
    /** To which an answer is encrypted. */
    answerTo: publicJwkSchema,
  }),
  v.object({ kind: v.literal('place'), placeId: key, keyId }),
]);
export type CourierSender = v.InferOutput<typeof sender>;

/** Who may open the file: each has the content key encrypted to a key of theirs (RFC 7516, general serialization). */
const envelope = v.object({
  protected: base64url(1_000),
  iv: base64url(100),
  ciphertext: base64url(200),
  tag: base64url(100),
  recipients: v.pipe(
    v.array(v.looseObject({ header: v.looseObject({ kid: keyId }), encrypted_key: base64url(200) })),
    v.minLength(1),
    v.maxLength(2_000),
  ),
});
export type Envelope = v.InferOutput<typeof envelope>;

export const COURIER_PURPOSES = [
  /** What somebody did, on its way to the school. */
  'work',
  /** What a place sends to people's devices, or to another place. */
  'content',
  /** What became of a file of work. */
  'receipt',
] as const;

export const courierHeaderSchema = v.object({
  school: key,
  /** Random: tells one file from another. A receipt bears that of the file that it answers, too. */
  serial: v.pipe(v.string(), v.regex(/^[0-9a-z]{24}$/)),
  answers: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-z]{24}$/))),
  purpose: v.picklist(COURIER_PURPOSES),
  /** By the sender's clock, which may be wrong. */
  madeAt: instant,
  from: sender,
  /** Accounts and places that it is for; whether they can open it is said by the envelope. */
  to: v.pipe(v.array(key), v.minLength(1), v.maxLength(2_000)),
  /** Documents in it. */
  documents: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  packing: v.picklist(['gzip', 'none']),
  envelope,
});
export type CourierHeader = v.InferOutput<typeof courierHeaderSchema>;

/** What stands before the documents, as bytes: signed with each chunk, so that nothing in it can be changed. */
export function writePreamble(header: CourierHeader): Bytes {
  return new TextEncoder().encode(`${FIRST_WORD}${COURIER_VERSION}\n${JSON.stringify(header)}\n`);
}

export interface Preamble {
  readonly header: CourierHeader;
  readonly bytes: Bytes;
}

/** Reads what stands before the documents. Nobody has vouched for it yet. Throws CourierProblem. */
export async function readPreamble(reader: ByteReader): Promise<Preamble> {
  const first = text(await reader.line(MAX_FIRST_LINE));
  if (first?.startsWith(FIRST_WORD) !== true) throw new CourierProblem('no-courier', 'The first line is not that of a courier file');
  const version = first.slice(FIRST_WORD.length);
  if (version !== String(COURIER_VERSION)) {
    if (/^[1-9]\d{0,8}$/.test(version))
      throw new CourierProblem('version', `The file has the form ${version}, ${COURIER_VERSION} is known here`);
    throw new CourierProblem('damaged', 'The first line names no version');
  }
  const line = await reader.line(MAX_HEADER_BYTES);
  if (line === null) throw new CourierProblem('cut-off', 'The header has no end');
  const header = v.safeParse(courierHeaderSchema, json(text(line)));
  if (!header.success) throw new CourierProblem('damaged', `The header: ${header.issues[0].message}`);
  // As it came: what was signed is these very bytes, not what a program makes of them.
  const bytes = new Uint8Array([...new TextEncoder().encode(`${first}\n`), ...line, 10]);
  return { header: header.output, bytes };
}

function text(bytes: Bytes | null): string | null {
  try {
    return bytes === null ? null : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function json(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
