import { enrolmentId } from '@darasa/shared/documents';
import { type ExchangeOutcome, exchangeWithSchool } from '@darasa/shared/sync';
import { expect, test } from 'vitest';
import { exchangeOverHttp } from './exchange-over-http.ts';
import { placeOf, WorkPlaces } from './honesty.ts';
import { noteReceipts } from './receipts.ts';
import { AppTab } from './testing/app-tab.fixture.ts';
import { emptyCopyOf, type FakeAccount, type FakeSchool, fakeDevice } from './testing/device.fixture.ts';
import { smallSchool } from './testing/school.fixture.ts';

const ADDRESS = { school: 'https://school.example', laptop: 'http://laptop.local' } as const;
const LAPTOP = 'laptop-of-7a';
type PlaceName = keyof typeof ADDRESS;

const attempt = (account: FakeAccount, n: number): { _id: string } & Record<string, unknown> => ({
  _id: `learner-${account.id}:attempt:open-course:check:d:${n}:0`,
  type: 'attempt',
  createdAt: '2026-01-01T08:00:00.000Z',
  deviceId: 'd',
});
const grade = (account: FakeAccount, n: number): { _id: string } & Record<string, unknown> => ({
  ...attempt(account, n),
  _id: `learner-${account.id}:grade:open-course:check:d:${n}:0`,
  type: 'grade',
});

