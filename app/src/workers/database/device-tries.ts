import type { AccountRow, DeviceStore } from './device-store.ts';

/** So many wrong ones cost no wait. */
const FREE_TRIES = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/** How many wrong secrets in a row, and when the last was tried, by the device's clock. */
export interface Tries {
  readonly wrong: number;
  readonly at: number;
}

/**
 * How long an account cannot be tried on this device: half a minute after the fifth wrong secret in a row, and twice as long after each
 * further one. It stops a child who guesses at the tablet, not somebody who sets its clock.
 */
export function waitOf(tries: Tries | undefined, now: number): number {
  if (tries === undefined || tries.wrong < FREE_TRIES) return 0;
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries.wrong - FREE_TRIES));
  return Math.max(0, wait - Math.max(0, now - tries.at));
}

/** Counts a try before it is checked, so that two tabs have no more tries than one. Answers the milliseconds to wait; 0: it may be tried. */
export function countTry(store: DeviceStore, accountId: string, now: number): Promise<number> {
  return store.transaction('rw', store.accounts, async () => {
    const row = await store.accounts.get(accountId);
    const wait = waitOf(row?.tries, now);
    if (row !== undefined && wait === 0) await store.accounts.update(accountId, { tries: { wrong: (row.tries?.wrong ?? 0) + 1, at: now } });
    return wait;
  });
}

/** After a right one. */
export const noTries: Pick<AccountRow, 'tries'> = { tries: { wrong: 0, at: 0 } };
