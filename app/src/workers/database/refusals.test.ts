import { enrolmentId } from '@darasa/shared/documents';
import { expect, test } from 'vitest';
import type { Pouch } from './local-database.ts';
import { Refusals } from './refusals.ts';
import { fakeDevice } from './testing/device.fixture.ts';
import { openStorage } from './testing/open-storage.fixture.ts';
import { smallSchool } from './testing/school.fixture.ts';

test('what is tried again is what was refused, though another revision wins by now (D7, F3)', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 601);
  const tab = await openStorage(school, amina, device);
  const doc = { _id: enrolmentId(amina.id, 'c1'), type: 'enrolment', createdAt: '2026-01-01T08:00:00.000Z', deviceId: 'd1' };

  school.refuses.set(doc._id, 'Not this one');
  const { rev: refused } = await tab.own.pouch.put(doc);
  await tab.sync();
  expect(await tab.store.refused.toArray()).toMatchObject([{ id: doc._id, rev: refused }]);
  school.refuses.clear();
  const { rev: first } = await school.database.put({ ...doc, deviceId: 'd2' });
  const { rev: winner } = await school.database.put({ ...doc, deviceId: 'd2', _rev: first, more: true });
  await tab.sync();
  expect((await tab.own.pouch.get(doc._id))._rev).toBe(winner);

  const sent: string[] = [];
  const remote = {
    bulkDocs: async (docs: readonly { readonly _rev: string }[]) => {
      sent.push(...docs.map(({ _rev }) => _rev));
      return [];
    },
  } as unknown as Pouch; // all that is asked of it
  const outcome = await new Refusals(device.tab(), tab.store, tab.storage, amina.id).retry(doc._id, remote);
  expect(outcome).toMatchObject({ ok: true });
  expect(sent).toEqual([refused]);
  expect(await tab.store.refused.toArray()).toEqual([]);
  await tab.close();
});
