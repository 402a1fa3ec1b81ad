import type { SyncView } from '$lib/client/index.ts';

/**
 * What may be said of all of a person's work. `arrived` only where the last sync proved it (rule D4 of sync) and the school refused
 * nothing; `nothing-waits` says less: all was taken or refused.
 */
export type SyncSummary = 'waiting' | 'not-heard' | 'arrived' | 'nothing-waits';

export function summaryOf({
  unsent,
  lastContactAt,
  proved,
  refused,
}: Pick<SyncView, 'unsent' | 'lastContactAt' | 'proved' | 'refused'>): SyncSummary {
  if (unsent > 0) return 'waiting';
  if (lastContactAt === null) return 'not-heard';
  return proved && refused.length === 0 ? 'arrived' : 'nothing-waits';
}
