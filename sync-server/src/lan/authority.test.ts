import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { laptopCertificates } from './authority.ts';
import { readTlsPair, renewals } from './tls-files.ts';

const NOW = Date.now();
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darasa-tls-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Asks a server with this certificate, as somebody who trusts the authority; answers what is wrong with it. */
async function trusts(host: string, { cert, key, authority }: { cert: string; key: string; authority: string }): Promise<string | null> {
  const server = createServer({ cert, key }, (_, response) => response.end('good'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo; // not a pipe
  try {
    return await new Promise((resolve) => {
      const asking = request({ host: '127.0.0.1', port, servername: host, ca: authority, headers: { host } }, (response) => {
        response.resume();
        response.on('end', () => resolve(null));
      });
      asking.on('error', (error) => resolve(error.message));
      asking.end();
    });
  } finally {
    await new Promise((closed) => server.close(closed));
  }
}

it('a laptop’s authority makes its own names believed, and no other', async () => {
  const made = await laptopCertificates({ name: 'Grade 8, "blue"', names: ['darasa-8.local', '192.168.8.2'], now: NOW });
  const authority = new X509Certificate(made.authority);
  expect(authority.ca).toBe(true);
  expect(authority.subject).toContain('Grade 8');
  expect(new X509Certificate(made.cert).verify(authority.publicKey)).toBe(true);
  expect(await trusts('darasa-8.local', made)).toBeNull();
  expect(await trusts('bank.example', made)).toMatch(/altnames/);
});

it('whoever had the authority’s key could vouch for nobody else: names and addresses that it is not for are refused', async () => {
  for (const permitted of [['darasa-8.local'], ['192.168.8.2']]) {
    const forged = await laptopCertificates({ name: 'one', names: ['bank.example'], now: NOW }, permitted);
    expect(await trusts('bank.example', forged)).toMatch(/subtree violation/);
  }
});

it('a renewed pair is taken up, half of one is not', async () => {
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const save = (pair: { cert?: string; key?: string }): Promise<unknown> =>
    Promise.all([
      ...(pair.cert === undefined ? [] : [writeFile(certFile, pair.cert)]),
      ...(pair.key === undefined ? [] : [writeFile(keyFile, pair.key)]),
    ]);
  const first = await laptopCertificates({ name: 'one', names: ['a.local'], now: NOW });
  const second = await laptopCertificates({ name: 'two', names: ['a.local'], now: NOW });
  await save(first);
  const read = await readTlsPair(certFile, keyFile);
  if (!read.ok) throw new Error(read.problem);
  const [renewed, problems]: [string[], string[]] = [[], []];
  const look = renewals({
    certFile,
    keyFile,
    current: read.pair,
    onRenewed: ({ cert }) => renewed.push(cert),
    onProblem: (problem) => problems.push(problem),
  });
  await look();
  await save({ cert: second.cert });
  await look();
  await look();
  expect([renewed, problems.length]).toEqual([[], 1]);
  await save({ key: second.key });
  await look();
  await look();
  expect(renewed).toEqual([second.cert]);
});
