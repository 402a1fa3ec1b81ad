import { hostname } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { couchAdmin, provisionSchool, provisionServer } from '@darasa/couchdb/provisioning';
import { plainHubCode } from '@darasa/shared/protocol';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { couchClient } from '../couch/couch-client.ts';
import { SchoolDirectory } from '../couch/school-directory.ts';
import { serverStore } from '../couch/server-store.ts';
import { createServer, type Server } from '../server.ts';
import type { Environment } from '../services/environment.ts';
import type { RunningCouch } from '../start-couch.ts';
import { placesOfHub } from './hub-places.ts';
import { HubIdentity, type Paired } from './identity.ts';
import { Replica } from './replica.ts';
import { ReplicaStorage } from './replica-storage.ts';
import { pairWith, SchoolClient, SchoolRefused } from './school-client.ts';

/** What a laptop needs to be told once. */
export interface PairingAnswers {
  readonly url: string;
  readonly code: string;
}

/**
 * Opens the laptop's identity, and pairs it with a school where it is not paired yet: with what the settings say, else with what somebody
 * types. Throws where there is nobody to ask, and SchoolRefused for a code that is wrong.
 */
export async function pairedIdentity(
  { dataFolder, schoolUrl, hubCode }: Pick<Config, 'dataFolder' | 'schoolUrl' | 'hubCode'>,
  ask: () => Promise<PairingAnswers> = askOnTerminal,
): Promise<{ readonly identity: HubIdentity; readonly paired: Paired }> {
  const identity = await HubIdentity.open(dataFolder);
  if (identity.paired !== null) return { identity, paired: identity.paired };
  const { url, code } = schoolUrl !== null && hubCode !== null ? { url: schoolUrl, code: hubCode } : await ask();
  const answer = await pairWith(url, { code: plainHubCode(code), publicKey: identity.publicKey });
  const paired = { ...answer, url };
  await identity.rememberPairing(paired);
  return { identity, paired };
}

async function askOnTerminal(): Promise<PairingAnswers> {
  if (process.stdin.isTTY !== true)
    throw new Error('This laptop is not paired yet: set DARASA_SCHOOL_URL and DARASA_HUB_CODE, or start it in a terminal');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    process.stdout.write(`This laptop (${hostname()}) is not paired with a school yet.\n`);
    const url = (await terminal.question('Address of your school, for example https://school.example.org: ')).trim().replace(/\/+$/, '');
    const code = await terminal.question('Code, from an admin or from your own page “Class laptops”: ');
    return { url: /^https?:\/\//.test(url) ? url : `https://${url}`, code };
  } finally {
    terminal.close();
  }
}

export interface HubParts {
  readonly config: Config;
  readonly identity: HubIdentity;
  readonly paired: Paired;
  readonly running: RunningCouch;
  readonly environment: Environment;
  readonly log: Logger;
}

export interface RunningHub {
  readonly app: Server['app'];
  readonly replica: Replica;
  close(): Promise<void>;
}

/** Serves the school’s part of this laptop from its own store, and keeps the two the same from now on. */
export async function startHub({ config, identity, paired, running, environment, log }: HubParts): Promise<RunningHub> {
  const couch = couchClient(running.url);
  const admin = couchAdmin(running.url);
  const store = serverStore(couch);
  const { slug, name } = paired.school;
  await provisionServer(admin);
  const others = (await new SchoolDirectory(store).list()).filter((school) => school.slug !== slug);
  if (others.length > 0)
    throw new Error(`${config.dataFolder} holds the school ${others[0]?.slug}: give the laptop a folder of its own with DARASA_DATA`);
  await provisionSchool(admin, { slug, name, motto: '', languages: ['en'], demo: false }, { replica: true });

  // The status is asked for when the replica has long been there.
  const parts: { replica?: Replica } = {};
  const server = await createServer({
    ...{ config, couch, admin, environment, log, demoAccounts: [], runServices: true },
    hub: {
      name: paired.name,
      places: placesOfHub(identity, paired),
      key: { kid: identity.kid, private: identity.privateKey },
      status: () => parts.replica?.status ?? { lastContactAt: null, provedAt: null, problem: null, unsent: 0, refused: 0 },
    },
  });
  const { accounts, refreshTokens, feeds } = server;
  const storage = await ReplicaStorage.open({
    ...{ couch, store, school: slug, now: environment.now, log },
    feed: await feeds.of(slug),
    onUnsent: () => parts.replica?.wake(),
  });
  const client = new SchoolClient(identity, paired, environment.now);
  const replica = new Replica({ admin, accounts, refreshTokens, school: slug, client, storage, environment, log });
  parts.replica = replica;
  return {
    app: server.app,
    replica,
    async close() {
      await replica.close();
      storage.close();
      await server.close();
    },
  };
}

/** What went wrong with a first start, for the person at the laptop. */
export function pairingProblem(error: unknown): string {
  if (error instanceof SchoolRefused)
    return error.id === 'wrong-code' ? 'The code is wrong, too old, or was used. Ask for a new one.' : error.message;
  if (error instanceof TypeError)
    return 'The school’s address does not answer. Is this laptop connected to the internet, and the address right?';
  return error instanceof Error ? error.message : String(error);
}
