import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { SchoolServer } from './school-server.ts';

interface SchoolFixtures {
  /** The demo school's server, running, with data of its own; `stop()` and `start()` it at will. */
  readonly school: SchoolServer;
}

/** A test with a school server of its own. */
export const test = base.extend<SchoolFixtures>({
  // Playwright wants the first argument destructured, even when nothing is taken.
  // biome-ignore lint/correctness/noEmptyPattern: see above
  school: async ({}, use, testInfo) => {
    const seed = process.env['DARASA_E2E_SEED'];
    if (seed === undefined) throw new Error('The demo school was not made: see global-setup.ts.');
    const folder = mkdtempSync(join(tmpdir(), 'darasa-e2e-school-'));
    const dataFolder = join(folder, 'data');
    cpSync(seed, dataFolder, { recursive: true });
    const server = await SchoolServer.create({ dataFolder });
    await server.start();
    await use(server);
    await server.stop();
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach('server log', { body: server.log, contentType: 'text/plain' });
    rmSync(folder, { recursive: true, force: true });
  },
});

export { expect } from '@playwright/test';
