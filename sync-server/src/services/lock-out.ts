import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { ServerStore } from '../couch/server-store.ts';
import type { Environment } from './environment.ts';

const MAX_FAILURES = 5;
const LOCKED_MS = 15 * 60_000;

export const lockOutRecord = v.looseObject({
  _id: v.string(),
  _rev: v.string(),
  failures: v.number(),
  /** Milliseconds since 1970: when the count is forgotten, and the lock with it. */
  expiresAt: v.number(),
});

export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly retryAfterSeconds: number };

/**
 * Five wrong passwords lock a sign-in name for 15 minutes, whether or not anybody has it: a lock tells nothing.
 *
 * A try is counted before the password is checked and the count is cleared after a right one. So a hundred tries at
 * the same moment count as a hundred, and not as the one that each of them would have read.
 */
export class LockOut {
  readonly #store: ServerStore;
  readonly #environment: Environment;

  constructor(store: ServerStore, environment: Environment) {
    this.#store = store;
    this.#environment = environment;
  }

  /** Counts a try; refuses it when the name is locked. */
  async admit(school: string, username: string): Promise<Admission> {
    const id = recordId(school, username);
    for (;;) {
      const now = this.#environment.now();
      const record = await this.#store.read(lockOutRecord, id);
      const before = record !== null && record.expiresAt > now ? record : null;
      if (before !== null && before.failures >= MAX_FAILURES) {
        return { admitted: false, retryAfterSeconds: Math.ceil((before.expiresAt - now) / 1_000) };
      }
      const rev = record === null ? {} : { _rev: record._rev };
      const outcome = await this.#store.write({ _id: id, ...rev, failures: (before?.failures ?? 0) + 1, expiresAt: now + LOCKED_MS });
      // On a conflict somebody else's try was counted: so each round makes progress, and the fifth ends it.
      if (outcome === 'written') return { admitted: true };
    }
  }

  /** After a right password. */
  async clear(school: string, username: string): Promise<void> {
    const id = recordId(school, username);
    const record = await this.#store.read(lockOutRecord, id);
    if (record !== null) await this.#store.remove(id, record._rev);
  }
}

/** The name is hashed, for people type their passwords into the field for the name. */
function recordId(school: string, username: string): string {
  const name = createHash('sha256').update(username.normalize('NFKC').trim().toLowerCase().normalize('NFKC')).digest('base64url');
  return `lock-out:${school}:${name}`;
}
