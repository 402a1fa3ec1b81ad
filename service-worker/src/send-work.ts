import {
  type AccountTokens,
  apiErrorSchema,
  askWithProof,
  CLOCK_HEADER,
  DEVICE_HEADER,
  type DeviceKey,
  endsSession,
  type OutboxRow,
  PROOF_HEADER,
  type ProofWorld,
  RENEW_BEFORE_MS,
  refreshLock,
  schoolDatabasePath,
  sessionSchema,
  tokenHash,
} from '@darasa/shared/protocol';
import { EXCHANGE_TYPE } from '@darasa/shared/sync';
import * as v from 'valibot';
import type { DeviceRecords } from './device-records.ts';

/*
 * Sends the work that waits in the outbox, of every account of this device, with each one's own token: sync-spec P10 to P13.
 *
 * A refresh token is good once. Whoever uses it takes the account's lock, reads the stored token again under it, and has the
 * next one on the disk before anything is asked with it; only then does the school know that the next one arrived. A
 * service worker that dies in between leaves the old token, and the school answers its next use with the same successor
 * (sync-server/src/services/refresh-tokens.ts).
 */

export interface SendEnvironment {
  readonly records: DeviceRecords;
  readonly fetch: typeof fetch;
  readonly locks: Pick<LockManager, 'request'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where the app came from. */
  readonly origin: string;
  readonly random: ProofWorld['random'];
  readonly nonces: ProofWorld['nonces'];
  /** From 0 up to 1. */
  readonly chance: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Whether a page of the app is open: it sends by itself, and this only if it did not. */
  readonly pageIsOpen: () => Promise<boolean>;
}

/** Devices that get the network in the same second begin over so long, evenly (P8), … */
export const SPREAD_MS = 10_000;
/** … and an open page goes first. */
export const PAGE_FIRST_MS = 15_000;
/**
 * Only a page may ask for another background sync. So the last one goes on trying for itself, while the browser lets it live: five
 * minutes in Chromium. After it the work goes when the app is opened, or with a periodic sync.
 */
export const LAST_PAUSES_MS = [45_000, 90_000] as const;
/** A phone on a bad network hangs rather than fails. */
const PATIENCE_MS = 60_000;

/** Something is left that a later try may send. The browser tries again when this is thrown. */
export class WorkIsLeft extends Error {
  override readonly name = 'WorkIsLeft';
}

/** `kept`: it stays in the outbox, and trying again alone would change nothing; the app, or its person, has to act. */
type Sent = 'sent' | 'kept' | 'later';

/** Sends what waits. Throws WorkIsLeft where another try may help. `lastChance`: the browser will not try again by itself. */
export async function sendWork(environment: SendEnvironment, lastChance = false): Promise<void> {
  const { records } = environment;
  if ((await records.outbox()).length === 0) return;
  await environment.wait(environment.chance() * SPREAD_MS + ((await environment.pageIsOpen()) ? PAGE_FIRST_MS : 0));
  let left = await sendAll(environment);
  for (const pause of lastChance ? LAST_PAUSES_MS : []) {
    if (left === 0) return;
    await environment.wait(pause);
    left = await sendAll(environment);
  }
  if (left > 0) throw new WorkIsLeft(`Work of ${left} accounts could not be sent`);
}

/** How many accounts’ work a later try may send. */
async function sendAll(environment: SendEnvironment): Promise<number> {
  let left = 0;
  for (const row of await environment.records.outbox()) if ((await sendOne(environment, row)) === 'later') left += 1;
  return left;
}

async function sendOne(environment: SendEnvironment, row: OutboxRow): Promise<Sent> {
  let stale: string | null = null;
  // The second time with a new token, where the school did not take the first.
  for (let tries = 0; tries < 2; tries++) {
    const token = await freshToken(environment, row.accountId, stale);
    if (!token.ok) return token.left;
    const { accessToken, key } = token;
    const response = await ask(environment, `${schoolDatabasePath(row.school)}/_exchange`, {
      body: row.body as Uint8Array<ArrayBuffer>, // it comes out of IndexedDB: never shared memory
      headers: {
        'content-type': EXCHANGE_TYPE,
        authorization: `${key === null ? 'Bearer' : 'DPoP'} ${accessToken}`,
        ...(row.gzipped ? { 'content-encoding': 'gzip' } : {}),
      },
      proof: key === null ? null : { key, ath: tokenHash(accessToken) },
    });
    if (response === null) return 'later';
    if (response.ok) {
      // What was refused comes first in the reply, and the app asks again itself: nothing here counts as proved.
      await environment.records.sent(row);
      return 'sent';
    }
    if (response.status !== 401) return response.status === 429 || response.status >= 500 ? 'later' : 'kept';
    stale = accessToken;
  }
  return 'kept';
}

