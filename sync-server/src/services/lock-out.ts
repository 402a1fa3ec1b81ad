import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import * as v from 'valibot';
import type { ServerStore } from '../couch/server-store.ts';
import type { Environment } from './environment.ts';

/** How many failures lock a name, and how long they are remembered after the last: from one network, and from all. */
export interface LockLimits {
  readonly here: { readonly failures: number; readonly forMs: number };
  readonly everywhere: { readonly failures: number; readonly forMs: number };
}

const LOCKED_MS = 15 * 60_000;
export const PASSWORD_LIMITS: LockLimits = { here: { failures: 5, forMs: LOCKED_MS }, everywhere: { failures: 50, forMs: LOCKED_MS } };

export const lockOutRecord = v.looseObject({
  _id: v.string(),
  _rev: v.string(),
  failures: v.number(),
  /** Milliseconds since 1970: when the count is forgotten, and the lock with it. */
  expiresAt: v.number(),
});

export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly retryAfterSeconds: number };

/** Who tries to sign in. */
export interface Try {
  readonly school: string;
  readonly username: string;
  readonly address: string;
}

/**
 * Five wrong passwords lock a sign-in name for 15 minutes for the network that they came from, whether or not anybody has
 * it: a lock tells nothing. Fifty lock it for every network. So nobody keeps somebody else out by typing nonsense: it
 * takes ten networks, and a device that is known to the account has five tries of its own even then (`admitDevice`).
 *
 * A try is counted before the password is checked and the count is cleared after a right one. So a hundred tries at
 * the same moment count as a hundred, and not as the one that each of them would have read.
 */
export class LockOut {
  readonly #store: ServerStore;
  readonly #environment: Environment;
  readonly #limits: LockLimits;

  constructor(store: ServerStore, environment: Environment, limits: LockLimits = PASSWORD_LIMITS) {
    this.#store = store;
    this.#environment = environment;
    this.#limits = limits;
  }

  /** Counts a try; refuses it when the name is locked. */
  async admit({ school, username, address }: Try): Promise<Admission> {
    const id = recordId(school, username);
    const here = await this.#count(`${id}:${hashed(networkOf(address))}`, this.#limits.here);
    return here.admitted ? this.#count(id, this.#limits.everywhere) : here;
  }

  /** The same for a device that has signed in to the account before and is signed in still: it counts for itself. */
  async admitDevice({ school, username }: Try, deviceId: string): Promise<Admission> {
    return this.#count(`${recordId(school, username)}:device:${hashed(deviceId)}`, this.#limits.here);
  }

  /** After a right password. */
  async clear({ school, username, address }: Try, deviceId: string | null): Promise<void> {
    const id = recordId(school, username);
    const device = deviceId === null ? [] : [`${id}:device:${hashed(deviceId)}`];
    for (const each of [id, `${id}:${hashed(networkOf(address))}`, ...device]) {
      const record = await this.#store.read(lockOutRecord, each);
      if (record !== null) await this.#store.remove(each, record._rev);
    }
  }

  async #count(id: string, { failures: max, forMs }: LockLimits['here']): Promise<Admission> {
    for (;;) {
      const now = this.#environment.now();
      const record = await this.#store.read(lockOutRecord, id);
      const before = record !== null && record.expiresAt > now ? record : null;
      if (before !== null && before.failures >= max) {
        return { admitted: false, retryAfterSeconds: Math.ceil((before.expiresAt - now) / 1_000) };
      }
      const rev = record === null ? {} : { _rev: record._rev };
      const outcome = await this.#store.write({ _id: id, ...rev, failures: (before?.failures ?? 0) + 1, expiresAt: now + forMs });
      // On a conflict somebody else's try was counted: so each round makes progress, and the last of them ends it.
      if (outcome === 'written') return { admitted: true };
    }
  }
}

/** The name is hashed, for people type their passwords into the field for the name. */
function recordId(school: string, username: string): string {
  return `lock-out:${school}:${hashed(username.normalize('NFKC').trim().toLowerCase().normalize('NFKC'))}`;
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Of an IPv6 address its first 64 bits: the rest a machine chooses as it likes. */
function networkOf(address: string): string {
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain) || plain.includes('.')) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const [before, after] = [head, tail].map((part) => (part === '' ? [] : part.split(':'))) as [string[], string[]]; // two parts give two
  const zeros = plain.includes('::') ? Array.from({ length: 8 - before.length - after.length }, () => '0') : [];
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
}
