import type { Recipient } from '@darasa/shared/courier';
import { type PublicJwk, publicJwkSchema, thumbprintOf } from '@darasa/shared/protocol';
import * as v from 'valibot';
import type { ServerStore } from '../couch/server-store.ts';
import type { Environment } from '../services/environment.ts';

/** `courier-device:<school>:<account>:<key>`: a device that has sent a file, and to which key a file for it is encrypted. */
const deviceRecord = v.looseObject({ _id: v.string(), _rev: v.string(), key: publicJwkSchema, seenAt: v.string() });

/** Of each account so many devices are kept in mind, the latest. */
const DEVICES = 5;

export class CourierDevices {
  readonly #store: ServerStore;
  readonly #environment: Environment;

  constructor(store: ServerStore, environment: Environment) {
    this.#store = store;
    this.#environment = environment;
  }

  async note(school: string, accountId: string, key: PublicJwk): Promise<void> {
    const _id = `${prefix(school, accountId)}${thumbprintOf(key)}`;
    const held = await this.#store.read(deviceRecord, _id);
    const seenAt = new Date(this.#environment.now()).toISOString();
    // In a conflict another server has noted the same.
    await this.#store.write({ _id, ...(held === null ? {} : { _rev: held._rev }), key, seenAt });
    for (const old of (await this.#latest(school, accountId)).slice(DEVICES)) await this.#store.remove(old._id, old._rev);
  }

  /** The keys of the devices of these people. */
  async of(school: string, accountIds: readonly string[]): Promise<Recipient[]> {
    const devices = await Promise.all(accountIds.map((accountId) => this.#latest(school, accountId)));
    return devices.flat().map(({ key }) => ({ keyId: thumbprintOf(key), key }));
  }

  async #latest(school: string, accountId: string): Promise<v.InferOutput<typeof deviceRecord>[]> {
    const devices = await this.#store.list(deviceRecord, prefix(school, accountId));
    return devices.toSorted((one, other) => (one.seenAt < other.seenAt ? 1 : -1));
  }
}

const prefix = (school: string, accountId: string): string => `courier-device:${school}:${accountId}:`;
