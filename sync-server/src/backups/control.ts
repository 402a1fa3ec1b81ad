import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BackupOutcome } from '@darasa/couchdb/backup';
import * as v from 'valibot';
import { sameText } from '../services/constant-time.ts';

const RUNNING_FILE = 'running.json';
const running = v.object({ url: v.string(), secret: v.string() });

export interface Control {
  close(): Promise<void>;
}

/**
 * Lets `npm run backup` ask the server that has the data: on this computer alone, on a port of its own, and with a secret that stands in the
 * folder of data, which only its owner reads.
 */
export async function openControl(dataFolder: string, backUp: (target: string | null) => Promise<BackupOutcome>): Promise<Control> {
  const secret = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const url = new URL(request.url ?? '/', 'http://control');
    if (!sameText(request.headers.authorization ?? '', `Bearer ${secret}`)) return answer(401, {});
    if (request.method !== 'POST' || url.pathname !== '/backup') return answer(404, {});
    backUp(url.searchParams.get('target')).then(
      (outcome) => answer(200, outcome),
      (error: unknown) => answer(200, { outcome: 'failed', why: String(error) } satisfies BackupOutcome),
    );
  });
  server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  // It listens on a port, so the address is not the name of a pipe.
  const { port } = server.address() as AddressInfo;
  const path = join(dataFolder, RUNNING_FILE);
  await mkdir(dataFolder, { recursive: true });
  await rm(path, { force: true });
  await writeFile(path, JSON.stringify({ url: `http://127.0.0.1:${port}`, secret }), { mode: 0o600 });
  return {
    async close() {
      await rm(path, { force: true });
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Asks the server that runs on these data for a backup; null when none runs. */
export async function askRunning(dataFolder: string, target: string | null): Promise<BackupOutcome | null> {
  const text = await readFile(join(dataFolder, RUNNING_FILE), 'utf8').catch(() => null);
  if (text === null) return null;
  const { url, secret } = v.parse(v.pipe(v.string(), v.parseJson(), running), text);
  const query = target === null ? '' : `?${new URLSearchParams({ target })}`;
  const asked = await fetch(`${url}/backup${query}`, { method: 'POST', headers: { authorization: `Bearer ${secret}` } }).catch(() => null);
  // The file of a server that was killed, and perhaps another program on its port.
  if (asked === null || !asked.ok) return null;
  // Our own server's answer, by the secret.
  return (await asked.json()) as BackupOutcome;
}
