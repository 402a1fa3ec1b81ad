import { gzipSync } from 'node:zlib';
import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { accessTable, type PersonaName, personas, sampleDocument } from '@darasa/shared/fixtures';
import { EMPTY_ROOT, EXCHANGE_TYPE, type ReplyLine, readReplyLine, type SendExchange, writeRequest } from '@darasa/shared/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from './harness/call.ts';
import { ExchangeDevice, overHttp } from './harness/exchange-device.ts';
import { putLaptopOnRecord } from './harness/laptop-on-record.ts';
import { deviceDatabase, type Pouch, remoteSchool } from './harness/pouch.ts';
import { ATTACHMENT, fillSchool, markerForms, markerOf, partitionsOfTable } from './harness/school-content.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

const PEOPLE = (Object.keys(personas) as PersonaName[]).filter((name) => !['grading', 'presence', 'auditor'].includes(name));

let server: TestServer;
let base: string;

beforeAll(async () => {
  server = await startTestServer();
  base = `${server.url}/db/${schoolDatabase(server.school)}`;
  await fillSchool(server.couch, schoolDatabase(server.school));
  await putLaptopOnRecord(server.couch, server.school);
  // What was written past the server: a stock feed waits until the index has it (N4).
  await call(`${base}/_changes?limit=1`, { token: await tokenOf('admin') });
});
afterAll(() => server.close());

async function tokenFor(name: string, roles: readonly string[]): Promise<string> {
  return server.tokens.sign({
    accountId: name,
    school: server.school,
    name,
    roles: roles.map((role) => (role.startsWith('school:') ? `school:${server.school}` : role)),
  });
}

async function tokenOf(persona: PersonaName): Promise<string | null> {
  const { name, roles } = personas[persona];
  return name === null ? null : tokenFor(name, roles);
}

function readable(persona: PersonaName): ReadonlySet<string> {
  return new Set(accessTable.filter((each) => each.persona === persona && each.read).map(({ partitionId }) => partitionId));
}

/** A device whose requests and replies are kept. */
function device(token: string | null, headers?: Readonly<Record<string, string>>) {
  const lines: string[] = [];
  const exchanges: string[] = [];
  const http = overHttp(base, () => token, headers);
  const send: SendExchange = async function* (request, waits) {
    exchanges.push(request);
    for await (const line of http(request, waits)) {
      lines.push(line);
      yield line;
    }
  };
  return { storage: new ExchangeDevice(deviceDatabase()), send, lines, exchanges };
}

async function leavesOf(pouch: Pouch): Promise<Record<string, string[]>> {
  const { results } = await pouch.changes({ style: 'all_docs' });
  return Object.fromEntries(results.map(({ id, changes }) => [id, changes.map(({ rev }) => rev).sort()] as const).sort());
}

async function contents(pouch: Pouch): Promise<unknown> {
  const { rows } = await pouch.allDocs({ include_docs: true, conflicts: true, attachments: true });
  return rows.map(({ doc }) => doc);
}

async function ask(token: string | null, question: Parameters<typeof writeRequest>[0], more: Parameters<typeof writeRequest>[1] = []) {
  const answer = await call(`${base}/_exchange`, { token, body: writeRequest(question, more), headers: { 'content-type': EXCHANGE_TYPE } });
  const lines =
    answer.status === 200
      ? answer.text
          .split('\n')
          .filter((line) => line !== '')
          .map(readReplyLine)
      : [];
  return { ...answer, lines: lines as ReplyLine[] };
}

describe.each(PEOPLE)('an exchange of %s', (persona) => {
  it('brings what stock replication brings, leaf by leaf and with attachments, and proves it (X1, X7, D4)', async () => {
    const token = await tokenOf(persona);
    const { storage, send, lines } = device(token);
    const stock = deviceDatabase();
    await stock.replicate.from(remoteSchool(server.url, server.school, () => token));
    expect((await storage.sync(send)).state).toBe('proved');
    expect(await leavesOf(storage.pouch)).toEqual(await leavesOf(stock));
    expect(await contents(storage.pouch)).toEqual(await contents(stock));

    const text = lines.join('\n');
    for (const partition of partitionsOfTable) {
      if (readable(persona).has(partition)) expect(text).toContain(markerOf(partition));
      else {
        for (const form of markerForms(partition)) expect(text).not.toContain(form);
        expect(text).not.toContain(`"${partition}:`);
      }
    }
    const lesson = Object.keys(await leavesOf(storage.pouch)).find((id) => /:lesson:(?!gone)/.test(id));
    if (lesson !== undefined) {
      const attachment = await storage.pouch.getAttachment(lesson, ATTACHMENT);
      expect(attachment.toString()).toContain(markerOf(lesson.split(':')[0] ?? ''));
    }
    await Promise.all([storage.pouch.destroy(), stock.destroy()]);
  });

  it('brings nothing of what may not be read, whatever a device says it holds (X8)', async () => {
    const token = await tokenOf(persona);
    const hidden = partitionsOfTable.filter((partition) => !readable(persona).has(partition));
    // A partition is described once in a request: half of them by listings, half by sums.
    const listings = hidden.map((partition, at): ['l', string, null, string] | ['b', string, string] =>
      at % 2 === 0 ? ['l', partition, null, ''] : ['b', partition, '0'.repeat(64 * 16)],
    );
    for (const question of [
      { cursor: null, root: EMPTY_ROOT },
      { cursor: 'x.y.0', root: 'f'.repeat(16), compare: 1 as const },
    ]) {
      const { text, status } = await ask(token, question, listings);
      expect(status).toBe(200);
      for (const partition of hidden) {
        expect(text).not.toContain(`"${partition}"`);
        expect(text).not.toContain(`"${partition}:`);
        for (const form of markerForms(partition)) expect(text).not.toContain(form);
      }
    }
  });
});

