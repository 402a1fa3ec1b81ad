import { DEVICE_DATABASE } from '@darasa/shared/protocol';
import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import { openDeviceRecords } from './device-records.ts';

const ROW = { accountId: 'amina', school: 'greenhill', body: new Uint8Array([1, 2]), gzipped: false, updatedAt: 5 };
const ACCOUNT = { accountId: 'amina', username: 'amina', refreshToken: 'one', accessToken: null, accessExpiresAt: 0 };

const STORES = ['accounts', 'settings', 'outbox'];

/** The app's database as the app would make it. */
async function deviceWith(factory: IDBFactory, stores: readonly string[], key: object | null = null): Promise<void> {
  await new Promise<void>((made, failed) => {
    const opening = factory.open(DEVICE_DATABASE, 20);
    opening.onupgradeneeded = () => {
      for (const name of stores) opening.result.createObjectStore(name, { keyPath: name === 'settings' ? 'key' : 'accountId' });
      if (!stores.includes('outbox')) return;
      opening.transaction?.objectStore('outbox').put(ROW);
      opening.transaction?.objectStore('accounts').put(ACCOUNT);
      if (key !== null) opening.transaction?.objectStore('deviceKeys').put({ accountId: 'amina', ...key });
      opening.transaction?.objectStore('settings').put({ key: 'deviceId', value: 'phone' });
    };
    opening.onsuccess = () => {
      opening.result.close();
      made();
    };
    opening.onerror = () => failed(opening.error);
  });
}

async function opened(factory: IDBFactory) {
  const records = await openDeviceRecords(factory);
  if (records === null) throw new Error('There is no such database');
  return records;
}

test('where nobody has used the app there is nothing, and nothing is made', async () => {
  const factory = new IDBFactory();
  expect(await openDeviceRecords(factory)).toBeNull();
  expect(await factory.databases()).toEqual([]);
});

test('a database of a build without an outbox has nothing to send', async () => {
  const factory = new IDBFactory();
  await deviceWith(factory, ['accounts', 'settings']);
  expect(await openDeviceRecords(factory)).toBeNull();
});

test('tokens replace those that were used, and leave the rest of the account as it is', async () => {
  const factory = new IDBFactory();
  await deviceWith(factory, STORES);
  const records = await opened(factory);
  const used = await records.tokens('amina');
  if (used === null) throw new Error('The account is there');
  const renewed = { refreshToken: 'two', accessToken: 'a', accessExpiresAt: 9, bound: true };
  await records.replaceTokens(used, renewed);
  expect(await records.tokens('amina')).toEqual({ accountId: 'amina', ...renewed });
  // The one that was used is there no more: a sign-in came in between.
  await records.replaceTokens(used, { ...renewed, refreshToken: 'three' });
  expect(await records.tokens('amina')).toMatchObject({ refreshToken: 'two' });
  expect(await records.tokens('nobody')).toBeNull();
  expect(await records.deviceId()).toBe('phone');
  records.close();
});

test('what was sent goes, unless something else stands there by now', async () => {
  const factory = new IDBFactory();
  await deviceWith(factory, STORES);
  const records = await opened(factory);
  await records.sent({ ...ROW, updatedAt: 4 });
  expect(await records.outbox()).toEqual([ROW]);
  await records.sent(ROW);
  expect(await records.outbox()).toEqual([]);
  records.close();
});

test('a newer build of the app need not wait for this connection', async () => {
  const factory = new IDBFactory();
  await deviceWith(factory, STORES);
  await opened(factory);
  await new Promise<void>((upgraded, blocked) => {
    const opening = factory.open(DEVICE_DATABASE, 30);
    opening.onsuccess = () => upgraded();
    opening.onblocked = () => blocked(new Error('The old connection is open'));
  });
});

test('the account’s key on this device signs, and cannot be taken out; a build before the keys has none', async () => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  const factory = new IDBFactory();
  await deviceWith(factory, [...STORES, 'deviceKeys'], { publicKey: await crypto.subtle.exportKey('jwk', publicKey), privateKey });
  const records = await opened(factory);
  const data = new Uint8Array([1, 2, 3]);
  const signed = new Uint8Array((await (await records.deviceKey('amina'))?.sign(data)) ?? []);
  expect(await crypto.subtle.verify(algorithm, publicKey, signed, data)).toBe(true);
  expect(await records.deviceKey('brian')).toBeNull();
  records.close();

  const before = new IDBFactory();
  await deviceWith(before, STORES);
  const old = await opened(before);
  expect(await old.deviceKey('amina')).toBeNull();
  old.close();
});
