import { REQUESTS_LOCK, SILENCE_MS } from '@darasa/shared/protocol';
import { anyOf } from './any-signal.ts';

/**
 * `fetch` that begins no request while a new build of the app takes over (app/src/lib/platform/silence.ts). One that has begun is left
 * alone: the service worker has passed it on, and is not kept by it. No request waits longer than `longestMs`.
 */
export function silenceable(send: typeof fetch, locks: Pick<LockManager, 'request'> | null, longestMs = SILENCE_MS): typeof fetch {
  if (locks === null) return send;
  return async (input, init) => {
    const longest = AbortSignal.timeout(longestMs);
    const signal = init?.signal == null ? longest : anyOf(init.signal, longest);
    let begun: Promise<Response> | null = null;
    try {
      // Held for the beginning alone: nobody is silent before a long poll has ended otherwise.
      await locks.request(REQUESTS_LOCK, { mode: 'shared', signal }, () => {
        begun = send(input, init);
        begun.catch(() => undefined); // told to who asked, below
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return begun ?? send(input, init);
  };
}
