import { enrolmentId } from '@darasa/shared/documents';
import { expect, test } from 'vitest';
import { AppTab } from './testing/app-tab.fixture.ts';
import { fakeDevice } from './testing/device.fixture.ts';
import { smallSchool } from './testing/school.fixture.ts';

test('what is dropped stays where the person writes it at that same moment (A4)', async () => {
  const { school, amina } = await smallSchool();
  const roles = () => amina.roles;
  const account = { accountId: amina.id, roles, origin: 'https://school.example', school: 'greenhill', send: school.fetch };
  const tab = await AppTab.open(fakeDevice(school, 1).tab(), account);
  const [_id, kept] = [enrolmentId(amina.id, 'c1'), enrolmentId(amina.id, 'c2')];
  const fromSchool = (id: string) => ({ id, rev: '1-a', ancestors: [], deleted: false, body: { type: 'enrolment' } });
  await tab.storage.apply([fromSchool(_id), fromSchool(kept)]);

  const { own } = tab.ledgers;
  const read = own.rows.bind(own);
  own.rows = async (partitionId) => {
    const rows = await read(partitionId);
    await tab.own.pouch.put({ _id, _rev: '1-a', type: 'enrolment', n: 2 });
    return rows;
  };
  await tab.storage.drop([`learner-${amina.id}`]);

  expect((await tab.own.pouch.allDocs()).rows.map(({ id }) => id)).toEqual([_id]);
  expect((await tab.storage.unsent({ docs: 9, bytes: 9_999 })).map(({ id, body }) => [id, body['n']])).toEqual([[_id, 2]]);
  await tab.close();
});
