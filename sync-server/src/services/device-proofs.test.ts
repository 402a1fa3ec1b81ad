import { expect, it } from 'vitest';
import { keyedDevice } from '../../contract/harness/keyed-device.ts';
import { DeviceProofs } from './device-proofs.ts';
import { memoryStore } from './memory-store.fixture.ts';

const START = Date.UTC(2026, 0, 5);
const request = { method: 'POST', path: '/v1/auth/refresh', hosts: ['hub.local:3000'] };
const asked = { method: 'POST', url: 'http://hub.local:3000/v1/auth/refresh' };

const noPoint = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };

async function judge() {
  const clock = { at: START };
  const environment = { now: () => clock.at, random: (bytes: Uint8Array) => crypto.getRandomValues(new Uint8Array(bytes.length)) };
  const store = memoryStore();
  const server = (publicUrl: string | null = null): Promise<DeviceProofs> => DeviceProofs.open(store, environment, publicUrl);
  return { clock, server, device: await keyedDevice(() => clock.at) };
}

it('takes a proof within a minute of its clock, either way, and asks for a nonce otherwise', async () => {
  const { clock, server, device } = await judge();
  const proofs = await server();
  const proof = await device.proof(asked);
  for (const off of [-60_000, 0, 60_000]) {
    clock.at = START + off;
    expect(await proofs.read(proof, request)).toMatchObject({ ok: true, proof: { byNonce: false } });
  }
  clock.at = START + 61_000;
  expect(await proofs.read(proof, request)).toEqual({ ok: false, reason: 'nonce' });
});

it('takes a nonce of any server of the same database for five minutes, and none of another', async () => {
  const { clock, server, device } = await judge();
  const [one, other] = [await server(), await server()];
  const nonce = one.nonce();
  clock.at += 5 * 60_000;
  expect(await other.read(await device.proof({ ...asked, nonce }), request)).toMatchObject({ ok: true, proof: { byNonce: true } });
  clock.at += 60_000;
  expect(await other.read(await device.proof({ ...asked, nonce }), request)).toEqual({ ok: false, reason: 'nonce' });
  const stranger = await (await judge()).server();
  for (const each of [stranger.nonce(), '', 'x.y', `zzzz.${nonce.split('.')[1]}`])
    expect(await other.read(await device.proof({ ...asked, nonce: each }), request)).toEqual({ ok: false, reason: 'nonce' });
});

it('lets a proof be spent once, for as long as it could be in time', async () => {
  const { clock, server, device } = await judge();
  const proofs = await server();
  const nonce = proofs.nonce();
  const proof = await device.proof({ ...asked, nonce });
  const spend = async (): Promise<boolean | string> => {
    const read = await proofs.read(proof, request);
    return read.ok ? read.proof.spend() : read.reason;
  };
  expect(await spend()).toBe(true);
  for (let minute = 0; minute < 6; minute += 1) {
    expect(await spend()).toBe(false);
    // Others are spent meanwhile.
    const another = await proofs.read(await device.proof({ ...asked, nonce: proofs.nonce() }), request);
    expect(another.ok && another.proof.spend()).toBe(true);
    clock.at += 60_000;
  }
  expect(await spend()).toBe('nonce');
});

it('remembers so many proofs of one key and takes no more; another key has its own, and time makes room', async () => {
  const { clock, device } = await judge();
  const proofs = new DeviceProofs({ now: () => clock.at, random: (bytes) => bytes }, 'secret', null, 3);
  const spend = async (by: typeof device): Promise<boolean> => {
    const read = await proofs.read(await by.proof(asked), request);
    return read.ok && read.proof.spend();
  };
  for (const taken of [true, true, true, false]) expect(await spend(device)).toBe(taken);
  expect(await spend(await keyedDevice(() => clock.at))).toBe(true);
  clock.at += 7 * 60_000;
  expect(await spend(device)).toBe(true);
});

it('knows the server by the name that the request came with, and by its public one', async () => {
  const { server, device } = await judge();
  const at = async (url: string, publicUrl: string | null): Promise<boolean> =>
    (await (await server(publicUrl)).read(await device.proof({ method: 'POST', url: `${url}/v1/auth/refresh` }), request)).ok;
  expect(await at('http://hub.local:3000', null)).toBe(true);
  // A proxy takes TLS off.
  expect(await at('https://hub.local:3000', null)).toBe(true);
  expect(await at('https://school.example', null)).toBe(false);
  expect(await at('https://school.example', 'https://school.example')).toBe(true);
});

it.each([
  ['nothing', ''],
  ['no token at all', 'a.b.c'],
  [
    'a key that is no point',
    `${Buffer.from(JSON.stringify({ typ: 'dpop+jwt', alg: 'ES256', jwk: noPoint })).toString('base64url')}.e30.AAAA`,
  ],
])('refuses %s', async (_, text) => {
  const { server } = await judge();
  expect(await (await server()).read(text, request)).toEqual({ ok: false, reason: 'refused' });
});

it('refuses a proof whose text was changed', async () => {
  const { server, device } = await judge();
  const proof = await device.proof(asked);
  const other = await device.proof({ ...asked, method: 'GET' });
  const [head, , signature] = proof.split('.');
  expect(await (await server()).read(`${head}.${other.split('.')[1]}.${signature}`, request)).toEqual({ ok: false, reason: 'refused' });
});