type FreshToken =
  /** `key`: the device's, where the token is bound to it. */
  { readonly ok: true; readonly accessToken: string; readonly key: DeviceKey | null } | { readonly ok: false; readonly left: Sent };

async function freshToken(environment: SendEnvironment, accountId: string, stale: string | null): Promise<FreshToken> {
  // The lock manager’s type flattens promises; the work’s value comes back as it is.
  return environment.locks.request(refreshLock(accountId), () => storedOrRenewed(environment, accountId, stale)) as Promise<FreshToken>;
}

async function storedOrRenewed(environment: SendEnvironment, accountId: string, stale: string | null): Promise<FreshToken> {
  const { records, now } = environment;
  const stored = await records.tokens(accountId);
  if (stored === null) return { ok: false, left: 'kept' };
  const { accessToken, accessExpiresAt, refreshToken, bound } = stored;
  const key = await records.deviceKey(accountId);
  if (accessToken !== null && accessToken !== stale && accessExpiresAt - now() > RENEW_BEFORE_MS)
    return { ok: true, accessToken, key: bound ? key : null };
  if (refreshToken === null) return { ok: false, left: 'kept' };
  const response = await ask(environment, '/v1/auth/refresh', {
    body: JSON.stringify({ refreshToken }),
    headers: { 'content-type': 'application/json' },
    proof: key === null ? null : { key },
  });
  return response === null ? { ok: false, left: 'later' } : renewed(environment, stored, key, response);
}

async function renewed(
  { records, now }: SendEnvironment,
  used: AccountTokens,
  key: DeviceKey | null,
  response: Response,
): Promise<FreshToken> {
  const json: unknown = await response.json().catch(() => null); // It broke off, or is the page of a captive portal.
  if (response.ok) {
    const session = v.safeParse(sessionSchema, json);
    if (!session.success) return { ok: false, left: 'later' };
    const { accessToken, refreshToken, expiresIn, tokenType } = session.output;
    const bound = tokenType === 'DPoP';
    await records.replaceTokens(used, { accessToken, refreshToken, accessExpiresAt: now() + expiresIn * 1_000, bound });
    return { ok: true, accessToken, key: bound ? key : null };
  }
  const told = v.safeParse(apiErrorSchema, json);
  // The app hears the same when it is opened, and asks for the password; the work stays as unsent.
  const id = told.success ? told.output.error.id : '';
  // So it does where the device's key was lost with what the browser cleared.
  if (endsSession({ status: response.status, id }) || id === 'proof-needed') return { ok: false, left: 'kept' };
  return { ok: false, left: 'later' };
}

interface Asked {
  readonly body: BodyInit;
  readonly headers: Readonly<Record<string, string>>;
  /** With which key it is proved, and of which access token the proof tells. */
  readonly proof: { readonly key: DeviceKey; readonly ath?: string } | null;
}

/** Null when no answer came. */
async function ask(environment: SendEnvironment, path: string, { body, headers, proof }: Asked): Promise<Response | null> {
  const { fetch: fetched, records, now, origin } = environment;
  const deviceId = await records.deviceId();
  const about = deviceId === null ? {} : { [DEVICE_HEADER]: deviceId, [CLOCK_HEADER]: String(now()) };
  const send = (proved: Record<string, string>): Promise<Response> =>
    fetched(path, {
      method: 'POST',
      body,
      headers: { ...headers, ...about, ...proved },
      credentials: 'omit',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  try {
    if (proof === null) return await send({});
    const { key, ...request } = proof;
    const of = { ...request, method: 'POST', url: origin + path, origin };
    return await askWithProof(key, of, environment, (text) => send({ [PROOF_HEADER]: text }));
  } catch {
    return null; // No network, or it hung: what no answer means is decided by who asked.
  }
}
