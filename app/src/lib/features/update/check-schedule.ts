const HOUR_MS = 60 * 60 * 1000;

/** Whether it is time to ask for a new build again: at most once an hour. Times in milliseconds; a clock that was set back makes it due. */
export function checkIsDue(lastCheckMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - lastCheckMs) >= HOUR_MS;
}
