import type { SyncView } from '$lib/client/index.ts';

/**
 * What may be said of all of a person's work. `arrived` only where the last sync proved it (rule D4 of sync) and the school refused
 * nothing; `at-laptop` where a class laptop has what the school is not known to have; `nothing-waits` says less: all was taken or refused.
 */
export type SyncSummary = 'waiting' | 'not-heard' | 'at-laptop' | 'arrived' | 'nothing-waits';

export function summaryOf({
  unsent,
  atLaptop,
  lastContactAt,
  proved,
  refused,
}: Pick<SyncView, 'unsent' | 'atLaptop' | 'lastContactAt' | 'proved' | 'refused'>): SyncSummary {
  if (unsent > 0) return 'waiting';
  if (lastContactAt === null) return 'not-heard';
  if (atLaptop > 0) return 'at-laptop';
  return proved && refused.length === 0 ? 'arrived' : 'nothing-waits';
}
