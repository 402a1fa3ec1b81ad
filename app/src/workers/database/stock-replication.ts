import type { Scope } from '@darasa/shared/protocol';
import { type CouchDocument, type DeviceStorage, fromCouch, type RefusedDocument, toCouch } from '@darasa/shared/sync';
import type { Ledger } from './ledger.ts';
import type { Pouch } from './local-database.ts';
import { reasonOf } from './refusals.ts';

/* CouchDB's own protocol, for a school that does not answer exchanges (rule V2). */

/** Small enough to get through a bad minute of a 2G network. */
const PUSH_LIMITS = { docs: 50, bytes: 500_000 } as const;
const PULL_BATCH = 200;
/** A phone holds this many batches in memory at most. */
const BATCHES_IN_MEMORY = 2;
const HEARTBEAT_MS = 25_000;

export interface PullEvents {
  readonly onReceived: (documents: number) => void;
  /** Documents still to come, where the server says so. */
  readonly onRemaining: (remaining: number) => void;
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

/** Pulls one scope of the school's database: once, or on and on; from the school (null), or from a class laptop by its id. */
export function pull(remote: Pouch, ledger: Ledger, scope: Scope, live: boolean, events: PullEvents, hub: string | null = null): Pull {
  const options: PouchDB.Replication.ReplicateOptions & MoreOptions = {
    live,
    retry: false,
    batch_size: PULL_BATCH,
    batches_limit: BATCHES_IN_MEMORY,
    query_params: { scope },
    ...(live ? { heartbeat: HEARTBEAT_MS } : {}),
  };
  const target = throughLedger(ledger, hub);
  // Not by `target.replicate`, which PouchDB keeps for the database below. A database is made by PouchDB itself, which has it too.
  const { replicate } = target.constructor as unknown as PouchDB.Static;
  const replication = replicate<Record<string, unknown>>(remote, target, options);
  const ended = new Promise<void>((resolve, reject) => {
    replication
      .on('change', ({ docs, pending }: { docs: readonly unknown[]; pending?: number }) => {
        events.onReceived(docs.length);
        if (pending !== undefined) events.onRemaining(pending);
      })
      .on('paused', (error) => {
        if (error === undefined) events.onResting();
      })
      .on('complete', () => resolve())
      .on('error', reject);
  });
  return { ended, stop: () => replication.cancel() };
}

/** The local database, with what replication writes to it noted as that of the place. */
function throughLedger(ledger: Ledger, hub: string | null): Pouch {
  const bulkDocs = async ({ docs }: { readonly docs: readonly CouchDocument[] }): Promise<never[]> => {
    await ledger.receive(docs.map(fromCouch), hub);
    return [];
  };
  // Everything else is the database's own, by inheritance; this one form of the method is all that replication calls.
  return Object.assign(Object.create(ledger.database.pouch) as Pouch, { bulkDocs: bulkDocs as unknown as Pouch['bulkDocs'] });
}

/** Sends a person's own work, once. Rejects with the error of the network or the server; what was acknowledged stays so. */
export async function push(storage: DeviceStorage, openRemote: () => Promise<Pouch>, signal?: AbortSignal): Promise<void> {
  for (let docs = await storage.unsent(PUSH_LIMITS); docs.length > 0; docs = await storage.unsent(PUSH_LIMITS)) {
    if (signal?.aborted === true) return;
    const remote = await openRemote();
    // With new_edits=false only what failed is answered.
    const answers: readonly unknown[] = await remote.bulkDocs(docs.map(toCouch), { new_edits: false });
    const refused = answers.flatMap((answer): RefusedDocument[] => {
      if (typeof answer !== 'object' || answer === null || !('error' in answer) || !('id' in answer)) return [];
      const doc = docs.find(({ id }) => id === answer.id);
      return doc === undefined ? [] : [{ id: doc.id, rev: doc.rev, error: String(answer.error), reason: reasonOf(answer) }];
    });
    const ids = new Set(refused.map(({ id }) => id));
    await storage.refused(refused);
    await storage.sent(docs.filter(({ id }) => !ids.has(id)));
  }
}
