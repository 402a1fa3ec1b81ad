import type { Place, SyncView } from '$lib/client/index.ts';
import { formats, words } from '$lib/messages/index.ts';

/**
 * Where the person's work as a whole is: as far as all of it has proved to be. At the school only where both sides were compared since the
 * last piece was made (rule D4 of sync); that the school took each piece is not enough.
 */
export function placeOfAll(sync: SyncView | undefined): Place {
  if (sync === undefined) return 'device';
  if (sync.refused.length > 0) return 'refused';
  if (sync.unsent > 0 || sync.lastContactAt === null) return 'device';
  if (sync.atLaptop > 0) return 'laptop';
  return sync.proved ? 'school' : 'device';
}

/** Since when that is known, in words; null where nothing is known. */
export function sinceWords(sync: SyncView | undefined, now: Date): string | null {
  if (sync === undefined) return null;
  const when = sync.lastContactAt === null ? words().sync.never : formats().away(sync.lastContactAt, now);
  return `${words().sync.lastContact}: ${when}`;
}
