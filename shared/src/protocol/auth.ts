import * as v from 'valibot';
import { isKey } from '../documents/partitions.ts';
import { publicJwkSchema } from './device-key.ts';

/** Bodies of `/v1/auth/*`. */

const slug = v.pipe(v.string(), v.check(isKey, 'must be a school’s short name: lower case letters, digits and hyphens'));
const nonEmpty = (max: number) => v.pipe(v.string(), v.minLength(1, 'must not be empty'), v.maxLength(max));

export const loginRequestSchema = v.object({
  school: slug,
  username: nonEmpty(100),
  password: nonEmpty(200),
  /** The device that signs in, for the list of devices. */
  deviceId: v.optional(v.pipe(v.string(), v.check(isKey, 'must be a device id'))),
  /**
   * The public half of the key that the device has made for this account. The session is then bound to it: each use of a refresh token
   * comes with a proof, and the answer carries a pass to the school's other places.
   */
  deviceKey: v.optional(publicJwkSchema),
});
export type LoginRequest = v.InferOutput<typeof loginRequestSchema>;

export const refreshRequestSchema = v.object({
  refreshToken: nonEmpty(500),
  /** The pass of this device ends before long: the answer shall carry another. */
  wantsPass: v.optional(v.boolean()),
});
export type RefreshRequest = v.InferOutput<typeof refreshRequestSchema>;

/**
 * `POST /v1/auth/pass`: opens a session for somebody whom another place of the school has signed in. It comes with a proof by the key that the
 * pass names, over a nonce of the place that is asked (`DPoP-Nonce`).
 */
export const passRequestSchema = v.object({
  pass: nonEmpty(2_000),
  deviceId: v.optional(v.pipe(v.string(), v.check(isKey, 'must be a device id'))),
});
export type PassRequest = v.InferOutput<typeof passRequestSchema>;

export const accountSchema = v.object({
  id: v.string(),
  name: v.string(),
  /** Role strings: see `personFrom`. Those of the token, with what the person's classes add. */
  roles: v.array(v.string()),
});
export type Account = v.InferOutput<typeof accountSchema>;

/** The answer to login, refresh and pass. `expiresIn` is the life of the access token in seconds. */
export const sessionSchema = v.object({
  accessToken: v.string(),
  refreshToken: v.string(),
  expiresIn: v.number(),
  account: accountSchema,
  /** Where the access token is bound to the device's key, so that each request with it carries a proof (RFC 9449). */
  tokenType: v.optional(v.literal('DPoP')),
  /** Opens a session at another place of the school: a JWT, for the holder of the device's key alone. */
  pass: v.optional(v.string()),
});
export type Session = v.InferOutput<typeof sessionSchema>;

/** An account of the demo school that the sign-in page offers with one tap. Never present outside a demo school. */
export const demoAccountSchema = v.object({
  username: v.string(),
  password: v.string(),
  name: v.string(),
  kind: v.picklist(['learner', 'teacher', 'guardian', 'employer', 'admin']),
});

export type DemoAccount = v.InferOutput<typeof demoAccountSchema>;

/** The answer to `GET /v1/schools`: the schools of this server. */
export const schoolsSchema = v.object({
  schools: v.array(v.object({ slug: v.string(), name: v.string(), demoAccounts: v.array(demoAccountSchema) })),
});
export type Schools = v.InferOutput<typeof schoolsSchema>;

/** An error outside the replication routes. `id` is stable; `message` is safe to show. */
export const apiErrorSchema = v.object({
  error: v.object({ id: v.string(), message: v.string(), retryAfterSeconds: v.optional(v.number()) }),
});
export type ApiError = v.InferOutput<typeof apiErrorSchema>;
