import type { Readable } from '@darasa/shared/rules';
import { DOCUMENTS_IN_BLOCK, type ExchangeDocument, type ExchangeRequest, fromBlock, toBlocks, writeReplyLine } from '@darasa/shared/sync';
import type { BuiltIndex } from '../feed/index/school-index.ts';
import { type ExchangePlan, type Pushed, planExchange, type WantedLeaf } from './plan.ts';

export interface RefusedPush {
  readonly id: string;
  readonly rev: string;
  readonly error: string;
  readonly reason: string;
}

/** What an exchange needs of the school. */
export interface ExchangeParts {
  /** The id of the class laptop that this server is; null for the school itself. */
  readonly hub: string | null;
  /** The index as it stands now. */
  readonly built: () => BuiltIndex;
  /** What the person may read now, within the scope. */
  readonly readable: () => Readable;
  /** Judges and writes; afterwards the index knows what was written. */
  readonly push: (docs: readonly ExchangeDocument[]) => Promise<readonly RefusedPush[]>;
  /** Leaves with their histories, in any order; what the database does not have any more is left out. */
  readonly read: (leaves: readonly WantedLeaf[]) => Promise<readonly ExchangeDocument[]>;
  /** Ends when something changed in one of the partitions; null stands for all. */
  readonly wait: (partitions: ReadonlySet<string> | null, ms: number) => Promise<void>;
}

/** On a slow link a screen is in use as soon as the first documents are there, so there are few; each time twice as many follow. */
const FIRST_DOCUMENTS = 32;
/** Of JSON a document; what was sent corrects it. */
const USUAL_BYTES = 800;

/**
 * The lines of the reply to an exchange, each with its line break. It may be cut anywhere: what was sent holds, and the
 * request can be made again.
 */
export async function* answerExchange(request: ExchangeRequest, parts: ExchangeParts): AsyncGenerator<string> {
  if (parts.hub !== null) yield writeReplyLine(['w', 'hub', parts.hub]);
  const docs = request.blocks.flatMap(fromBlock);
  if (docs.length > 0) for (const { id, rev, error, reason } of await parts.push(docs)) yield writeReplyLine(['r', id, rev, error, reason]);
  const pushed = revisionsOf(docs);

  let plan = planExchange(request, parts.built(), parts.readable(), pushed);
  const { wait } = request.question;
  if (plan.quiet && docs.length === 0 && wait !== undefined && wait > 0) {
    const { partitions, kinds } = parts.readable();
    await parts.wait(kinds.size > 0 ? null : partitions, wait);
    plan = planExchange(request, parts.built(), parts.readable(), pushed);
  }
  for (const line of plan.lines) yield writeReplyLine(line);
  yield* send(request, plan, parts);
}

async function* send({ question }: ExchangeRequest, plan: ExchangePlan, parts: ExchangeParts): AsyncGenerator<string> {
  const { pending, root, compare } = plan;
  let [sent, bytes, atOnce] = [0, 0, FIRST_DOCUMENTS];
  while (sent < pending.length && sent < question.docs && bytes < question.bytes) {
    const usual = sent === 0 ? USUAL_BYTES : bytes / sent;
    const room = Math.max(1, Math.ceil((question.bytes - bytes) / usual));
    const upTo = Math.min(pending.length, question.docs, sent + Math.min(atOnce, room));
    atOnce = Math.min(DOCUMENTS_IN_BLOCK, atOnce * 2);
    // A document with many leaves may fill more than one block.
    for (const part of inParts(await parts.read(plan.leaves(sent, upTo)))) {
      for (const block of toBlocks(part)) {
        const line = writeReplyLine(block);
        bytes += line.length;
        yield line;
      }
    }
    sent = upTo;
    const cursor = plan.cursorAfter(sent);
    if (cursor !== null && sent < pending.length) yield writeReplyLine(['c', cursor, pending.length - sent]);
  }
  const done = plan.complete && sent === pending.length;
  yield writeReplyLine(['e', compare ? 'compare' : done ? 'done' : 'more', plan.cursorAfter(sent), root, pending.length - sent]);
}

function inParts(docs: readonly ExchangeDocument[]): (readonly ExchangeDocument[])[] {
  const parts: (readonly ExchangeDocument[])[] = [];
  for (let from = 0; from < docs.length; from += DOCUMENTS_IN_BLOCK) parts.push(docs.slice(from, from + DOCUMENTS_IN_BLOCK));
  return parts;
}

function revisionsOf(docs: readonly ExchangeDocument[]): Pushed {
  const revisions = new Map<string, Set<string>>();
  for (const { id, rev } of docs) {
    const known = revisions.get(id);
    if (known === undefined) revisions.set(id, new Set([rev]));
    else known.add(rev);
  }
  return revisions;
}
