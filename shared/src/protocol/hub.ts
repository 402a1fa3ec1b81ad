import * as v from 'valibot';
import { isKey } from '../documents/partitions.ts';
import { ACCOUNT_KINDS } from './admin.ts';
import { publicJwkSchema } from './device-key.ts';

/** Bodies of `/v1/hubs/*`: class laptops and the school that they are paired with. */

const key = v.pipe(v.string(), v.check(isKey, 'must be an id'));
const name = v.pipe(v.string(), v.regex(/\S/, 'must not be blank'), v.maxLength(200));

/** `POST /v1/hubs/codes`, by an admin, or by a teacher of all the classes. */
export const newHubCodeSchema = v.strictObject({ classes: v.pipe(v.array(key), v.minLength(1), v.maxLength(50)), name });
export type NewHubCode = v.InferOutput<typeof newHubCodeSchema>;

/** The code is shown once. It pairs one laptop, until `expiresAt` (ISO 8601). */
export const hubCodeSchema = v.object({ code: v.string(), expiresAt: v.string() });
export type HubCode = v.InferOutput<typeof hubCodeSchema>;

/** The letters of a code: none that is taken for another. */
export const HUB_CODE_LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';
export const HUB_CODE_LENGTH = 10;

/** A code as it is compared: however it was written, grouped or capitalised. */
export function plainHubCode(typed: string): string {
  return typed.toLowerCase().replace(/[\s-]/g, '');
}

/** `POST /v1/hubs/pair`, by whoever has the code. Asked again with the same code and key it gives the same answer. */
export const pairRequestSchema = v.object({ code: v.pipe(v.string(), v.maxLength(100)), publicKey: publicJwkSchema });
export type PairRequest = v.InferOutput<typeof pairRequestSchema>;

export const pairAnswerSchema = v.object({
  hubId: key,
  name: v.string(),
  school: v.object({ slug: key, name: v.string() }),
  classes: v.array(key),
  /** The school's place: for whom the hub's assertions are meant. */
  place: key,
});
export type PairAnswer = v.InferOutput<typeof pairAnswerSchema>;

/**
 * `POST /v1/hubs/token`: an assertion (RFC 7523) that the hub signed with its key. `iss` and `sub` are the hub, `aud` the school's place,
 * `jti` is used once, `exp` at most a minute away.
 */
export const hubTokenRequestSchema = v.object({ school: key, assertion: v.pipe(v.string(), v.maxLength(4_000)) });

export const hubTokenSchema = v.object({
  accessToken: v.string(),
  /** In seconds. */
  expiresIn: v.number(),
  classes: v.array(key),
  /** Accounts that are not on the roster any more, of whom the hub may still hold work: see `hubReleaseSchema`. */
  leaving: v.array(key),
});
export type HubToken = v.InferOutput<typeof hubTokenSchema>;

/** Somebody on the roster of a hub, with the password's verifier as CouchDB keeps it. */
export const hubPersonSchema = v.object({
  id: key,
  username: v.string(),
  displayName: v.string(),
  kind: v.picklist(ACCOUNT_KINDS),
  /** Of the account's roles those that a hub can serve. */
  roles: v.array(v.string()),
  verifier: v.record(v.string(), v.union([v.string(), v.number()])),
});
export type HubPerson = v.InferOutput<typeof hubPersonSchema>;

/** `GET /v1/hubs/people`, by the hub: whoever may sign in there, and the sign-ins of these people that were ended (families of refresh tokens). */
export const hubPeopleSchema = v.object({
  people: v.array(hubPersonSchema),
  ended: v.array(v.object({ family: v.string(), expiresAt: v.number() })),
});
export type HubPeople = v.InferOutput<typeof hubPeopleSchema>;

/** `POST /v1/hubs/release`, by the hub: all that it held of these accounts is at the school, and is about to be removed from the laptop. */
export const hubReleaseSchema = v.object({ accounts: v.pipe(v.array(key), v.maxLength(5_000)) });

/** `POST /v1/hubs/ended`, by the hub: sign-ins of its own that were ended there. */
export const hubEndedSchema = v.object({
  ended: v.pipe(v.array(v.object({ family: v.string(), expiresAt: v.number() })), v.maxLength(5_000)),
});

/** `GET /v1/hubs`, for admins, and for teachers those of their classes. */
export const hubListSchema = v.object({
  hubs: v.array(
    v.object({
      id: key,
      name: v.string(),
      classes: v.array(key),
      pairedAt: v.string(),
      lastSeenAt: v.nullable(v.string()),
      revokedAt: v.nullable(v.string()),
    }),
  ),
});
export type HubList = v.InferOutput<typeof hubListSchema>;
