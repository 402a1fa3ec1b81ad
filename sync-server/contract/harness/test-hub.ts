import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { type CouchClient, couchClient } from '../../src/couch/couch-client.ts';
import type { Replica } from '../../src/hub/replica.ts';
import { pairedIdentity, startHub } from '../../src/hub/run-hub.ts';
import { listen } from '../../src/listen.ts';
import { realEnvironment } from '../../src/services/environment.ts';
import { startCouch } from '../../src/start-couch.ts';

export interface TestHub {
  readonly url: string;
  readonly hubId: string;
  readonly couch: CouchClient;
  /** Settles when it is asked to; it does not run by itself. */
  readonly replica: Replica;
  /** Ends it, and answers the folder, from which it can be started again. */
  close(): Promise<void>;
}

export async function hubFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'darasa-hub-'));
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** A class laptop with a store of its own in the folder; paired with the code where it is not yet. */
export async function startTestHub(folder: string, schoolUrl: string, code = ''): Promise<TestHub> {
  const outcome = readConfig({
    DARASA_DATA: folder,
    DARASA_DEMO: '0',
    PORT: '0',
    HOST: '127.0.0.1',
    DARASA_SCHOOL_URL: schoolUrl,
    DARASA_HUB_CODE: code,
  });
  if (!outcome.ok) throw new Error(outcome.problems.join());
  const { config } = outcome;
  const log = pino({ level: process.env['CONTRACT_LOG'] === undefined ? 'silent' : 'info' }, process.stderr);
  const { identity, paired } = await pairedIdentity(config);
  const running = await startCouch(config, realEnvironment, log);
  const hub = await startHub({ config, identity, paired, running, environment: realEnvironment, log });
  const listening = await listen(hub.app, '127.0.0.1', 0);
  return {
    url: `http://127.0.0.1:${listening.port}`,
    hubId: paired.hubId,
    couch: couchClient(running.url),
    replica: hub.replica,
    async close() {
      await hub.close();
      await listening.close();
      await running.close();
    },
  };
}
