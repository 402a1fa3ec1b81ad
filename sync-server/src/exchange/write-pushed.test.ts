import type { ExchangeDocument } from '@darasa/shared/sync';
import { describe, expect, it } from 'vitest';
import type { JudgedWrites } from '../routes/replication/bulk-docs.ts';
import { writePushed } from './write-pushed.ts';

const doc: ExchangeDocument = { id: 'learner-ada:progress:maths-7', rev: '1-a', ancestors: [], body: {} };

/** What the device hears of a document that the database answers in this way. Nothing is written, so nothing else is asked. */
async function heardOf(answer: JudgedWrites['answers'][number]): Promise<unknown> {
  const judged: JudgedWrites = { verdicts: [{ verdict: 'pass' }], passed: [doc], answers: [{ id: doc.id, ...answer }] };
  const index = { built: null, caughtUp: async () => undefined, learn: async () => undefined };
  return writePushed(
    index,
    [doc],
    async () => judged,
    () => true,
  );
}

describe('what the database does not take', () => {
  it('is refused where its rules forbid it (X4)', async () => {
    expect(await heardOf({ error: 'forbidden', reason: 'Not yours' })).toEqual([
      { id: doc.id, rev: doc.rev, error: 'forbidden', reason: 'Not yours' },
    ]);
  });

  it('is no refusal where the database is in trouble: the device keeps it as unsent (X4)', async () => {
    await expect(heardOf({ error: 'timeout', reason: 'The request could not be processed' })).rejects.toThrow('timeout');
  });
});
