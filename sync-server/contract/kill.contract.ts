import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccount, provisionSchool, provisionServer, schoolDatabase } from '@darasa/couchdb/provisioning';
import { type Document, newLessonEvent } from '@darasa/shared/documents';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call } from './harness/call.ts';
import { ExchangeDevice, overHttp } from './harness/exchange-device.ts';
import { PlaceProcess, withStore } from './harness/place-process.ts';
import { deviceDatabase } from './harness/pouch.ts';

/** How often the server is killed, and after how many acknowledgements at most each time. */
const [KILLS, MOST] = [4, 40];
const LEARNERS = 5;
const slug = 'mwangaza';
const seed = Number(process.env['SEED'] ?? 4_711);
let dataFolder = '';
let accountIds: string[] = [];

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'darasa-kill-'));
  await withStore(dataFolder, async (admin) => {
    await provisionServer(admin);
    // So that signing in takes no second of work.
    await admin.request('PUT', '/_node/_local/_config/chttpd_auth/iterations', { body: '1000' });
    await provisionSchool(admin, { slug, name: 'Mwangaza', motto: '', languages: ['en'], demo: false });
    const made = async (username: string, kind: 'learner' | 'admin'): Promise<string> => {
      const account = await createAccount(admin, {
        slug,
        username,
        password: `maziwa-lala-${username}`,
        displayName: username,
        kind,
        roles: [],
      });
      if (!account.ok) throw new Error(account.error);
      return account.account.id;
    };
    accountIds = await Promise.all(Array.from({ length: LEARNERS }, (_, i) => made(`pupil${i}`, 'learner')));
    await made('head', 'admin');
  });
});
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

/** mulberry32: the same numbers for the same seed. */
function drawFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

it(`a server that is killed again and again has every document, sign-in and erasure that it acknowledged (seed ${seed})`, async () => {
  const draw = drawFrom(seed);
  const database = schoolDatabase(slug);
  const kept: Document[] = [];
  const erasures: string[] = [];
  const devices = accountIds.map(() => new ExchangeDevice(deviceDatabase()));
  /** The newest refresh token that reached each learner's device. */
  const refreshTokens = new Map<number, string>();
  let written = 0;

  for (let kill = 0; kill < KILLS; kill++) {
    const server = await PlaceProcess.start({ dataFolder });
    expect(server.printed()).not.toContain('damaged');
    let left = 1 + Math.floor(draw() * MOST);
    let killed: Promise<void> | null = null;
    // Counted when the answer is there; the last one of them kills, while others are under way.
    const acknowledged = (): void => {
      left -= 1;
      if (left <= 0) killed ??= server.kill();
    };

    async function signedIn(learner: number): Promise<string> {
      const held = refreshTokens.get(learner);
      const answer =
        held === undefined
          ? await call(`${server.url}/v1/auth/login`, {
              json: { school: slug, username: `pupil${learner}`, password: `maziwa-lala-pupil${learner}` },
            })
          : await call(`${server.url}/v1/auth/refresh`, { json: { refreshToken: held } });
      // After a kill the device shows what it has, also where the answer to its last refresh was lost.
      expect([learner, answer.status]).toEqual([learner, 200]);
      refreshTokens.set(learner, answer.json.refreshToken);
      acknowledged();
      return answer.json.accessToken;
    }

    async function learn(learner: number): Promise<void> {
      const [device, learnerId] = [devices[learner], accountIds[learner]];
      if (device === undefined || learnerId === undefined) throw new Error('no such learner');
      for (let round = 0; killed === null; round++) {
        const token = await signedIn(learner);
        const event = newLessonEvent({
          learnerId,
          courseId: 'maths-7',
          itemId: `lesson-${round}`,
          action: 'opened',
          deviceId: `phone-${learner}`,
          seq: ++written,
          createdAt: '2026-03-02T08:00:00.000Z',
        });
        await device.pouch.bulkDocs([event]);
        await device.written();
        const { state } = await device.sync(overHttp(`${server.url}/db/${database}`, () => token));
        if (state !== 'proved') continue;
        kept.push(event);
        acknowledged();
      }
    }

    async function erase(): Promise<void> {
      const login = { school: slug, username: 'head', password: 'maziwa-lala-head' };
      const token: string = (await call(`${server.url}/v1/auth/login`, { json: login })).json.accessToken;
      const target = `learner-gone${kill}`;
      const { status } = await call(`${server.url}/v1/admin/erasures`, { token, json: { target } });
      expect(status).toBe(202);
      erasures.push(target);
      acknowledged();
    }

    // What was under way when the server died fails, and nothing else may.
    const outcomes = await Promise.allSettled([...devices.keys()].map(learn).concat(erase()));
    await (killed ?? server.kill());
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected' && outcome.reason instanceof Error && outcome.reason.name === 'AssertionError')
        throw outcome.reason;
    }
  }

  expect(kept.length).toBeGreaterThan(KILLS);
  expect(refreshTokens.size).toBe(LEARNERS);
  const last = await PlaceProcess.start({ dataFolder });
  for (const [learner, refreshToken] of refreshTokens) {
    expect([learner, (await call(`${last.url}/v1/auth/refresh`, { json: { refreshToken } })).status]).toEqual([learner, 200]);
  }
  await last.close();
  const ids = await withStore(dataFolder, async (admin) => {
    const { body } = await admin.request('GET', `/${database}/_all_docs`);
    return new Set((body as { rows: { id: string }[] }).rows.map(({ id }) => id)); // CouchDB's answer
  });
  expect(kept.filter(({ _id }) => !ids.has(_id))).toEqual([]);
  // One that was asked for and not answered may be there too.
  expect(erasures.filter((target) => !ids.has(`staff:erasure:${target.slice('learner-'.length)}`))).toEqual([]);
}, 300_000);
