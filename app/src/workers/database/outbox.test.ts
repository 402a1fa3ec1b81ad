import { enrolmentId } from '@darasa/shared/documents';
import { readRequest } from '@darasa/shared/sync';
import { expect, test } from 'vitest';
import { fillOutbox } from './outbox.ts';
import { AppTab } from './testing/app-tab.fixture.ts';
import { type FakeDevice, fakeDevice } from './testing/device.fixture.ts';
import { smallSchool } from './testing/school.fixture.ts';

/** Two tabs of one person, neither of which sends anything. */
async function twoTabs(seed: number) {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, seed);
  const account = {
    accountId: amina.id,
    roles: () => amina.roles,
    origin: 'https://school.example',
    school: 'greenhill',
    send: school.fetch,
  };
  const [one, other] = [await AppTab.open(device.tab(), account), await AppTab.open(device.tab(), account)];
  const fill = ({ storage, store }: AppTab, unsent = storage.unsent.bind(storage)): Promise<boolean> =>
    fillOutbox({
      environment: { now: () => device.now },
      store,
      accountId: amina.id,
      school: 'greenhill',
      storage: { unsent, catchUp: () => storage.catchUp(), version: () => storage.version() },
    });
  const enrol = async (courseId: string): Promise<void> => {
    await other.own.pouch.put({
      _id: enrolmentId(amina.id, courseId),
      type: 'enrolment',
      createdAt: '2026-01-01T08:00:00.000Z',
      deviceId: 'd',
    });
  };
  return { device, one, other, fill, enrol };
}

async function idsReady(device: FakeDevice): Promise<readonly string[]> {
  const [row] = await device.outbox();
  if (row === undefined) return [];
  const text = row.gzipped
    ? await new Response(new Blob([new Uint8Array(row.body)]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
    : new TextDecoder().decode(row.body);
  return readRequest(text).blocks.flatMap(([, , ids]) => ids);
}

test('a tab that read before another wrote puts nothing older in the place of the other’s work (P10, F2)', async () => {
  const { device, one, other, fill, enrol } = await twoTabs(501);
  await enrol('c1');
  let first = true;
  await fill(one, async (limits) => {
    const read = await one.storage.unsent(limits);
    if (first) {
      first = false;
      await enrol('c2');
      await fill(other);
    }
    return read;
  });
  expect((await idsReady(device)).map((id) => id.split(':').at(-1)).sort()).toEqual(['c1', 'c2']);
});

test('a body that was made anew has another time than the one before, though the clock stands still or goes back (P10)', async () => {
  const { device, one, fill, enrol } = await twoTabs(502);
  const times: number[] = [];
  for (const [at, courseId] of ['c1', 'c2', 'c3'].entries()) {
    device.now -= at === 2 ? 60_000 : 0;
    await enrol(courseId);
    await fill(one);
    times.push(...(await device.outbox()).map(({ updatedAt }) => updatedAt));
  }
  expect(new Set(times).size).toBe(3);
});
