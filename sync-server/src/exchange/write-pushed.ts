import { partitionOf } from '@darasa/shared/documents';
import { type ExchangeDocument, toCouch } from '@darasa/shared/sync';
import { CouchRefused } from '../couch/couch-client.ts';
import type { SchoolIndex } from '../feed/index/school-index.ts';
import type { JudgedWrites } from '../routes/replication/bulk-docs.ts';
import type { RefusedPush } from './answer-exchange.ts';

/**
 * Writes what a device pushes, and waits until the index knows of it: the reply’s root then counts it. The documents
 * pass the same judgement as those of `_bulk_docs`.
 */
export async function writePushed(
  index: Pick<SchoolIndex, 'built' | 'caughtUp' | 'learn'>,
  docs: readonly ExchangeDocument[],
  judgeAndWrite: (docs: readonly unknown[]) => Promise<JudgedWrites>,
  mayRead: (partitionId: string) => boolean,
): Promise<RefusedPush[]> {
  const { verdicts, answers } = await judgeAndWrite(docs.map(toCouch));
  const refused = refusals(docs, verdicts, answers);
  const leaf = ({ id, rev }: { readonly id: string; readonly rev: string }): string => `${id} ${rev}`;
  const notTaken = new Set(refused.map(leaf));
  const written = docs.filter((doc, at) => verdicts[at]?.verdict === 'pass' && !notTaken.has(leaf(doc)) && mayRead(partitionOf(doc.id)));
  if (written.length > 0) await index.caughtUp();
  // Where another copy of the database was read than was written to, and where what was pushed is no leaf by now.
  await index.learn(written.filter(({ id, rev }) => index.built?.index.leaves(id)?.includes(rev) !== true).map(({ id }) => id));
  return refused;
}

/**
 * What the policy refused, and what the database did. Of replication it answers only that, by id. Throws CouchRefused for any other
 * trouble of the database's with a document: the device keeps it as unsent and comes again.
 */
export function refusals(
  docs: readonly ExchangeDocument[],
  verdicts: JudgedWrites['verdicts'],
  answers: JudgedWrites['answers'],
): RefusedPush[] {
  const byPolicy = docs.flatMap(({ id, rev }, at) => {
    const verdict = verdicts[at];
    return verdict?.verdict === 'refused' ? [{ id, rev, error: verdict.error, reason: verdict.reason }] : [];
  });
  const byDatabase = answers.flatMap((answer) => {
    const { id, rev, error, reason } = answer;
    if (typeof error !== 'string') return [];
    if (error !== 'forbidden') throw new CouchRefused('POST _bulk_docs', 201, `${String(id)}: ${error}: ${String(reason)}`);
    const named = docs.filter((doc) => doc.id === id && (typeof rev !== 'string' || doc.rev === rev));
    return named.map((doc) => ({ id: doc.id, rev: doc.rev, error, reason: typeof reason === 'string' ? reason : error }));
  });
  return [...byPolicy, ...byDatabase];
}
