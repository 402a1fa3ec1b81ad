import { opaqueId } from '@darasa/shared/documents';
import type { DeviceStore } from './device-store.ts';
import type { Environment } from './environment.ts';
import { forgetLedger } from './ledger.ts';
import { hasStatus, type LocalDatabase } from './local-database.ts';

const CANARY = '_local/canary';

const asDeviceId = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** This device's id; made when there is none, as after the browser cleared its storage. */
export async function deviceIdOf(environment: Environment, store: DeviceStore): Promise<string> {
  return store.transaction('rw', store.settings, async () => {
    const known = await store.setting('deviceId', asDeviceId);
    if (known !== null) return known;
    const made = opaqueId(environment.random);
    await store.keepSetting('deviceId', made);
    return made;
  });
}

/**
 * Browsers clear storage database by database. Each local database carries a canary with the device's id, and the
 * device's own data remember which canaries were set. When the two disagree something was lost:
 *
 * - the database is empty where a canary was set: what is known of its dealings with the school is forgotten, and it is pulled anew;
 *   the device goes on under a new id, because documents that carried its counter may be gone;
 * - the device's own data are gone: the device has a new id already, and what was sent is asked of the school again.
 *
 * Answers the device id to go on with.
 */
export async function checkCanary(environment: Environment, store: DeviceStore, database: LocalDatabase): Promise<string> {
  const deviceId = await deviceIdOf(environment, store);
  const setting = `canary:${database.name}`;
  const expected = await store.setting(setting, asDeviceId);
  const found = await readCanary(database);
  if (found !== null && found.deviceId === expected) return deviceId;

  let next = deviceId;
  if (expected !== null && found === null) {
    next = opaqueId(environment.random);
    await store.keepSetting('deviceId', next);
  }
  await store.marks.delete(database.name);
  await forgetLedger(store, database.name);
  await database.use((pouch) => pouch.put({ _id: CANARY, ...(found === null ? {} : { _rev: found.rev }), deviceId: next }));
  await store.keepSetting(setting, next);
  return next;
}

async function readCanary(database: LocalDatabase): Promise<{ deviceId: string | null; rev: string } | null> {
  try {
    const doc = await database.use((pouch) => pouch.get<Record<string, unknown>>(CANARY));
    return { deviceId: asDeviceId(doc['deviceId']), rev: doc._rev };
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}
