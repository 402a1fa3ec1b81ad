import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedStore } from '@darasa/couchdb/embedded';
import {
  type CouchAdmin,
  couchAdmin,
  provisionSchool,
  provisionServer,
  reservationId,
  SERVER_DATABASE,
  schoolDatabase,
} from '@darasa/couchdb/provisioning';
import { pino } from 'pino';
import type { Config } from '../../src/config.ts';
import { accounts } from '../../src/couch/accounts.ts';
import { type CouchClient, couchClient } from '../../src/couch/couch-client.ts';
import { serverStore } from '../../src/couch/server-store.ts';
import { listen } from '../../src/listen.ts';
import type { LimitOptions } from '../../src/routes/replication/limits.ts';
import { createServer } from '../../src/server.ts';
import { AccessTokens } from '../../src/services/access-tokens.ts';
import { type Environment, realEnvironment } from '../../src/services/environment.ts';
import { type HubRecord, HubRecords, hubRecordId } from '../../src/services/hub-records.ts';
import { SigningKeys } from '../../src/services/signing-keys.ts';
import type { Json } from './call.ts';

export interface TestServer {
  readonly url: string;
  /** The store itself, without credentials: what somebody would reach who got past the server. */
  readonly couchUrl: string;
  /** The store with its admin's credentials, for a replicator. */
  readonly storeUrl: string;
  /** The store, as its admin. */
  readonly couch: CouchClient;
  readonly admin: CouchAdmin;
  /** Signs access tokens as the server does. */
  readonly tokens: AccessTokens;
  /** What the server has logged at `info` and above, each line parsed. */
  readonly logged: readonly Json[];
  /** Two schools of the server, new for this file. */
  readonly school: string;
  readonly otherSchool: string;
  /** One more server on the same store, as behind a load balancer. */
  another(): Promise<{ readonly url: string; close(): Promise<void> }>;
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly config?: Partial<Config>;
  readonly environment?: Partial<Environment>;
  /** Whether the server grades what arrives; it does unless told otherwise. */
  readonly runServices?: boolean;
  readonly limits?: LimitOptions;
}

/** A contract asks more in a minute than any class. */
const MUCH = { requests: { burst: 1e6, perMinute: 1e6 }, heavy: 100, heavyWaiting: 1_000, feeds: 1_000 };
const UNLIMITED: LimitOptions = { account: MUCH, address: MUCH };

interface Store {
  readonly url: string;
  close(): Promise<void>;
}

async function startStore(): Promise<Store> {
  const given = process.env['COUCHDB_URL'];
  if (given !== undefined && given !== '') return { url: given.replace(/\/+$/, ''), close: async () => undefined };
  const dataDir = await mkdtemp(join(tmpdir(), 'darasa-server-'));
  const store = await startEmbeddedStore({ dataDir, admin: { name: 'admin', password: 'secret' } });
  return {
    url: store.url.replace('://', '://admin:secret@'),
    async close() {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The whole server on a free port, on the store at `COUCHDB_URL` or else on an embedded one of its own. */
export async function startTestServer({
  config = {},
  environment = {},
  runServices = true,
  limits = UNLIMITED,
}: TestServerOptions = {}): Promise<TestServer> {
  const store = await startStore();
  const couch = couchClient(store.url);
  const admin = couchAdmin(store.url);
  await provisionServer(admin);
  const suffix = randomBytes(4).toString('hex');
  const [school, otherSchool] = [`amani-${suffix}`, `baraka-${suffix}`];
  for (const slug of [school, otherSchool]) await provisionSchool(admin, { slug, name: slug, motto: '', languages: ['en'], demo: false });

  // The hubs of shared's personas are on record, as if they had been paired.
  const hubs = new HubRecords(serverStore(couch));
  for (const slug of [school, otherSchool]) for (const hubId of PERSONA_HUBS) await hubs.add(pairedHub(slug, hubId));

  const world = { ...realEnvironment, ...environment };
  const whole: Config = {
    port: 0,
    host: '127.0.0.1',
    dataFolder: '',
    backupFolder: null,
    appFolder: join(tmpdir(), 'no-app-here'),
    couchUrl: store.url,
    schoolUrl: null,
    hubCode: null,
    demo: false,
    demoAsked: false,
    publicUrl: null,
    metricsToken: null,
    appOrigins: [],
    hubSources: [],
    tls: null,
    mdnsName: null,
    wifi: null,
    logLevel: 'silent',
    trustedProxies: 0,
    accessTokenSeconds: 900,
    refreshTokenDays: 90,
    ...config,
  };
  const logged: Json[] = [];
  const log = pino(
    { level: 'info' },
    {
      write(line: string) {
        logged.push(JSON.parse(line));
        if (process.env['CONTRACT_LOG'] !== undefined) process.stderr.write(line);
      },
    },
  );
  const server = await createServer({ config: whole, couch, admin, environment: world, log, demoAccounts: [], runServices, limits });
  const listening = await listen(server.app, whole.host, 0);
  const keys = await SigningKeys.open(serverStore(couch), admin, world);

  return {
    url: `http://127.0.0.1:${listening.port}`,
    couchUrl: admin.url,
    storeUrl: store.url,
    couch,
    admin,
    logged,
    tokens: new AccessTokens(keys, world, whole.accessTokenSeconds),
    school,
    otherSchool,
    async another() {
      // Another node of the cluster, where there is one.
      const elsewhere = couchClient(process.env['COUCHDB_URL_BESIDE'] ?? store.url);
      const beside = await createServer({
        config: whole,
        couch: elsewhere,
        admin,
        environment: world,
        log,
        demoAccounts: [],
        runServices: false,
      });
      const listens = await listen(beside.app, whole.host, 0);
      return {
        url: `http://127.0.0.1:${listens.port}`,
        async close() {
          await beside.close();
          await listens.close();
        },
      };
    },
    async close() {
      await server.close();
      await listening.close();
      for (const slug of [school, otherSchool]) {
        await admin.request('DELETE', `/${schoolDatabase(slug)}`, { accept: [404] });
        for (const { _id, darasa } of await accounts(couch, admin).ofSchool(slug)) {
          await remove(admin, '_users', _id);
          await remove(admin, SERVER_DATABASE, reservationId(slug, darasa.username));
        }
        for (const hub of await hubs.list(slug)) await remove(admin, SERVER_DATABASE, hub._id);
        await remove(admin, SERVER_DATABASE, `school:${slug}`);
      }
      await store.close();
    },
  };
}

const PERSONA_HUBS = ['laptop-7a', 'laptop-8b'];

/** A hub whose key nobody has: its tokens are signed by the tests. */
function pairedHub(school: string, hubId: string): HubRecord {
  const publicKey = { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) } as const;
  const pairedAt = '2026-01-05T08:00:00.000Z';
  return {
    ...{ _id: hubRecordId(school, hubId), hubId, school, name: hubId, publicKey, kid: hubId },
    ...{ classes: [hubId.slice(-2)], pairedAt, pairedBy: 'head', served: [] },
  };
}

async function remove(admin: CouchAdmin, database: string, id: string): Promise<void> {
  const path = `/${database}/${encodeURIComponent(id)}`;
  const { status, body } = await admin.request('GET', path, { accept: [404] });
  if (status === 404) return;
  const { _rev } = body as { _rev: string }; // just read from the database
  await admin.request('DELETE', path, { query: { rev: _rev } });
}
