import { type DocumentOf, namesDocument } from '@darasa/shared/documents';
import { deviceKeyName } from '@darasa/shared/protocol';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import { DeviceKeys } from './device-keys.ts';
import { DeviceStore, type PlaceRow } from './device-store.ts';
import { Places } from './places.ts';
import { authorised } from './remote.ts';
import { ServerApi } from './server-api.ts';
import { SessionKeeper } from './session.ts';
import { fakeDevice, fakeSchool } from './testing/device.fixture.ts';
import { fakePlace } from './testing/places.fixture.ts';
import { smallSchool } from './testing/school.fixture.ts';
import { allSent, ready, seen, signedIn, takeQuiz } from './testing/tab.fixture.ts';

const AMINA = 'aminaaaaaaaa';
const SCHOOL = 'https://school.example';
const HUB = 'http://192.168.4.1:3000';
const HOUR_MS = 60 * 60_000;
const hubRow: PlaceRow = { address: HUB, kind: 'hub', id: 'hub-x', name: 'Class 7A', school: 'greenhill', source: 'added' };

/** A device that knows its school and a class laptop, without the parts that need a database. */
async function device(ahead = 0) {
  const clock = { at: Date.UTC(2026, 0, 5) };
  const passes = new Map<string, string>();
  const [school, hub] = [fakePlace('school', passes, () => clock.at), fakePlace('hub', passes, () => clock.at)];
  const send: typeof fetch = (input, init) => (new URL(String(input)).origin === SCHOOL ? school : hub).fetch(input, init);
  const environment = { ...fakeDevice(fakeSchool([]), 7).tab(), now: () => clock.at + ahead, fetch: send };
  const store = new DeviceStore({ factory: new IDBFactory(), keyRange: IDBKeyRange });
  const places = new Places({ environment, store, origin: SCHOOL, onChange: () => undefined });
  const keys = new DeviceKeys(environment, store);
  const apiAt = (address: string): ServerApi => new ServerApi(address, send, async () => ({}), keys.ask);
  const session = new SessionKeeper(environment, store, places, keys, apiAt, () => undefined);
  const signIn = () =>
    session.signIn(
      'greenhill',
      { by: 'password', username: 'amina', secret: 'twiga-57' },
      { schoolName: 'Greenhill', deviceId: 'phone-1' },
    );
  const served = await places.served();
  const ask = async (place: PlaceRow): Promise<number> => {
    const asking = { place, school: 'greenhill', accountId: AMINA, deviceId: 'phone-1' };
    return (await authorised(environment, session, keys, asking)(`${place.address}/db/school-greenhill/_changes?feed=normal`)).status;
  };
  return { clock, store, keys, session, school, hub, served, signIn, ask };
}

test('a sign-in makes a key that cannot be taken out, the next one keeps it, and what the session goes on with is proved with it', async () => {
  const { clock, store, session, school, served, signIn, ask } = await device();
  expect(await signIn()).toMatchObject({ ok: true });
  const made = await store.deviceKeys.get(AMINA);
  expect(made?.privateKey.extractable).toBe(false);
  clock.at += HOUR_MS;
  expect(await session.token(AMINA, null, served)).toMatchObject({ ok: true, key: null });
  expect(await ask(served)).toBe(200);
  expect([school.opened, school.letIn]).toEqual([['/v1/auth/login', '/v1/auth/refresh'], ['Bearer']]);
  await signIn();
  expect((await store.deviceKeys.get(AMINA))?.publicKey).toEqual(made?.publicKey);
});

test('a laptop serves a device that signed in at the school without a password, and each request to it is proved', async () => {
  const { clock, session, hub, signIn, ask } = await device();
  await signIn();
  expect(await ask(hubRow)).toBe(200);
  expect(await ask(hubRow)).toBe(200);
  clock.at += HOUR_MS;
  expect(await ask(hubRow)).toBe(200);
  expect(hub.opened).toEqual(['/v1/auth/pass', '/v1/auth/refresh']);
  expect(hub.letIn).toEqual(['DPoP', 'DPoP', 'DPoP']);
  expect(await session.token(AMINA, null, hubRow)).toMatchObject({ ok: true, key: { publicKey: { kty: 'EC' } } });
});