describe('an exchange', () => {
  it('with nothing new is one request and a reply of less than 200 bytes (X5)', async () => {
    const { storage, send, lines, exchanges } = device(await tokenOf('guardian'));
    await storage.sync(send);
    [lines.length, exchanges.length] = [0, 0];
    expect((await storage.sync(send)).state).toBe('proved');
    expect(exchanges).toHaveLength(1);
    expect(lines.join('\n').length).toBeLessThan(200);
  });

  it('sends own work and fetches in one request, and is not sent its own work back (X4, X6)', async () => {
    const { storage, send, lines } = device(await tokenFor('eve', ['school:x', 'learner']));
    await storage.sync(send);
    const [profile] = [{ ...sampleDocument('enrolment', 'learner-eve', 'eve'), _id: 'learner-eve:enrolment:maths-7' }];
    await storage.pouch.put(profile);
    await storage.written();
    lines.length = 0;
    const outcome = await storage.sync(send);
    expect(outcome).toMatchObject({ state: 'proved', sent: 1, received: 0, refused: 0, exchanges: 1 });
    expect(lines.join('\n')).not.toContain(profile._id);
    const stored = await server.couch.send('GET', `/${schoolDatabase(server.school)}/${encodeURIComponent(profile._id)}`);
    expect(stored.status).toBe(200);
  });

  it('refuses a forged document with its reason, and takes the others (X4)', async () => {
    const { storage, send } = device(await tokenFor('mallory', ['school:x', 'learner']));
    await storage.sync(send);
    await storage.pouch.bulkDocs([
      sampleDocument('enrolment', 'learner-mallory', 'mallory'),
      sampleDocument('enrolment', 'learner-ada', 'ada'),
      sampleDocument('grade', 'learner-mallory', 'mallory'),
      { ...sampleDocument('announcement', 'school', 'mallory'), _id: 'school:announcement:forged' },
    ]);
    await storage.written();
    const outcome = await storage.sync(send);
    expect(outcome).toMatchObject({ sent: 1, refused: 3 });
    expect(storage.refusals.map(({ id, error }) => `${id.split(':').slice(0, 2).join(':')} ${error}`).sort()).toEqual([
      'learner-ada:enrolment forbidden',
      'learner-mallory:grade forbidden',
      'school:announcement forbidden',
    ]);
  });

  it('of somebody who has not signed in takes nothing, and refuses no document for it (X4)', async () => {
    const { storage, send } = device(null);
    await storage.pouch.put(sampleDocument('enrolment', 'learner-ada', 'ada'));
    await storage.written();
    await expect(storage.sync(send)).rejects.toThrow('401');
    expect(storage.refusals).toEqual([]);
    expect(await storage.unsent({ docs: 10 })).toHaveLength(1);
  });

  it('goes on after a reply that broke off anywhere, with nothing lost (X9)', async () => {
    const token = await tokenOf('teacher');
    const whole = device(token);
    await whole.storage.sync(whole.send);
    const { storage, send } = device(token);
    for (let after = 0; after < 12; after += 1) {
      const broken: SendExchange = async function* (request, waits) {
        let left = after;
        for await (const line of send(request, waits)) {
          if (left === 0) throw new Error('cut');
          left -= 1;
          yield line;
        }
      };
      await storage.sync(broken, { docs: 7 }).catch((error: Error) => expect(error.message).toBe('cut'));
    }
    expect((await storage.sync(send)).state).toBe('proved');
    expect(await leavesOf(storage.pouch)).toEqual(await leavesOf(whole.storage.pouch));
  });

  it('brings the same in small pieces, what a screen needs first at the front (X10)', async () => {
    const { storage, send, exchanges, lines } = device(await tokenOf('learner'));
    const outcome = await storage.sync(send, { docs: 3 });
    expect(outcome.state).toBe('proved');
    expect(exchanges.length).toBeGreaterThan(5);
    const types = lines.flatMap((line) => {
      const read = readReplyLine(line);
      return read?.[0] === 'd' ? read[2].map((id) => id.split(':')[1]) : [];
    });
    expect(types.indexOf('enrolment')).toBeLessThan(types.indexOf('lesson'));
    expect(types.lastIndexOf('contact')).toBeGreaterThan(types.lastIndexOf('outline'));
  });

  it('finds what differs without any cursor, and mends both sides (D5, D6)', async () => {
    const { storage, send } = device(await tokenFor('fay', ['school:x', 'learner', 'learns:7a', 'takes:maths-7']));
    await storage.sync(send);
    const docs = Array.from({ length: 300 }, (_, i) => ({
      ...sampleDocument('enrolment', 'learner-fay', 'fay'),
      _id: `learner-fay:enrolment:c${i}`,
      courseId: `c${i}`,
    }));
    await storage.pouch.bulkDocs(docs);
    await storage.written();
    expect((await storage.sync(send)).state).toBe('proved');

    // Evicted: the device forgets its cursor, and the store loses what the device had sent.
    storage.forgetPosition();
    const database = schoolDatabase(server.school);
    const leaves = await leavesOf(storage.pouch);
    const lost = docs.slice(0, 3).map(({ _id }) => _id);
    const purge = await server.couch.send('POST', `/${database}/_purge`, {
      json: Object.fromEntries(lost.map((id) => [id, leaves[id] ?? []])),
    });
    expect(purge.status).toBeLessThan(300);
    // The feed says nothing of a purge, so this server still counts them; another one, started now, does not.
    const second = await server.another();
    try {
      const elsewhere = overHttp(`${second.url}/db/${database}`, () => token);
      const token = await tokenFor('fay', ['school:x', 'learner', 'learns:7a', 'takes:maths-7']);
      const outcome = await storage.sync(elsewhere);
      expect(outcome).toMatchObject({ state: 'proved', sent: 3, received: 0 });
    } finally {
      await second.close();
    }
    for (const id of lost) expect((await server.couch.send('GET', `/${database}/${encodeURIComponent(id)}`)).status).toBe(200);
  });

  it('brings the past of a partition that a person gains, and says when one is lost (A3, A4)', async () => {
    let token = await tokenFor('gus', ['school:x', 'learner']);
    const storage = new ExchangeDevice(deviceDatabase());
    const send = overHttp(base, () => token);
    await storage.sync(send);
    expect(storage.table.digest('class-7a').count).toBe(0);
    token = await tokenFor('gus', ['school:x', 'learner', 'learns:7a', 'takes:maths-7']);
    expect((await storage.sync(send)).state).toBe('proved');
    expect(storage.table.digest('class-7a').count).toBeGreaterThan(0);
    token = await tokenFor('gus', ['school:x', 'learner', 'learns:8b']);
    expect((await storage.sync(send)).state).toBe('proved');
    expect(storage.table.digest('class-7a').count).toBe(0);
    expect(storage.table.digest('class-8b').count).toBeGreaterThan(0);
  });

  it('waits for news when asked to, and tells of them at once (X11)', async () => {
    const [learner, marker] = [await tokenFor('hal', ['school:x', 'learner']), await tokenFor('hal', ['school:x', 'learner'])];
    const { storage, send } = device(learner);
    await storage.sync(send);
    const started = Date.now();
    const waiting = storage.sync(send, { wait: 20_000 });
    const doc = { ...sampleDocument('enrolment', 'learner-hal', 'hal'), _id: 'learner-hal:enrolment:news', courseId: 'news' };
    await call(`${base}/_bulk_docs`, { token: marker, json: { docs: [doc] } });
    expect(await waiting).toMatchObject({ state: 'proved', received: 1 });
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('tells a device that does not speak its version so (V1, V2)', async () => {
    const token = await tokenOf('learner');
    const body = writeRequest({ cursor: null, root: EMPTY_ROOT }, []);
    expect((await call(`${base}/_exchange`, { token, body, headers: { 'content-type': 'application/json' } })).status).toBe(415);
    expect((await call(`${base}/_exchange`, { token })).status).toBe(405);
    const type = { 'content-type': EXCHANGE_TYPE };
    for (const wrong of ['', '{}', '["q"]', '["q",{}]', `${body}\n["z"]`, `${body}\n["d",["__proto__"],["public:job:x"],["1-a"],[1]]`]) {
      expect((await call(`${base}/_exchange`, { token, body: wrong, headers: type })).status, wrong).toBe(400);
    }
  });

  it('refuses a body that unpacks into more than the limit (X3)', async () => {
    const token = await tokenOf('learner');
    const bomb = gzipSync(Buffer.alloc(40_000_000, 32));
    const headers = { 'content-type': EXCHANGE_TYPE, 'content-encoding': 'gzip' };
    expect((await call(`${base}/_exchange`, { token, body: new Uint8Array(bomb), headers })).status).toBe(413);
  });
});
