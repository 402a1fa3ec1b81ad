import { type PushLimits, writeSending } from '@darasa/shared/sync';
import type { DeviceStore } from './device-store.ts';
import type { Environment } from './environment.ts';
import { packed } from './exchange-over-http.ts';
import type { ExchangeStorage } from './exchange-storage.ts';

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
  readonly storage: Pick<ExchangeStorage, 'unsent' | 'catchUp' | 'version'>;
}

/**
 * Brings an account's row to what is unsent now. Answers whether there is any. Of two tabs that do it at once none puts what it read
 * before the other's work: the row is put only while the ledgers are as they were before reading.
 */
export async function fillOutbox({ environment, store, accountId, school, storage }: Outbox): Promise<boolean> {
  await storage.catchUp();
  for (;;) {
    const version = await storage.version();
    const docs = await storage.unsent(OUTBOX_LIMITS);
    const body = docs.length === 0 ? null : await packed(writeSending(docs));
    const put = await store.transaction('rw', store.outbox, store.ledgers, async () => {
      if ((await storage.version()) !== version) return false;
      const before = await store.outbox.get(accountId);
      // The service worker knows a body by its time, so no two have the same one, whatever the clock says.
      const updatedAt = Math.max(environment.now(), (before?.updatedAt ?? 0) + 1);
      if (body === null) await store.outbox.delete(accountId);
      else await store.outbox.put({ accountId, school, ...body, updatedAt });
      return true;
    });
    if (put) return docs.length > 0;
  }
}