test('a device whose clock is years off is served by the places’ nonces', async () => {
  const { hub, school, clock, served, signIn, ask } = await device(-4 * 365 * 24 * HOUR_MS);
  await signIn();
  expect(await ask(hubRow)).toBe(200);
  clock.at += HOUR_MS;
  expect(await ask(hubRow)).toBe(200);
  expect(await ask(served)).toBe(200);
  expect([hub.opened, school.opened]).toEqual([
    ['/v1/auth/pass', '/v1/auth/refresh'],
    ['/v1/auth/login', '/v1/auth/refresh'],
  ]);
});

test('a laptop that ended the session, and takes the pass, opens the next by itself; one that does not asks for the password', async () => {
  const { clock, session, hub, store, signIn, ask } = await device();
  await signIn();
  await ask(hubRow);
  clock.at += HOUR_MS;
  hub.endSessions();
  expect(await ask(hubRow)).toBe(200);
  clock.at += HOUR_MS;
  hub.endSessions();
  await store.accounts.update(AMINA, { pass: 'another' });
  expect(await session.token(AMINA, null, hubRow)).toMatchObject({ ok: false, reason: 'signed-out' });
  // The school's own session is not touched by that.
  expect((await store.accounts.get(AMINA))?.refreshToken).toMatch(/^refresh-school/);
});

test('where the browser has cleared the key, the session has ended; nothing else is lost, and a sign-in makes another', async () => {
  const { clock, session, store, served, signIn, ask } = await device();
  await signIn();
  await store.deviceKeys.clear();
  clock.at += HOUR_MS;
  expect(await session.token(AMINA, null, served)).toMatchObject({ ok: false, reason: 'signed-out' });
  expect(await store.accounts.get(AMINA)).toMatchObject({ username: 'amina', open: true });
  await signIn();
  clock.at += HOUR_MS;
  expect([await ask(served), await ask(hubRow)]).toEqual([200, 200]);
});

test('a device that has had its pass for weeks asks for the next with a refresh', async () => {
  const { clock, session, store, served, signIn } = await device();
  await signIn();
  const first = await store.accounts.get(AMINA);
  clock.at += HOUR_MS;
  await session.token(AMINA, null, served);
  expect(await store.accounts.get(AMINA)).toMatchObject({ pass: first?.pass, passAt: first?.passAt });
  clock.at += 21 * 24 * HOUR_MS;
  await session.token(AMINA, null, served);
  const next = await store.accounts.get(AMINA);
  expect([next?.pass === first?.pass, next?.passAt]).toEqual([false, clock.at]);
});

test('an attempt goes with a seal of the device’s key, which anybody can check, and counts as no piece of work', async () => {
  const { school, amina } = await smallSchool();
  const phone = fakeDevice(school, 8);
  const tab = await signedIn(phone, amina);
  await ready(tab);
  const store = new DeviceStore(phone.tab().indexedDB);
  const keys = new DeviceKeys(phone.tab(), store);
  const key = await keys.forSignIn(null);
  if (key === null) throw new Error('There is a key store here');
  await keys.keep(amina.id, key);
  store.close();
  school.online = false;
  const attempt = await takeQuiz(tab, 'open-course');
  // The attempt and the progress.
  expect((await seen(tab, 'sync', {}, ({ unsent }) => unsent > 0)).unsent).toBe(2);
  school.online = true;
  await tab.syncNow();
  await allSent(tab);
  const [id = '', ...more] = school.pushed.filter((each) => each.includes(':seal:'));
  expect(more.filter((each) => each !== id)).toEqual([]);
  const seal = await school.database.get<DocumentOf<'seal'>>(id);
  expect(seal).toMatchObject({ learnerId: amina.id, key: deviceKeyName(key.publicKey) });
  expect(namesDocument(seal, attempt)).toBe(true);
});
