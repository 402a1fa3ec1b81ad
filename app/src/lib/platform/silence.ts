import { BACKGROUND_SEND_LOCK, REQUESTS_LOCK } from '@darasa/shared/protocol';

export interface SilenceEnvironment {
  /** Null where the browser has no Web Locks, as WebKit before 15.4: it lets a new build in at once anyway. */
  readonly locks: Pick<LockManager, 'request'> | null;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly longestMs: number;
}

/**
 * Does it when no tab begins a request of the sync and the service worker sends nothing, and keeps that silence until this page is
 * gone, or for so long. Why there must be silence: see the locks' own words.
 */
export async function inSilence({ locks, wait, longestMs }: SilenceEnvironment, act: () => void): Promise<void> {
  if (locks === null) {
    act();
    return;
  }
  // It may be waiting for its turn behind this very page, half a minute. (Rejects when another page steals it from this one.)
  await locks.request(BACKGROUND_SEND_LOCK, { steal: true }, () => undefined).catch(() => undefined);
  let acted = false;
  try {
    await locks.request(REQUESTS_LOCK, { signal: AbortSignal.timeout(longestMs) }, async () => {
      acted = true;
      act();
      await wait(longestMs);
    });
  } catch (error) {
    if (acted) throw error;
    // A tab that the browser has put to sleep answers nobody.
    act();
  }
}
