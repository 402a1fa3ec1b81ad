import * as v from 'valibot';

/**
 * The answer to `GET /v1/place`, which anybody may ask from anywhere: what answers at an address. A place is a school's server or a
 * class laptop (hub).
 */
export const placeSchema = v.object({
  kind: v.picklist(['school', 'hub']),
  /** Stays the same under whatever address: a hub's `hubId`, or the random id of a school's servers. */
  id: v.string(),
  /** For people to read. */
  name: v.string(),
  /** The only school that it serves; null where there are several, or none yet. */
  school: v.nullable(v.string()),
  /** Of the program. */
  version: v.string(),
  /** The place's clock, in milliseconds since 1970. */
  now: v.number(),
});
export type Place = v.InferOutput<typeof placeSchema>;
