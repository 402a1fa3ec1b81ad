import type { RandomBytes } from '@darasa/shared/documents';
import type { DataUse } from './api.ts';

/** Names of a lock manager's methods that are used here: the browser's own, or one of a test. */
export type Locks = Pick<LockManager, 'request'>;

/** A channel to the other tabs of this device. */
export interface TabChannel {
  post(message: TabMessage): void;
  listen(hear: (message: TabMessage) => void): void;
  close(): void;
}

/** What tabs tell one another. */
export type TabMessage =
  /** Documents of a local database changed: their ids. */
  | { readonly kind: 'documents'; readonly database: string; readonly ids: readonly string[] }
  /** The device's own data changed: which part of it. */
  | { readonly kind: 'device'; readonly part: DevicePart }
  /** An account was locked or removed: nobody goes on using it. */
  | { readonly kind: 'locked'; readonly accountId: string }
  /** Somebody looks at a tab that does not lead, or asks there for a sync: whoever leads should sync, or make way. */
  | { readonly kind: 'wake'; readonly asked: boolean }
  /** Somebody chose what may be fetched on which network. */
  | { readonly kind: 'data-use'; readonly dataUse: DataUse };

/** Parts of the device's own data that views may depend on. */
export type DevicePart = 'open-attempts' | 'sync' | 'accounts';

/** The outside world, as the database worker needs it: injected, so that all but `entry.ts` runs in a test. */
export interface Environment {
  /** Milliseconds since 1970, by the device's clock, which may be wrong. */
  readonly now: () => number;
  /** Milliseconds of a clock that only goes on, for what is waited for. */
  readonly elapsed: () => number;
  readonly random: RandomBytes;
  /** From 0 up to 1: for spreading retries, never for ids. */
  readonly chance: () => number;
  readonly fetch: typeof fetch;
  /** Null where the browser has no Web Locks: then every tab syncs for itself, which costs more and breaks nothing. */
  readonly locks: Locks | null;
  readonly openChannel: () => TabChannel;
  readonly indexedDB: { readonly factory: IDBFactory; readonly keyRange: typeof IDBKeyRange };
  /** Opens a local database; the same name is the same data. */
  readonly openLocal: (name: string) => PouchDB.Database;
  /** Removes documents from a local database without a trace: those whose local sequence is at most `upTo`. */
  readonly removeDocuments: (name: string, ids: readonly string[], upTo: number) => Promise<void>;
  /** A database of the server; requests go through `send`. `identity` names who pulls what, for checkpoints. */
  readonly openRemote: (url: string, identity: string, send: typeof fetch) => PouchDB.Database;
  /** Tells of bytes that went over the network, either way; returns the way to stop. */
  readonly watchTraffic: (used: (bytes: number) => void) => () => void;
  /** Calls back after so many milliseconds; returns the way to stop. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
}

/** A time as documents write it. */
export function instantOf(environment: Pick<Environment, 'now'>): string {
  return new Date(environment.now()).toISOString();
}
