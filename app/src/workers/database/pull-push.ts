import type { Scope } from '@darasa/shared/protocol';
import type { LocalDatabase, Pouch } from './local-database.ts';
import { isOwnWork } from './own-work.ts';
import { type RefusalReport, reasonOf } from './refusals.ts';

/** Small enough to get through a bad minute of a 2G network, and the mark moves after each. */
const PUSH_BATCH = 50;
const PULL_BATCH = 200;
/** A phone holds this many batches in memory at most. */
const BATCHES_IN_MEMORY = 2;
const HEARTBEAT_MS = 25_000;

export type ReceivedDocuments = readonly { readonly _id: string; readonly _rev: string }[];

export interface PullEvents {
  readonly onDocuments: (docs: ReceivedDocuments) => void;
  /** Documents still to come, where the server says so. */
  readonly onRemaining: (remaining: number) => void;
  readonly onActive: () => void;
  /** All that there is was received; it waits for more. */
  readonly onResting: () => void;
}

export interface Pull {
  /** Ends when everything was received (or, live, when it is stopped). Rejects with the error of the network or the server. */
  readonly ended: Promise<void>;
  stop(): void;
}

// PouchDB’s types know neither of these members.
type MoreOptions = { readonly heartbeat?: number; readonly query_params: { readonly scope: Scope } };

/** Pulls one scope of the school's database with stock replication: once, or on and on. */
export function pull(remote: Pouch, local: LocalDatabase, scope: Scope, live: boolean, events: PullEvents): Pull {
  const options: PouchDB.Replication.ReplicateOptions & MoreOptions = {
    live,
    retry: false,
    batch_size: PULL_BATCH,
    batches_limit: BATCHES_IN_MEMORY,
    query_params: { scope },
    ...(live ? { heartbeat: HEARTBEAT_MS } : {}),
  };
  const replication = local.pouch.replicate.from<Record<string, unknown>>(remote, options);
  const ended = new Promise<void>((resolve, reject) => {
    replication
      .on('change', ({ docs, pending }: { docs: ReceivedDocuments; pending?: number }) => {
        events.onDocuments(docs);
        if (pending !== undefined) events.onRemaining(pending);
      })
      .on('active', events.onActive)
      .on('paused', (error) => {
        if (error === undefined) events.onResting();
      })
      .on('complete', () => resolve())
      .on('error', reject);
  });
  return { ended, stop: () => replication.cancel() };
}

export interface PushEvents {
  /** The school has these, and all own work up to the local sequence `upTo`, save what it refused. */
  readonly onAcknowledged: (ids: readonly string[], upTo: number) => Promise<void>;
  readonly onRefused: (refusal: RefusalReport) => Promise<void>;
}

/** Sends a person's own work, once. Rejects with the error of the network or the server; what was acknowledged stays so. */
export async function push(
  local: LocalDatabase,
  remote: Pouch,
  accountId: string,
  events: PushEvents,
  signal?: AbortSignal,
): Promise<void> {
  // Refusals are kept before the mark moves past them.
  let bookkeeping = Promise.resolve();
  const filter = Object.assign((doc: Readonly<Record<string, unknown>>) => isOwnWork(doc, accountId), {
    // PouchDB names its checkpoint after the filter’s text, which every build would change.
    toString: () => 'own-work 1',
  });
  const replication = local.pouch.replicate.to<Record<string, unknown>>(remote, {
    batch_size: PUSH_BATCH,
    batches_limit: BATCHES_IN_MEMORY,
    filter,
  });
  replication
    .on('denied', (refusal) => {
      const id = typeof refusal === 'object' && 'id' in refusal ? String(refusal.id) : '';
      bookkeeping = bookkeeping.then(() => events.onRefused({ id, reason: reasonOf(refusal) }));
    })
    .on('change', ({ docs, last_seq }) => {
      const ids = docs.map((doc) => doc._id);
      bookkeeping = bookkeeping.then(() => events.onAcknowledged(ids, Number(last_seq)));
    });
  const stop = (): void => replication.cancel();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const { last_seq } = await replication;
    if (signal?.aborted !== true) bookkeeping = bookkeeping.then(() => events.onAcknowledged([], Number(last_seq)));
  } finally {
    signal?.removeEventListener('abort', stop);
    await bookkeeping;
  }
}
