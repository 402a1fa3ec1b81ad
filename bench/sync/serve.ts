import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedStore } from '@darasa/couchdb/embedded';
import { couchAdmin, provisionSchool, provisionServer, schoolDatabase } from '@darasa/couchdb/provisioning';
import { pino } from 'pino';
import { readConfig } from '../../sync-server/src/config.ts';
import { couchClient } from '../../sync-server/src/couch/couch-client.ts';
import { serverStore } from '../../sync-server/src/couch/server-store.ts';
import { listen } from '../../sync-server/src/listen.ts';
import { createServer } from '../../sync-server/src/server.ts';
import { AccessTokens } from '../../sync-server/src/services/access-tokens.ts';
import { realEnvironment } from '../../sync-server/src/services/environment.ts';
import { SigningKeys } from '../../sync-server/src/services/signing-keys.ts';
import type { FromServer, ToServer } from './server-process.ts';

/** The real server in a process of its own, whose processor time can be told from the clients'. Its parent asks over IPC. */
const given = process.env['COUCHDB_URL'];
const dataDir = await mkdtemp(join(tmpdir(), 'darasa-bench-'));
const store =
  given === undefined || given === '' ? await startEmbeddedStore({ dataDir, admin: { name: 'admin', password: 'secret' } }) : null;
const storeUrl = store === null ? (given ?? '') : store.url.replace('://', '://admin:secret@');
const couch = couchClient(storeUrl);
const admin = couchAdmin(storeUrl);
await provisionServer(admin);
const school = `bench-${randomBytes(4).toString('hex')}`;
await provisionSchool(admin, { slug: school, name: school, motto: '', languages: ['en'], demo: false });
const outcome = readConfig({
  COUCHDB_URL: storeUrl,
  HOST: '127.0.0.1',
  PORT: '0',
  DARASA_APP: join(dataDir, 'no-app'),
  ACCESS_TOKEN_SECONDS: '3600',
});
if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
const log = pino({ level: process.env['BENCH_LOG'] ?? 'silent' });
let server = await createServer({
  config: outcome.config,
  couch,
  admin,
  environment: realEnvironment,
  log,
  demoAccounts: [],
  runServices: false,
});
let listening = await listen(server.app, '127.0.0.1', 0);
const port = listening.port;
const tokens = new AccessTokens(await SigningKeys.open(serverStore(couch), admin, realEnvironment), realEnvironment, 3_600);

const tell = (message: FromServer): void => void process.send?.(message);
process.on('message', (message: ToServer) => {
  answer(message).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
tell({ tag: 'ready', url: `http://127.0.0.1:${port}`, storeUrl, school, embedded: store !== null });

async function answer(message: ToServer): Promise<void> {
  switch (message.tag) {
    case 'sign': {
      const people = message.people.map(({ name, roles }) =>
        tokens.sign({ accountId: name, school, name, roles: [`school:${school}`, ...roles] }),
      );
      tell({ tag: 'signed', tokens: await Promise.all(people) });
      return;
    }
    case 'usage': {
      const { user, system } = process.cpuUsage();
      tell({ tag: 'usage', cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage.rss() });
      return;
    }
    case 'restart':
      await server.close();
      await listening.close();
      server = await createServer({
        config: outcome.ok ? outcome.config : never(),
        couch,
        admin,
        environment: realEnvironment,
        log,
        demoAccounts: [],
        runServices: false,
      });
      listening = await listen(server.app, '127.0.0.1', port);
      tell({ tag: 'restarted' });
      return;
    case 'end':
      await server.close();
      await listening.close();
      await admin.request('DELETE', `/${schoolDatabase(school)}`);
      await store?.close();
      await rm(dataDir, { recursive: true, force: true });
      process.disconnect();
  }
}

function never(): never {
  throw new Error('The settings were read before');
}
