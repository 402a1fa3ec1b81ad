import * as v from 'valibot';
import { docIdText, revText } from '../sync/exchange-document.ts';
import { type Block, DOCUMENTS_IN_BLOCK, type ExchangeDocument, type ReplyLine, readReplyLine, toBlocks } from '../sync/index.ts';
import { CourierProblem } from './courier-problem.ts';

/** Leaves that a place has: it took them from the file that is answered, or had them already. */
export type TakenLeaves = readonly ['t', readonly (readonly [id: string, rev: string])[]];

/** What a file may hold: lines of an exchange (`r`, `p`, `d`), and what was taken. Other lines are a newer program's, and are passed over. */
export type CourierLine = Extract<ReplyLine, readonly ['r' | 'p' | 'd', ...unknown[]]> | TakenLeaves;

const takenSchema = v.tuple([v.literal('t'), v.pipe(v.array(v.tuple([docIdText, revText])), v.maxLength(10_000))]);

/** A block is written when it has about so many bytes of JSON: a reader holds one at a time. */
const BLOCK_BYTES = 500_000;

/** Documents as lines, in their order. */
export async function* documentLines(docs: AsyncIterable<ExchangeDocument> | Iterable<ExchangeDocument>): AsyncGenerator<Block> {
  let held: ExchangeDocument[] = [];
  let bytes = 0;
  for await (const doc of docs) {
    held.push(doc);
    bytes += JSON.stringify(doc.body).length;
    if (held.length < DOCUMENTS_IN_BLOCK && bytes < BLOCK_BYTES) continue;
    yield* toBlocks(held);
    [held, bytes] = [[], 0];
  }
  yield* toBlocks(held);
}

/** Null for a line of a kind that is not known here. Throws CourierProblem. */
export function readCourierLine(text: string): CourierLine | null {
  try {
    if (text.startsWith('["t"')) return v.parse(takenSchema, JSON.parse(text));
    const line = readReplyLine(text);
    if (line === null) return null;
    return line[0] === 'd' || line[0] === 'p' || line[0] === 'r' ? line : null;
  } catch (cause) {
    throw new CourierProblem('damaged', 'A line cannot be read', { cause });
  }
}
