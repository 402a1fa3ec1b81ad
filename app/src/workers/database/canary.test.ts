import { expect, test } from 'vitest';
import { checkCanary, deviceIdOf } from './canary.ts';
import { DeviceStore } from './device-store.ts';
import { LocalDatabase } from './local-database.ts';
import { fakeDevice, fakeSchool } from './testing/device.fixture.ts';

test('a device keeps its id, and makes a new one and forgets what was sent when a database was cleared', async () => {
  const environment = fakeDevice(fakeSchool([]), 200).tab();
  const store = new DeviceStore(environment.indexedDB);
  const made = await deviceIdOf(environment, store);
  const database = await LocalDatabase.open(environment, 'person-x', () => undefined);
  expect(await checkCanary(environment, store, database)).toBe(made);
  await store.changeMark('person-x', { complete: true });
  expect(await checkCanary(environment, store, database)).toBe(made);
  expect(await store.mark('person-x')).toMatchObject({ complete: true });

  await database.destroy();
  const cleared = await LocalDatabase.open(environment, 'person-x', () => undefined);
  const next = await checkCanary(environment, store, cleared);
  expect(next).not.toBe(made);
  expect(await store.mark('person-x')).toMatchObject({ complete: false });
  expect(await deviceIdOf(environment, store)).toBe(next);
  expect(await checkCanary(environment, store, cleared)).toBe(next);
});

test('a device whose own data were cleared asks the school again what it has', async () => {
  const environment = fakeDevice(fakeSchool([]), 201).tab();
  const database = await LocalDatabase.open(environment, 'person-y', () => undefined);
  const before = new DeviceStore(environment.indexedDB);
  const made = await checkCanary(environment, before, database);
  await before.changeMark('person-y', { complete: true });
  await before.delete();
  const after = new DeviceStore(environment.indexedDB);
  expect(await checkCanary(environment, after, database)).not.toBe(made);
  expect(await after.mark('person-y')).toMatchObject({ complete: false });
});
