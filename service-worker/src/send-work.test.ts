import { refreshLock, tokenHash } from '@darasa/shared/protocol';
import { EXCHANGE_TYPE } from '@darasa/shared/sync';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DeviceRecords } from './device-records.ts';
import { FakeSchool, fakeDevice } from './fake-school.fixture.ts';
import { LAST_PAUSES_MS, PAGE_FIRST_MS, SPREAD_MS, sendWork, WorkIsLeft } from './send-work.ts';

const OPEN_UNTIL = 1_000_000;
let school: FakeSchool;
let device: ReturnType<typeof fakeDevice>;

beforeEach(() => {
  school = new FakeSchool();
  device = fakeDevice(school);
});

describe('P10 work goes after the last page was closed', () => {
  test('P10 each account’s work goes with its own token, and leaves the outbox', async () => {
    device.signIn('amina', { accessExpiresAt: OPEN_UNTIL });
    device.signIn('brian', { accessExpiresAt: OPEN_UNTIL });
    device.write('amina', 'an attempt');
    device.write('brian', 'another');
    await sendWork(device.environment);
    expect(school.received).toEqual([
      {
        path: '/db/school-greenhill/_exchange',
        account: 'amina',
        body: 'an attempt',
        type: EXCHANGE_TYPE,
        encoding: 'gzip',
        device: 'phone',
      },
      { path: '/db/school-greenhill/_exchange', account: 'brian', body: 'another', type: EXCHANGE_TYPE, encoding: 'gzip', device: 'phone' },
    ]);
    expect(device.outbox()).toEqual([]);
  });

  test('P10 a session that is bound to the device’s key is proved with it, by the school’s nonce where the school wants one', async () => {
    school.nonce = 'n1';
    device.key = { publicKey: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }, sign: async () => new Uint8Array(64) };
    device.signIn('amina');
    device.write('amina', 'an attempt');
    await sendWork(device.environment);
    expect(school.received).toMatchObject([{ account: 'amina', body: 'an attempt' }]);
    expect(school.proofs).toMatchObject([
      { htm: 'POST', htu: 'https://school.example/v1/auth/refresh', nonce: 'n1' },
      { htm: 'POST', htu: 'https://school.example/db/school-greenhill/_exchange', nonce: 'n1', ath: tokenHash('access:amina.1') },
    ]);
    expect(device.tokens('amina')).toMatchObject({ bound: true, refreshToken: 'amina.1' });
  });

  test('P12 where the device’s key is lost, the work waits for its person', async () => {
    school.nonce = 'n1';
    device.signIn('amina');
    device.write('amina', 'an attempt');
    await sendWork(device.environment);
    expect([school.received, device.outbox()]).toEqual([[], ['an attempt']]);
  });

  test('P10 with nothing unsent no request is made, and nothing is waited for', async () => {
    device.signIn('amina');
    await sendWork(device.environment);
    expect([school.received, school.refreshes, device.waits]).toEqual([[], 0, []]);
  });

  test('P10 what the app put into the outbox meanwhile stays there', async () => {
    device.signIn('amina', { accessExpiresAt: OPEN_UNTIL });
    device.write('amina', 'an attempt');
    school.onReceived = () => device.write('amina', 'an attempt, and one more');
    await sendWork(device.environment);
    expect(device.outbox()).toEqual(['an attempt, and one more']);
  });

  test('P10 devices spread over ten seconds, and an open page goes first', async () => {
    device.signIn('amina', { accessExpiresAt: OPEN_UNTIL });
    device.write('amina', 'an attempt');
    device.chance = 0.5;
    device.pageIsOpen = true;
    device.onWait = () => device.write('amina', null);
    await sendWork(device.environment);
    expect(device.waits).toEqual([SPREAD_MS / 2 + PAGE_FIRST_MS]);
    expect(school.received).toEqual([]);
  });
});

