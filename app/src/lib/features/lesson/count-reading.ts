import { watchVisibility } from '$lib/platform/visibility.ts';

export interface Reading {
  /** How far the reader has come, from 0 to 1. */
  seen(part: number): void;
  /** Reports what is left and stops. */
  end(): void;
}

/** What reading is counted by: whether the page is seen, and a clock that only goes forward, in milliseconds. */
export interface ReadingClock {
  readonly watch: (show: (visible: boolean) => void) => () => void;
  readonly now: () => number;
}

/** Often enough that a flat battery costs little, seldom enough that a page turned is not a document written. */
const REPORT_EVERY_MS = 15_000;

/**
 * Counts the time that a lesson is on a visible page and how far it was seen, and reports both now and then, when the page
 * is hidden, and at the end. Nothing is reported that adds nothing.
 */
export function countReading(
  report: (report: { seen: number; seconds: number }) => void,
  { watch, now }: ReadingClock = { watch: watchVisibility, now: () => performance.now() },
): Reading {
  let part = 0;
  let reported = 0;
  let visibleSince: number | null = null;
  let countedMs = 0;

  const pause = (): void => {
    if (visibleSince !== null) countedMs += now() - visibleSince;
    visibleSince = null;
  };
  const send = (): void => {
    if (visibleSince !== null) {
      pause();
      visibleSince = now();
    }
    const seconds = Math.floor(countedMs / 1_000);
    if (seconds === 0 && part <= reported) return;
    countedMs -= seconds * 1_000;
    reported = Math.max(reported, part);
    report({ seen: part, seconds });
  };

  const stopWatching = watch((visible) => {
    if (visible) {
      visibleSince ??= now();
      return;
    }
    pause();
    send();
  });
  const timer = setInterval(send, REPORT_EVERY_MS);

  return {
    seen: (value) => {
      part = Math.max(part, value);
    },
    end: () => {
      clearInterval(timer);
      pause();
      send();
      stopWatching();
    },
  };
}
