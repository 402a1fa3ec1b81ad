import type { Logger } from 'pino';
import type { ServerStore } from '../couch/server-store.ts';
import { pause } from '../feed/pause.ts';
import type { Environment } from './environment.ts';
import { usedAssertionRecord } from './hub-credentials.ts';
import { hubCodeRecord } from './hub-pairing.ts';
import { lockOutRecord } from './lock-out.ts';
import { ENDED_SESSION, endedSessionRecord, familyRecord } from './refresh-tokens.ts';

const EVERY_MS = 3_600_000;

/** Removes lock-outs, refresh tokens, codes and the like that have expired: they are good for nothing, and strangers could pile them up. */
export async function sweep(store: ServerStore, { now }: Pick<Environment, 'now'>): Promise<void> {
  const records = [
    ...(await store.list(lockOutRecord, 'lock-out:')),
    ...(await store.list(familyRecord, 'refresh:')),
    ...(await store.list(endedSessionRecord, ENDED_SESSION)),
    ...(await store.list(hubCodeRecord, 'hub-code:')),
    ...(await store.list(usedAssertionRecord, 'hub-jti:')),
  ];
  for (const { _id, _rev, expiresAt } of records) if (expiresAt <= now()) await store.remove(_id, _rev);
}

/** Sweeps at the start and every hour, until the signal aborts. */
export async function keepSweeping(store: ServerStore, environment: Environment, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sweep(store, environment).catch((error: unknown) => log.warn({ err: error }, 'Expired records could not be removed'));
    await pause(EVERY_MS, signal);
  }
}
