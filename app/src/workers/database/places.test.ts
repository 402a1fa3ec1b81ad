import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeviceStore } from './device-store.ts';
import { addressFrom, Places, type ToldPlace } from './places.ts';

const SCHOOL = 'https://school.example';
const LAPTOP = 'http://laptop.local:3000';
const OTHER = 'http://10.0.0.7:3000';

type Answer = Record<string, unknown> | 'silent';
const place = (kind: 'school' | 'hub', id: string, school = 'greenhill') => ({ kind, id, name: id, school, version: '1', now: 0 });

/** A device, and what answers at which address after how long. */
function device() {
  const answers = new Map<string, { answer: Answer; afterMs: number }>();
  const asked: string[] = [];
  const store = new DeviceStore({ factory: new IDBFactory(), keyRange: IDBKeyRange });
  const clock = { elapsed: 0 };
  const places = new Places({
    environment: {
      elapsed: () => clock.elapsed,
      chance: () => 0,
      after: (ms, call) => {
        const timer = setTimeout(call, ms);
        return () => clearTimeout(timer);
      },
      fetch: async (input) => {
        const { origin, pathname } = new URL(String(input));
        asked.push(`${origin}${pathname}`);
        const { answer, afterMs } = answers.get(origin) ?? { answer: 'silent', afterMs: 0 };
        if (answer === 'silent') throw new TypeError('Failed to fetch');
        await new Promise((resolve) => setTimeout(resolve, afterMs));
        return Response.json(answer);
      },
    },
    store,
    origin: SCHOOL,
    onChange: () => undefined,
  });
  const answer = (origin: string, said: Answer, afterMs = 0) => answers.set(origin, { answer: said, afterMs });
  return { places, store, asked, answer, clock };
}

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

async function soon<Value>(promise: Promise<Value>): Promise<Value> {
  let over = false;
  const done = promise.finally(() => {
    over = true;
  });
  while (!over) await vi.advanceTimersByTimeAsync(10);
  return done;
}

test('L2 with one place known nothing is asked once it has said what it is', async () => {
  const { places, asked, answer } = device();
  answer(SCHOOL, place('school', 's'));
  expect(await soon(places.nearest('greenhill'))).toMatchObject({ address: SCHOOL, id: 's', kind: 'school' });
  await soon(places.nearest('greenhill'));
  expect(asked).toEqual([`${SCHOOL}/v1/place`]);
});

test('L2 of several the first that answers is met, the school where it is not much later, and it is kept a while', async () => {
  const { places, asked, answer, clock } = device();
  answer(SCHOOL, place('school', 's'), 100);
  answer(LAPTOP, place('hub', 'h'));
  expect(await soon(places.add(LAPTOP, 'greenhill'))).toMatchObject({ kind: 'hub', id: 'h' });
  expect(await soon(places.nearest('greenhill'))).toMatchObject({ address: SCHOOL });
  answer(SCHOOL, place('school', 's'), 1_000);
  const before = asked.length;
  expect(await soon(places.nearest('greenhill'))).toMatchObject({ address: SCHOOL });
  expect(asked.length).toBe(before);
  clock.elapsed += 5 * 60_000;
  expect(await soon(places.nearest('greenhill'))).toMatchObject({ address: LAPTOP });
  expect(places.current).toBe(LAPTOP);
});

test('L3 a place that failed is left for another at once, and asked again after its own wait', async () => {
  const { places, asked, answer, clock } = device();
  answer(SCHOOL, place('school', 's'));
  answer(LAPTOP, place('hub', 'h'));
  await soon(places.add(LAPTOP, 'greenhill'));
  const first = await soon(places.nearest('greenhill'));
  answer(SCHOOL, 'silent');
  places.failed(first);
  expect(await soon(places.instead('greenhill', first))).toMatchObject({ address: LAPTOP });
  places.forget();
  places.failed(first);
  answer(SCHOOL, place('school', 's'));
  asked.length = 0;
  expect(await soon(places.nearest('greenhill'))).toMatchObject({ address: LAPTOP });
  expect(asked).toEqual([`${LAPTOP}/v1/place`]);
  clock.elapsed += 5 * 60_000;
  expect(await soon(places.nearest('greenhill'))).toMatchObject({ address: SCHOOL });
});

test('L1 a laptop of another school, or another laptop than it was, is not met', async () => {
  const { places, answer } = device();
  answer(SCHOOL, place('school', 's'), 1_000);
  answer(OTHER, place('hub', 'h', 'elsewhere'));
  expect(await soon(places.add(OTHER, 'greenhill'))).toBeNull();
  answer(LAPTOP, place('hub', 'h'));
  await soon(places.add(LAPTOP, 'greenhill'));
  answer(LAPTOP, place('hub', 'somebody-else'));
  expect(await soon(places.nearest('greenhill'))).toMatchObject({ address: SCHOOL });
});

test('L1 the school’s documents name its laptops, and take them away again', async () => {
  const { places, store } = device();
  const told = { placeId: 'h', kind: 'hub', name: 'Laptop of 7a', addresses: [LAPTOP, OTHER], revokedAt: null } satisfies ToldPlace;
  const addresses = async () => (await places.of('greenhill')).map(({ address }) => address);
  await places.told('greenhill', [told]);
  expect(new Set(await addresses())).toEqual(new Set([SCHOOL, LAPTOP, OTHER]));
  await places.told('greenhill', [{ ...told, addresses: [LAPTOP] }]);
  expect(await addresses()).toEqual([SCHOOL, LAPTOP]);
  await store.places.put({ address: OTHER, kind: 'hub', id: 'h', name: '', school: 'greenhill', source: 'added' });
  await places.told('greenhill', [{ ...told, revokedAt: '2026-01-01T00:00:00.000Z' }]);
  expect(await addresses()).toEqual([SCHOOL]);
});

test('an address is understood as people type it', () => {
  expect(addressFrom(' 192.168.1.10:3000 ')).toBe('http://192.168.1.10:3000');
  expect(addressFrom('darasa-7a.local')).toBe('http://darasa-7a.local');
  expect(addressFrom('https://laptop.hubs.example.org/hub?x=1')).toBe('https://laptop.hubs.example.org');
  for (const wrong of ['', 'what is this', 'file:///etc/passwd', 'javascript:alert(1)']) expect(addressFrom(wrong)).toBeNull();
});