/** A learner's device between a school and a class laptop, which begin with the same documents and meet when a test says so. */
async function classroom() {
  const { school, amina } = await smallSchool();
  const laptop: FakeSchool = (await smallSchool()).school;
  laptop.database = await emptyCopyOf(school.database, true);
  const places: Readonly<Record<PlaceName, FakeSchool>> = { school, laptop };
  const tokens = new Map<PlaceName, string>();
  const send: typeof fetch = async (input, init) => {
    const name: PlaceName = String(input).startsWith(ADDRESS.school) ? 'school' : 'laptop';
    if (!tokens.has(name)) {
      const { username, password } = amina;
      const login = await places[name].fetch(`${ADDRESS[name]}/v1/auth/login`, {
        method: 'POST',
        body: JSON.stringify({ username, password }),
      });
      tokens.set(name, ((await login.json()) as { accessToken: string }).accessToken); // the fixture's own answer
    }
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${tokens.get(name)}`);
    return places[name].fetch(input, { ...init, headers });
  };
  const account = { accountId: amina.id, roles: () => amina.roles, origin: ADDRESS.school, school: 'greenhill', send };
  const tab = await AppTab.open(fakeDevice(school, 7).tab(), account);
  const storages = { school: tab.storage, laptop: tab.storageAt(LAPTOP) };
  const meet = async (name: PlaceName): Promise<ExchangeOutcome['state']> => {
    const exchange = exchangeOverHttp({ origin: ADDRESS[name], school: 'greenhill', send }, new AbortController().signal);
    const { state } = await exchangeWithSchool(storages[name], exchange);
    if (state === 'proved') await storages[name].proved();
    return state;
  };
  const write = async (doc: { _id: string }): Promise<string> => {
    await tab.own.pouch.put(doc);
    return doc._id;
  };
  const placeNow = async (id: string) =>
    placeOf(await new WorkPlaces(tab.store, [tab.ledgers.own, tab.ledgers.content], amina.id).current(), id);
  const holds = async (id: string): Promise<boolean> => (await tab.own.pouch.get(id).catch(() => null)) !== null;
  const settle = (): Promise<unknown> => laptop.database.sync(school.database).then(() => undefined);
  return { school, laptop, amina, tab, storages, meet, write, placeNow, holds, settle };
}

const at = async (place: FakeSchool, id: string): Promise<boolean> => (await place.database.get(id).catch(() => null)) !== null;

test('what a laptop acknowledged is at the laptop, and at the school only by the school’s word (L4)', async () => {
  const { school, laptop, amina, meet, write, placeNow, storages } = await classroom();
  await meet('school');
  const id = await write(attempt(amina, 1));
  expect(await placeNow(id)).toBe('device');
  expect(await meet('laptop')).toBe('proved');
  expect(await placeNow(id)).toBe('laptop');
  expect([await at(laptop, id), await at(school, id)]).toEqual([true, false]);
  expect(await storages.laptop.waiting()).toEqual([]);
  expect((await storages.school.waiting()).map(([waiting]) => waiting)).toEqual([id]);
  expect(await meet('school')).toBe('proved');
  expect(await placeNow(id)).toBe('school');
  expect(await at(school, id)).toBe(true);
});

test('what the school gave and a laptop lacks stays, and both are proved to agree about the rest (L5)', async () => {
  const { school, amina, meet, holds, settle, storages } = await classroom();
  const given = grade(amina, 1);
  await school.database.put(given);
  await meet('school');
  expect(await meet('laptop')).toBe('proved');
  expect(await holds(given._id)).toBe(true);
  // A second time it is known, and nothing is compared.
  const before = await storages.laptop.digests();
  expect(await meet('laptop')).toBe('proved');
  expect(await storages.laptop.digests()).toEqual(before);
  await settle();
  expect(await meet('laptop')).toBe('proved');
  expect(await holds(given._id)).toBe(true);
});

test('what a laptop gave and the school lacks stays until the school has it or the laptop has it no more (L5)', async () => {
  const { laptop, amina, meet, holds, settle, placeNow, tab } = await classroom();
  await meet('school');
  const [kept, undone] = [grade(amina, 1), grade(amina, 2)];
  const old = await emptyCopyOf(laptop.database, true);
  await laptop.database.put(kept);
  await meet('laptop');
  expect(await meet('school')).toBe('proved');
  expect(await holds(kept._id)).toBe(true);
  expect(await placeNow(kept._id)).toBe('laptop');
  await settle();
  expect(await meet('school')).toBe('proved');
  expect(await placeNow(kept._id)).toBe('school');
  expect(await tab.store.asides.count()).toBe(0);

  await laptop.database.put(undone);
  await meet('laptop');
  await meet('school');
  laptop.database = old;
  await settle();
  expect(await meet('laptop')).toBe('proved');
  expect([await holds(kept._id), await holds(undone._id)]).toEqual([true, false]);
});

test('work that the school has and a laptop lacks is sent to the laptop too', async () => {
  const { laptop, amina, meet, write, placeNow } = await classroom();
  const id = await write(attempt(amina, 1));
  await meet('school');
  expect(await meet('laptop')).toBe('proved');
  expect(await at(laptop, id)).toBe(true);
  expect(await placeNow(id)).toBe('school');
});

test('a laptop that came back from an older backup gets again what it had acknowledged', async () => {
  const { laptop, amina, meet, write, placeNow } = await classroom();
  await meet('school');
  const old = await emptyCopyOf(laptop.database, true);
  const id = await write(attempt(amina, 1));
  await meet('laptop');
  laptop.database = old;
  expect(await meet('laptop')).toBe('proved');
  expect(await at(laptop, id)).toBe(true);
  expect(await placeNow(id)).toBe('laptop');
});

test('what a laptop will not take is no refusal of the school’s, and is offered again when it has changed (L5)', async () => {
  const { laptop, amina, meet, write, placeNow, tab } = await classroom();
  await meet('school');
  const id = await write({ _id: enrolmentId(amina.id, 'open-course'), type: 'enrolment', createdAt: '2026-01-01T08:00:00.000Z' } as {
    _id: string;
  });
  laptop.refuses.set(id, 'Not of this class');
  expect(await meet('laptop')).toBe('proved');
  expect(await tab.store.refused.count()).toBe(0);
  expect(await placeNow(id)).toBe('device');
  const pushed = laptop.pushed.length;
  await meet('laptop');
  expect(laptop.pushed.length).toBe(pushed);
  laptop.refuses.clear();
  await tab.own.pouch.put({ ...(await tab.own.pouch.get(id)), again: true } as PouchDB.Core.PutDocument<object>);
  expect(await meet('laptop')).toBe('proved');
  expect(await placeNow(id)).toBe('laptop');
  expect(await meet('school')).toBe('proved');
  expect(await placeNow(id)).toBe('school');
});

test('a receipt of the school says that work of a laptop has arrived, and speaks for one learner alone (L4)', async () => {
  const { amina, meet, write, placeNow, tab, storages } = await classroom();
  await meet('school');
  const [once, state] = [
    await write(attempt(amina, 1)),
    await write({ _id: enrolmentId(amina.id, 'open-course'), type: 'enrolment', createdAt: '2026-01-01T08:00:00.000Z' } as { _id: string }),
  ];
  await meet('laptop');
  const { _rev: rev } = await tab.own.pouch.get(state);
  await noteReceipts(tab.ledgers.own, [{ _id: 'learner-other:receipt:x', ids: [once], states: [{ id: state, rev }] }]);
  expect([await placeNow(once), await placeNow(state)]).toEqual(['laptop', 'laptop']);
  await tab.own.pouch.put({ ...(await tab.own.pouch.get(state)), again: true } as PouchDB.Core.PutDocument<object>);
  await noteReceipts(tab.ledgers.own, [{ _id: `learner-${amina.id}:receipt:x`, ids: [once], states: [{ id: state, rev }] }]);
  expect([await placeNow(once), await placeNow(state)]).toEqual(['school', 'device']);
  // A receipt is the laptop's messenger's word until both sides compare: the school that does not have it gets it.
  expect(await meet('school')).toBe('proved');
  expect((await storages.school.waiting()).length).toBe(0);
  expect([await placeNow(once), await placeNow(state)]).toEqual(['school', 'school']);
});

test('a laptop that keeps fewer classes takes nothing away (L5)', async () => {
  const { laptop, amina, meet, tab } = await classroom();
  await meet('school');
  const before = await tab.content.pouch.info();
  const narrower = laptop.accounts.find(({ id }) => id === amina.id);
  if (narrower === undefined) throw new Error('Amina is at the laptop');
  narrower.roles = ['school:greenhill', 'learner'];
  expect(await meet('laptop')).toBe('proved');
  expect((await tab.content.pouch.info()).doc_count).toBe(before.doc_count);
});
