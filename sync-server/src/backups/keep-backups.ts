import type { BackupOutcome } from '@darasa/couchdb/backup';
import type { Logger } from 'pino';
import { pause } from '../feed/pause.ts';

/** Nobody waits for a backup in the first minutes, when a whole class may be connecting. */
export const FIRST_AFTER_MS = 180_000;
export const EVERY_MS = 900_000;
const LOOK_MS = 30_000;

/** When each folder was last tried, in milliseconds since 1970. */
export type Tries = ReadonlyMap<string, number>;

/** The folders whose turn it is. One that turns up later, such as a stick, has its turn at once. */
export function due(targets: readonly string[], tries: Tries, startedAt: number, now: number): string[] {
  if (now - startedAt < FIRST_AFTER_MS) return [];
  return targets.filter((target) => now - (tries.get(target) ?? Number.NEGATIVE_INFINITY) >= EVERY_MS);
}

/** What the log says of an outcome; null where there is nothing to say. */
export function outcomeStory(target: string, outcome: BackupOutcome): { readonly good: boolean; readonly text: string } | null {
  switch (outcome.outcome) {
    case 'written':
      return {
        good: true,
        text: `A backup of ${outcome.documents} documents (${Math.ceil(outcome.bytes / 1024)} KB) was written and read back in ${target}`,
      };
    case 'unchanged':
      return null;
    case 'full':
      return { good: false, text: `There is no room for a backup in ${target}. Older ones were kept` };
    case 'failed':
      return { good: false, text: `No backup could be written in ${target}: ${outcome.why}` };
  }
}

/** Makes backups until the signal aborts: some minutes after the start, then each quarter of an hour where something changed. */
export async function keepBackups(
  parts: {
    readonly targets: () => Promise<string[]>;
    readonly make: (target: string) => Promise<BackupOutcome>;
    readonly now: () => number;
    readonly log: Logger;
  },
  signal: AbortSignal,
): Promise<void> {
  const startedAt = parts.now();
  const tries = new Map<string, number>();
  const told = new Map<string, string>();
  while (!signal.aborted) {
    await pause(LOOK_MS, signal);
    if (signal.aborted) return;
    const targets = await parts.targets();
    // A stick that comes back has its turn again.
    for (const target of tries.keys()) if (!targets.includes(target)) tries.delete(target);
    for (const target of due(targets, tries, startedAt, parts.now())) {
      if (signal.aborted) return;
      tries.set(target, parts.now());
      const story = outcomeStory(target, await parts.make(target));
      if (story?.good) parts.log.info(story.text);
      // Said once, not each quarter of an hour.
      else if (story && told.get(target) !== story.text) parts.log.warn(story.text);
      if (story) told.set(target, story.text);
    }
  }
}
