import { type ExchangeDocument, type PushLimits, writeSending } from '@darasa/shared/sync';
import type { DeviceStore } from './device-store.ts';
import type { Environment } from './environment.ts';
import { packed } from './exchange-over-http.ts';

/*
 * The outbox: a person's unsent work as the body of one request, ready for the service worker to send after the last page has closed
 * (rules P10 to P12). The row is made anew after each own write and each sync, and removed when nothing is unsent. Whoever sent it
 * deletes it; the worker does not learn from that, sends the same once more at its next sync, which changes nothing, and hears
 * the refusals then.
 */

/** What one row holds at most. The rest goes when the app is open. */
const OUTBOX_LIMITS: PushLimits = { docs: 1_000, bytes: 1_000_000 };

export interface Outbox {
  readonly environment: Pick<Environment, 'now'>;
  readonly store: DeviceStore;
  readonly accountId: string;
  readonly school: string;
  readonly unsent: (limits: PushLimits) => Promise<readonly ExchangeDocument[]>;
}

/** Brings an account's row to what is unsent now. Answers whether there is any. */
export async function fillOutbox({ environment, store, accountId, school, unsent }: Outbox): Promise<boolean> {
  const docs = await unsent(OUTBOX_LIMITS);
  if (docs.length === 0) await store.outbox.delete(accountId);
  else await store.outbox.put({ accountId, school, ...(await packed(writeSending(docs))), updatedAt: environment.now() });
  return docs.length > 0;
}
