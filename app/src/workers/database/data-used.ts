import * as v from 'valibot';

/** How much this device's sync has used of a network, in bytes both ways. */
export interface DataUsed {
  readonly today: number;
  readonly month: number;
}

const count = v.pipe(v.number(), v.minValue(0));
/** As it is kept: of the last day on which there was any. */
const keptSchema = v.object({ day: v.string(), today: count, month: count });
export type KeptDataUsed = v.InferOutput<typeof keptSchema>;

/** Reads what was kept; nothing where there is nothing. */
export function keptDataUsed(value: unknown): KeptDataUsed {
  const kept = v.safeParse(keptSchema, value);
  return kept.success ? kept.output : { day: '', today: 0, month: 0 };
}

/** The day at this device, as `2026-01-31`. */
export function dayOf(now: number): string {
  const at = new Date(now);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

/** What was used until now on this day and in its month. */
export function dataUsedOn({ day: keptDay, today, month }: KeptDataUsed, day: string): DataUsed {
  const sameMonth = keptDay.slice(0, 7) === day.slice(0, 7);
  return { today: keptDay === day ? today : 0, month: sameMonth ? month : 0 };
}

export function withDataUsed(kept: KeptDataUsed, bytes: number, day: string): KeptDataUsed {
  const { today, month } = dataUsedOn(kept, day);
  return { day, today: today + bytes, month: month + bytes };
}
