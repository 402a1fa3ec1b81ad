import { partitionId } from '../partitions.ts';
import type { DocumentOf } from '../registry.ts';
import type { Origin } from './origin.ts';
import { sealedId } from './sealed.ts';

export interface NewReceipt extends Origin {
  readonly learnerId: string;
  readonly hubId: string;
  readonly vouched: DocumentOf<'receipt'>['vouched'];
  readonly ids: readonly string[];
  readonly states: readonly { readonly id: string; readonly rev: string }[];
}

/** What the school says of work that a class laptop handed in, at the moment `createdAt`. */
export function newReceipt({ learnerId, hubId, vouched, ids, states, createdAt, deviceId }: NewReceipt): DocumentOf<'receipt'> {
  const content = {
    type: 'receipt' as const,
    schemaVersion: 1 as const,
    createdAt,
    deviceId,
    learnerId,
    by: `hub:${hubId}`,
    vouched,
    receivedAt: createdAt,
    ids: [...ids],
    states: states.map((state) => ({ ...state })),
  };
  return { _id: sealedId(partitionId('learner', learnerId), content), ...content };
}
