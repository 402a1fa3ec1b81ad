import * as v from 'valibot';
import { SCOPES } from '../protocol/scope.ts';
import { type Block, blockSchema } from './blocks.ts';
import { BUCKETS, HASH_CHARACTERS } from './document-hash.ts';

/**
 * The media type of an exchange, both ways, with its version. A server that does not speak it answers 404, 405 or 415, and the
 * device goes on with stock replication.
 */
export const EXCHANGE_TYPE = 'application/vnd.darasa.exchange.v1+ndjson';

/** What a device may ask of one exchange, and what a server gives at most. */
export const EXCHANGE_LIMITS = { pushDocs: 1_000, pushBytes: 8_000_000, pullDocs: 2_500, pullBytes: 4_000_000, waitMs: 55_000 } as const;

const PARTITION = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,60}$/));
const hashes = (max: number) => v.pipe(v.string(), v.maxLength(max * HASH_CHARACTERS), v.regex(/^(?:[0-9a-f]{16})*$/));
const limit = (max: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.toMaxValue(max));

export const questionSchema = v.tuple([
  v.literal('q'),
  v.object({
    /** What the last reply gave; null for none. */
    cursor: v.nullable(v.pipe(v.string(), v.maxLength(200))),
    /** The root of what the device holds of the partitions that it was last told are its own. */
    root: hashes(1),
    /** Wants the digests of all partitions, to find what differs. */
    compare: v.optional(v.literal(1)),
    scope: v.optional(v.picklist(SCOPES)),
    /** No more documents than these. */
    docs: v.optional(limit(EXCHANGE_LIMITS.pullDocs), EXCHANGE_LIMITS.pullDocs),
    /** About as many bytes of JSON, before they are packed; one document is always sent. */
    bytes: v.optional(limit(EXCHANGE_LIMITS.pullBytes), EXCHANGE_LIMITS.pullBytes),
    /** Milliseconds to wait for news when there is none. */
    wait: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.toMaxValue(EXCHANGE_LIMITS.waitMs))),
  }),
]);

/** The sums of a partition's buckets, 16 characters each. */
export const bucketSumsSchema = v.tuple([v.literal('b'), PARTITION, v.pipe(hashes(BUCKETS), v.length(BUCKETS * HASH_CHARACTERS))]);

/** The hashes of the documents that the device holds of a partition: of all, or of those in some buckets. */
export const listingSchema = v.tuple([
  v.literal('l'),
  PARTITION,
  v.nullable(v.pipe(v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(BUCKETS - 1))), v.maxLength(BUCKETS))),
  hashes(1_000_000),
]);

export type Question = v.InferOutput<typeof questionSchema>[1];
export type BucketSums = v.InferOutput<typeof bucketSumsSchema>;
export type Listing = v.InferOutput<typeof listingSchema>;

export interface ExchangeRequest {
  readonly question: Question;
  readonly bucketSums: readonly BucketSums[];
  readonly listings: readonly Listing[];
  readonly blocks: readonly Block[];
}

/** A question as it is asked: what is left out has its usual value. */
export type QuestionAsked = v.InferInput<typeof questionSchema>[1];

export function writeRequest(question: QuestionAsked, lines: readonly (BucketSums | Listing | Block)[]): string {
  return [['q', question], ...lines].map((line) => JSON.stringify(line)).join('\n');
}

type RequestLine = BucketSums | Listing | Block;
const schemas = { b: bucketSumsSchema, l: listingSchema, d: blockSchema } as const;

function readLine(text: string): RequestLine {
  const line: unknown = JSON.parse(text);
  const tag: unknown = Array.isArray(line) ? line[0] : null;
  if (typeof tag !== 'string' || !Object.hasOwn(schemas, tag)) throw new SyntaxError('Not a line of a request');
  // The output of the schema of that tag, which the compiler cannot tell.
  return v.parse(schemas[tag as keyof typeof schemas], line) as RequestLine;
}

/**
 * Reads a request. Throws a SyntaxError or a ValiError when it is none. Lines of unknown kinds are errors: a request is obeyed whole. So
 * is a partition that is described twice: each description costs the server a reading of the whole partition.
 */
export function readRequest(text: string): ExchangeRequest {
  const [first = '', ...rest] = text.split('\n');
  const [, question] = v.parse(questionSchema, JSON.parse(first));
  const described = new Set<string>();
  const lines: RequestLine[] = [];
  for (const each of rest) {
    if (each === '') continue;
    const line = readLine(each);
    if (line[0] !== 'd') {
      if (described.has(line[1])) throw new SyntaxError('A partition is described once');
      described.add(line[1]);
    }
    lines.push(line);
  }
  return {
    question,
    bucketSums: lines.filter((line): line is BucketSums => line[0] === 'b'),
    listings: lines.filter((line): line is Listing => line[0] === 'l'),
    blocks: lines.filter((line): line is Block => line[0] === 'd'),
  };
}
