import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { sampleDocument } from '@darasa/shared/fixtures';
import type { SendExchange } from '@darasa/shared/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppDevice, type AppTab, appDevice } from './harness/app-device.ts';
import { deviceDatabase, type Pouch, remoteSchool } from './harness/pouch.ts';
import { fillSchool, partitionsOfTable } from './harness/school-content.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

/* The app's own storage and its way on the wire, against the whole server. */

let server: TestServer;
let database: string;

beforeAll(async () => {
  server = await startTestServer();
  database = schoolDatabase(server.school);
  await fillSchool(server.couch, database);
});
afterAll(() => server.close());

interface Person {
  readonly id: string;
  roles: readonly string[];
}

async function tokenOf({ id, roles }: Person): Promise<string> {
  return server.tokens.sign({ accountId: id, school: server.school, name: id, roles: [...roles] });
}

function openOn(device: AppDevice, person: Person, origin = server.url): Promise<AppTab> {
  const send: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${await tokenOf(person)}`);
    return fetch(input, { ...init, headers });
  };
  return device.open({ accountId: person.id, roles: () => person.roles, origin, school: server.school, send });
}

const learner = (id: string, ...roles: string[]): Person => ({ id, roles: [`school:${server.school}`, 'learner', ...roles] });

async function leavesOf(...pouches: readonly Pouch[]): Promise<Record<string, string[]>> {
  const feeds = await Promise.all(pouches.map((pouch) => pouch.changes({ style: 'all_docs' })));
  const entries = feeds.flatMap(({ results }) => results.map(({ id, changes }) => [id, changes.map(({ rev }) => rev).sort()] as const));
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function stockLeavesOf(person: Person): Promise<Record<string, string[]>> {
  const stock = deviceDatabase();
  const token = await tokenOf(person);
  await stock.replicate.from(remoteSchool(server.url, server.school, () => token));
  const leaves = await leavesOf(stock);
  await stock.destroy();
  return leaves;
}

const enrolment = (id: string, courseId: string) => ({
  ...sampleDocument('enrolment', `learner-${id}`, id),
  _id: `learner-${id}:enrolment:${courseId}`,
  courseId,
});

async function atSchool(id: string): Promise<number> {
  return (await server.couch.send('GET', `/${database}/${encodeURIComponent(id)}`)).status;
}

describe('the app on a device', () => {
  it('holds after its first sync what stock replication brings, attachments included, and asks once when nothing is new (X5, X7, D4)', async () => {
    const person = learner('ada', 'learns:7a', 'takes:maths-7');
    const device = await appDevice();
    const tab = await openOn(device, person);
    expect((await tab.sync()).state).toBe('proved');
    expect(await leavesOf(tab.own.pouch, tab.content.pouch)).toEqual(await stockLeavesOf(person));
    const lesson = Object.keys(await leavesOf(tab.content.pouch)).find((id) => /^course-.*:lesson:(?!gone)/.test(id)) ?? '';
    expect((await tab.content.pouch.getAttachment(lesson, 'notes.txt')).toString()).toContain('zq-course');

    const again = await openOn(device, person);
    expect(await again.sync()).toMatchObject({ state: 'proved', exchanges: 1, received: 0 });
  });

  it('goes on where a reply broke off, after a restart too (X9)', async () => {
    const person = learner('bea', 'learns:7a', 'takes:maths-7');
    const device = await appDevice();
    for (let after = 0; after < 6; after += 1) {
      const tab = await openOn(device, person);
      const broken: SendExchange = async function* (request, waits) {
        let left = after;
        for await (const line of tab.exchange(request, waits)) {
          if (left === 0) throw new Error('cut');
          left -= 1;
          yield line;
        }
      };
      await expect(tab.sync({ docs: 5 }, broken)).rejects.toThrow('cut');
    }
    const tab = await openOn(device, person);
    expect((await tab.sync()).state).toBe('proved');
    expect(await leavesOf(tab.own.pouch, tab.content.pouch)).toEqual(await stockLeavesOf(person));
  });

  it('sends work once, and keeps aside what is refused with the reason (X4, X6, D7)', async () => {
    const person = learner('cyd');
    const tab = await openOn(await appDevice(), person);
    await tab.sync();
    await tab.own.pouch.put(enrolment('cyd', 'maths-7'));
    await tab.own.pouch.put({ ...enrolment('cyd', 'forged'), learnerId: 'somebody-else' });
    expect(await tab.sync()).toMatchObject({ state: 'proved', sent: 1, refused: 1 });
    expect(await atSchool('learner-cyd:enrolment:maths-7')).toBe(200);
    const [refused, ...others] = await tab.store.refused.toArray();
    expect(others).toEqual([]);
    expect(refused).toMatchObject({ id: 'learner-cyd:enrolment:forged' });
    expect(refused?.reason).not.toBe('');
    expect(await tab.sync()).toMatchObject({ state: 'proved', exchanges: 1, sent: 0, refused: 0 });
  });

  it('keeps both leaves of what two devices wrote apart (I3)', async () => {
    const person = learner('dan');
    const [one, two] = await Promise.all([appDevice(), appDevice()].map(async (device) => openOn(await device, person)));
    if (one === undefined || two === undefined) throw new Error('Two were opened');
    await one.own.pouch.put({ ...enrolment('dan', 'maths-7'), deviceId: 'one' });
    await two.own.pouch.put({ ...enrolment('dan', 'maths-7'), deviceId: 'two' });
    for (const tab of [one, two, one]) expect((await tab.sync()).state).toBe('proved');
    const leaves = await leavesOf(one.own.pouch);
    expect(leaves['learner-dan:enrolment:maths-7']).toHaveLength(2);
    expect(await leavesOf(two.own.pouch)).toEqual(leaves);
  });

  it('removes what a person may not read any more without a trace, and has it again when they may (A3, A4)', async () => {
    const person = learner('eli', 'learns:7a', 'takes:maths-7');
    const tab = await openOn(await appDevice(), person);
    await tab.sync();
    const before = await leavesOf(tab.own.pouch, tab.content.pouch);
    person.roles = learner('eli', 'learns:8b').roles;
    expect((await tab.sync()).state).toBe('proved');
    const without = Object.keys(await leavesOf(tab.own.pouch, tab.content.pouch));
    expect(without.filter((id) => id.startsWith('class-7a:'))).toEqual([]);
    expect(partitionsOfTable).toContain('class-8b');
    expect(without.some((id) => id.startsWith('class-8b:'))).toBe(true);
    person.roles = learner('eli', 'learns:7a', 'takes:maths-7').roles;
    expect((await tab.sync()).state).toBe('proved');
    expect(await leavesOf(tab.own.pouch, tab.content.pouch)).toEqual(before);
  });

  it('gives a school that was set back what it lost, and finds what it lost itself (D5, D6)', async () => {
    const person = learner('fay', 'learns:7a', 'takes:maths-7');
    const device = await appDevice();
    const tab = await openOn(device, person);
    const docs = Array.from({ length: 80 }, (_, at) => enrolment('fay', `c${at}`));
    for (const doc of docs) await tab.own.pouch.put(doc);
    expect(await tab.sync()).toMatchObject({ state: 'proved', sent: 80 });
    const leaves = await leavesOf(tab.own.pouch);
    const lost = docs.slice(0, 3).map(({ _id }) => _id);
    await server.couch.send('POST', `/${database}/_purge`, { json: Object.fromEntries(lost.map((id) => [id, leaves[id] ?? []])) });
    // This server has not noticed; one that starts now has.
    const second = await server.another();
    try {
      const elsewhere = await openOn(device, person, second.url);
      expect(await elsewhere.sync()).toMatchObject({ state: 'proved', sent: 3, received: 0 });
      for (const id of lost) expect(await atSchool(id)).toBe(200);
      await elsewhere.own.pouch.destroy();
      const cleared = await openOn(device, person, second.url);
      expect((await cleared.sync()).state).toBe('proved');
      expect(Object.keys(await leavesOf(cleared.own.pouch))).toEqual(expect.arrayContaining(docs.map(({ _id }) => _id)));
    } finally {
      await second.close();
    }
  });

  it('replicates where exchanges are not spoken, and either way follows the other (V2)', async () => {
    const person = learner('gus', 'learns:7a', 'takes:maths-7');
    const device = await appDevice();
    const tab = await openOn(device, person);
    const token = await tokenOf(person);
    const remote = remoteSchool(server.url, server.school, () => token);
    await tab.own.pouch.put(enrolment('gus', 'one'));
    await device.replicate(tab, remote);
    expect(await tab.storage.unsent({ docs: 1, bytes: 1 })).toEqual([]);
    expect(await atSchool('learner-gus:enrolment:one')).toBe(200);
    expect(await leavesOf(tab.own.pouch, tab.content.pouch)).toEqual(await stockLeavesOf(person));

    await tab.own.pouch.put(enrolment('gus', 'two'));
    expect(await tab.sync()).toMatchObject({ state: 'proved', sent: 1, received: 0 });
    await tab.own.pouch.put(enrolment('gus', 'three'));
    await device.replicate(tab, remote);
    expect(await tab.sync()).toMatchObject({ state: 'proved', exchanges: 1, sent: 0 });
  });
});
