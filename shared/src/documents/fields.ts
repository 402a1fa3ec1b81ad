import * as v from 'valibot';
import { MAX_DOC_ID_LENGTH } from './ids.ts';
import { KEY_PATTERN } from './partitions.ts';

/** The fields that schemas of several documents share. Lengths are in UTF-16 code units. */
export const key = v.pipe(v.string(), v.regex(KEY_PATTERN, 'must be a key: lower case letters, digits and hyphens, at most 40'));
export const docRef = v.pipe(v.string(), v.maxLength(MAX_DOC_ID_LENGTH));
export const line = v.pipe(v.string(), v.maxLength(200));
export const title = v.pipe(line, v.regex(/\S/, 'must not be blank'));
export const paragraph = v.pipe(v.string(), v.maxLength(4_000));
export const markdown = v.pipe(v.string(), v.maxLength(200_000));
/** A time as `Date.prototype.toISOString` writes it, in UTC with milliseconds. */
export const instant = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'must be a time like 2026-01-31T08:00:00.000Z'),
);
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const version = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** From 0 to 1. */
export const ratio = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
export const points = v.pipe(v.number(), v.minValue(0), v.maxValue(1_000));
/** The points of a whole quiz: at most 200 questions. */
export const totalPoints = v.pipe(v.number(), v.minValue(0), v.maxValue(200_000));
export const language = v.picklist(['en', 'sw', 'ar']);

/** Members by name. A list is none, though valibot's own record takes it for one. */
export function record<const Value extends v.GenericSchema>(names: v.GenericSchema<string, string>, value: Value) {
  return v.pipe(
    v.custom<Readonly<Record<string, unknown>>>((input) => !Array.isArray(input), 'must be an object, not a list'),
    v.record(names, value),
  );
}

/**
 * A value that its owner may change on several devices at once. The change with the higher tick wins; equal ticks are
 * decided by the device id and then by the value's text, the same on every device. No clock takes part.
 */
export function register<Value extends v.GenericSchema>(value: Value) {
  return v.looseObject({ value, tick: count, deviceId: key });
}

/** What every document carries. `deviceId` is the device that made it: `server` for services, `demo` for the demo school. */
export function documentSchema<const Type extends string, Entries extends v.ObjectEntries>(type: Type, entries: Entries) {
  return v.looseObject({
    _id: docRef,
    _rev: v.optional(v.string()),
    type: v.literal(type),
    schemaVersion: v.literal(1),
    createdAt: instant,
    deviceId: key,
    ...entries,
  });
}
