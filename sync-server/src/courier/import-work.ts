import { type CourierLine, CourierProblem } from '@darasa/shared/courier';
import { parseDocId } from '@darasa/shared/documents';
import type { CourierReport } from '@darasa/shared/protocol';
import { type ExchangeDocument, fromBlock, type RefusedDocument, toCouch } from '@darasa/shared/sync';
import type { RefusedPush } from '../exchange/answer-exchange.ts';
import { refusals } from '../exchange/write-pushed.ts';
import type { JudgedWrites } from '../routes/replication/bulk-docs.ts';

/** What became of the documents of a file. */
export interface ImportedWork {
  /** Leaves that the school has now: taken from the file, or had before. */
  readonly arrived: readonly (readonly [id: string, rev: string])[];
  readonly taken: number;
  readonly known: number;
  readonly refused: readonly RefusedDocument[];
  /** The file was not as its maker made it from somewhere on. What came before stands. */
  readonly problem: CourierProblem | null;
}

/**
 * Writes the documents of a file as its author, as a push of theirs would be. Each is judged for itself, so that a file that comes twice, late,
 * or after a newer one changes nothing that the same documents over a network would not.
 */
export async function importWork(
  lines: AsyncIterable<CourierLine>,
  judgeAndWrite: (docs: readonly unknown[]) => Promise<JudgedWrites>,
): Promise<ImportedWork> {
  const arrived: (readonly [string, string])[] = [];
  const refused: RefusedPush[] = [];
  let [taken, known] = [0, 0];
  let problem: CourierProblem | null = null;
  try {
    for await (const line of lines) {
      if (line[0] !== 'd') continue;
      const docs = fromBlock(line);
      const judged = await judgeAndWrite(docs.map(toCouch));
      const not = refusals(docs, judged.verdicts, judged.answers);
      const notTaken = new Set(not.map(nameOf));
      docs.forEach((doc, at) => {
        if (notTaken.has(nameOf(doc))) return;
        arrived.push([doc.id, doc.rev]);
        if (judged.verdicts[at]?.verdict === 'known') known += 1;
        else taken += 1;
      });
      refused.push(...not);
    }
  } catch (error) {
    if (!(error instanceof CourierProblem)) throw error;
    problem = error;
  }
  return { arrived, taken, known, refused, problem };
}

const nameOf = ({ id, rev }: Pick<ExchangeDocument, 'id' | 'rev'>): string => `${id} ${rev}`;

/** What is told of refused documents: which, only where whoever asks may read them. */
export function refusedByReason(refused: readonly RefusedDocument[], mayRead: (id: string) => boolean): CourierReport['refused'] {
  const groups = new Map<string, { type: string; reason: string; count: number; ids: string[] }>();
  for (const { id, reason } of refused) {
    const type = parseDocId(id)?.type ?? '';
    const readable = mayRead(id);
    // A reason may name what it is about.
    const told = readable ? reason : '';
    const group = groups.get(`${type} ${told}`) ?? { type, reason: told, count: 0, ids: [] };
    group.count += 1;
    if (readable) group.ids.push(id);
    groups.set(`${type} ${told}`, group);
  }
  return [...groups.values()];
}
