import { type DocumentOf, partitionOf } from '@darasa/shared/documents';
import type { KnownLeaf, Ledger } from './ledger.ts';

type Receipt = Pick<DocumentOf<'receipt'>, '_id' | 'ids' | 'states'>;

/**
 * Receipts of the school for work that a class laptop handed in: what they name is at the school (rule L4). A receipt speaks for the learner
 * in whose partition it stands, and for nobody else.
 */
export async function noteReceipts(ledger: Ledger, receipts: readonly Receipt[]): Promise<void> {
  const known: KnownLeaf[] = [];
  for (const { _id, ids, states } of receipts) {
    const isTheirs = (id: string): boolean => partitionOf(id) === partitionOf(_id);
    const rows = await ledger.rowsOf(ids.filter(isTheirs));
    // What is written once has one leaf, the first; its id names the content.
    for (const row of rows) if (row !== undefined && /^1-\S+$/.test(row.leaves)) known.push({ id: row.id, rev: row.leaves, ancestors: [] });
    known.push(...states.filter(({ id }) => isTheirs(id)).map(({ id, rev }) => ({ id, rev, ancestors: [] })));
  }
  if (known.length > 0) await ledger.acknowledge(known);
}
