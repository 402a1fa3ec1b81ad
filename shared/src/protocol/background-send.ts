import * as v from 'valibot';

/*
 * What the app leaves on the device for the service worker, which sends a person's work after the last page was closed. The
 * app writes it (app/src/workers/database), the service worker reads it; both are on the same device, and may be of builds that are
 * one apart.
 */

/** The tag of the background sync that sends. */
export const SEND_WORK_TAG = 'send-work';

/** The IndexedDB database, and its object stores, that both use. */
export const DEVICE_DATABASE = 'device';
export const DEVICE_STORES = { accounts: 'accounts', outbox: 'outbox', settings: 'settings', deviceKeys: 'deviceKeys' } as const;

/**
 * The lock under which an account's refresh token is used. A token is good once, and using it twice ends the session, so every tab
 * and the service worker takes this lock, reads the stored token again, and stores the next one before anything is asked with it.
 */
export function refreshLock(accountId: string): string {
  return `darasa-refresh-${accountId}`;
}

/** Where a server has a school's database, as CouchDB's replication protocol. */
export function schoolDatabasePath(school: string): string {
  return `/db/school-${school}`;
}

/** One account's unsent work, ready to go: the body of an exchange. */
export const outboxRowSchema = v.object({
  accountId: v.string(),
  school: v.string(),
  body: v.instance(Uint8Array),
  gzipped: v.boolean(),
  /** By this device's clock, in milliseconds. Changes with the body. */
  updatedAt: v.number(),
});
export type OutboxRow = v.InferOutput<typeof outboxRowSchema>;

/** What the service worker reads of an account on this device. */
export const accountTokensSchema = v.object({
  accountId: v.string(),
  refreshToken: v.nullable(v.string()),
  accessToken: v.nullable(v.string()),
  /** By this device's clock, in milliseconds. */
  accessExpiresAt: v.number(),
  /** The access token is bound to the device's key: each request with it carries a proof. */
  bound: v.optional(v.boolean(), false),
});
export type AccountTokens = v.InferOutput<typeof accountTokensSchema>;

/** A token is renewed this long before it ends, so that it lasts for the request that carries it. */
export const RENEW_BEFORE_MS = 60_000;

/** Whether the server itself said, in its answer to a refresh, that there is no such session any more. Whatever else it says, the session may live. */
export function endsSession({ status, id }: { readonly status: number; readonly id: string }): boolean {
  return (status === 401 && id === 'signed-out') || (status === 403 && id === 'account-disabled');
}
