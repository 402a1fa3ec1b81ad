import * as v from 'valibot';
import { type Block, blockSchema } from './blocks.ts';
import type { Digest } from './digest.ts';

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
const hashes = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{16})*$/));
const cursor = v.pipe(v.string(), v.maxLength(200));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A document that was not taken: its id, revision, CouchDB's name for the error, and the reason in words. */
const refusalSchema = v.tuple([v.literal('r'), v.string(), v.string(), v.string(), v.string()]);
/**
 * The partitions that the person may read now, with their digests and counts, empty ones too where the person's roles name
 * them; and the kinds of which every partition may be read.
 */
const partitionsSchema = v.tuple([v.literal('p'), v.array(v.tuple([v.string(), hash, count])), v.array(v.string())]);
/** Which buckets of a partition differ. */
const bucketsSchema = v.tuple([v.literal('b'), v.string(), v.array(count)]);
/** Hashes of a listing that the server does not know. */
const absentSchema = v.tuple([v.literal('x'), v.string(), hashes]);
/** A cursor for what was sent so far, and how many documents are still to come. */
const checkpointSchema = v.tuple([v.literal('c'), cursor, count]);
const endSchema = v.tuple([
  v.literal('e'),
  /** `done`: everything was sent. `more`: ask again. `compare`: say what you hold. */
  v.picklist(['done', 'more', 'compare']),
  v.nullable(cursor),
  /** The root of all that the person may read, as the server holds it. */
  hash,
  /** Documents still to come after this reply. */
  count,
]);

/**
 * Who answers, where it is not the school itself but a class laptop: `["w", "hub", <hubId>]`, before any other line. It may lag behind the
 * school and holds a part of it: what it takes has not reached the school, and what it does not list is not lost.
 */
const answeringSchema = v.tuple([v.literal('w'), v.literal('hub'), v.string()]);

export type Answering = v.InferOutput<typeof answeringSchema>;
export type Refusal = v.InferOutput<typeof refusalSchema>;
export type PartitionsLine = v.InferOutput<typeof partitionsSchema>;
export type DifferingBuckets = v.InferOutput<typeof bucketsSchema>;
export type AbsentHashes = v.InferOutput<typeof absentSchema>;
export type Checkpoint = v.InferOutput<typeof checkpointSchema>;
export type ReplyEnd = v.InferOutput<typeof endSchema>;
export type ReplyLine = Answering | Refusal | PartitionsLine | DifferingBuckets | AbsentHashes | Checkpoint | ReplyEnd | Block;

const schemas = {
  w: answeringSchema,
  r: refusalSchema,
  p: partitionsSchema,
  b: bucketsSchema,
  x: absentSchema,
  c: checkpointSchema,
  e: endSchema,
  d: blockSchema,
} as const;

/** Reads a line; null when its kind is one that a newer server added. Throws a SyntaxError or a ValiError when it is broken. */
export function readReplyLine(text: string): ReplyLine | null {
  const line: unknown = JSON.parse(text);
  const tag: unknown = Array.isArray(line) ? line[0] : null;
  if (typeof tag !== 'string') throw new SyntaxError('Not a line of a reply');
  if (!Object.hasOwn(schemas, tag)) return null;
  // One of the schemas' outputs; the union cannot be told from the tag by the compiler.
  return v.parse(schemas[tag as keyof typeof schemas], line) as ReplyLine;
}

export function writeReplyLine(line: ReplyLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** The digest that a partition's entry writes down. */
export function digestFrom(hex: string, documents: number): Digest {
  return { a: Number.parseInt(hex.slice(0, 8), 16), b: Number.parseInt(hex.slice(8), 16), count: documents };
}
