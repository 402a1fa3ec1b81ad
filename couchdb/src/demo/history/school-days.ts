/** Greenhill keeps the time of Nairobi: three hours ahead of UTC, all year. */
const OFFSET_MS = 3 * 3_600_000;
export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

/** Midnight in Nairobi before a time, in milliseconds since 1970. */
export function dayStart(time: number): number {
  return Math.floor((time + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
}

/** The date in Nairobi, as `yyyy-mm-dd`. */
export function dateOf(time: number): string {
  return new Date(time + OFFSET_MS).toISOString().slice(0, 10);
}

function isSchoolDay(start: number): boolean {
  const weekday = new Date(start + OFFSET_MS).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/** The starts of the school days from `daysBefore` days before a time up to, and without, the day of the time; the earliest first. */
export function schoolDaysBefore(time: number, daysBefore: number): number[] {
  const today = dayStart(time);
  return Array.from({ length: daysBefore }, (_, i) => today - (daysBefore - i) * DAY_MS).filter(isSchoolDay);
}