describe('P11 a refresh token is used once', () => {
  test('P11 the next token is on the disk before anything is asked with it', async () => {
    device.signIn('amina');
    device.write('amina', 'an attempt');
    const first = device.tokens('amina').refreshToken;
    school.onReceived = () => expect(device.tokens('amina').refreshToken).not.toBe(first);
    await sendWork(device.environment);
    expect(school.received).toHaveLength(1);
    expect(school.refreshes).toBe(1);
  });

  test('P11 a service worker that dies before the next token is stored ends no session', async () => {
    device.signIn('amina');
    device.write('amina', 'an attempt');
    const records: DeviceRecords = { ...device.environment.records, replaceTokens: () => Promise.reject(new Error('The process is gone')) };
    await expect(sendWork({ ...device.environment, records })).rejects.toThrow('The process is gone');
    expect(school.received).toEqual([]);
    await sendWork(device.environment);
    expect(school.received).toHaveLength(1);
    expect(school.ended).toEqual([]);
  });

  test('P11 a page that refreshes in the same moment and the service worker use one token after the other', async () => {
    device.signIn('amina');
    device.write('amina', 'an attempt');
    const page = device.environment.locks.request(refreshLock('amina'), () => device.refreshAsThePageDoes('amina'));
    await Promise.all([page, sendWork(device.environment)]);
    expect(school.refreshes).toBe(1);
    expect(school.ended).toEqual([]);
    expect(school.received).toHaveLength(1);
  });

  test('P11 a token that the school does not take is replaced once, and no more', async () => {
    device.signIn('amina', { accessExpiresAt: OPEN_UNTIL, accessToken: 'foreign' });
    device.write('amina', 'an attempt');
    await sendWork(device.environment);
    expect([school.refreshes, school.received.length]).toEqual([1, 1]);
    school.status = 401;
    device.write('amina', 'one more');
    await sendWork(device.environment);
    expect(school.refreshes).toBe(2);
    expect(device.outbox()).toEqual(['one more']);
  });
});

describe('P12 what could not be sent stays', () => {
  test.each([null, 429, 500, 503])('P12 where another try may help (%s), the browser is told to try again', async (status) => {
    device.signIn('amina', { accessExpiresAt: OPEN_UNTIL });
    device.signIn('brian', { accessExpiresAt: OPEN_UNTIL });
    device.write('amina', 'an attempt');
    device.write('brian', 'another');
    school.status = status;
    await expect(sendWork(device.environment)).rejects.toThrow(WorkIsLeft);
    expect(device.outbox()).toHaveLength(2);
  });

  test('P12 where the browser will not try again, this goes on by itself for a while', async () => {
    device.signIn('amina', { accessExpiresAt: OPEN_UNTIL });
    device.write('amina', 'an attempt');
    school.status = null;
    await expect(sendWork(device.environment, true)).rejects.toThrow(WorkIsLeft);
    expect(device.waits.slice(1)).toEqual([...LAST_PAUSES_MS]);
    device.onWait = () => {
      school.status = 200;
    };
    await sendWork(device.environment, true);
    expect(device.outbox()).toEqual([]);
  });

  test.each([400, 403, 404, 415])('P12 where it would not (%i), it waits for the app', async (status) => {
    device.signIn('amina', { accessExpiresAt: OPEN_UNTIL });
    device.write('amina', 'an attempt');
    school.status = status;
    await sendWork(device.environment);
    expect(device.outbox()).toEqual(['an attempt']);
  });

  test('P12 work of a disabled account stays, with its token, and does not hold up another’s', async () => {
    device.signIn('amina');
    device.signIn('brian');
    device.write('amina', 'an attempt');
    device.write('brian', 'another');
    school.disable('amina');
    const token = device.tokens('amina').refreshToken;
    await sendWork(device.environment);
    expect(device.outbox()).toEqual(['an attempt']);
    expect(school.received.map(({ account }) => account)).toEqual(['brian']);
    expect(device.tokens('amina').refreshToken).toBe(token);
  });

  test('P12 an ended session waits for the password', async () => {
    device.signIn('amina', { refreshToken: null });
    device.write('amina', 'an attempt');
    await sendWork(device.environment);
    expect(school.refreshes).toBe(0);
    expect(device.outbox()).toEqual(['an attempt']);
  });

  test('P12 the page of a captive portal is no answer', async () => {
    device.signIn('amina');
    device.write('amina', 'an attempt');
    school.portal = true;
    await expect(sendWork(device.environment)).rejects.toThrow(WorkIsLeft);
  });
});
