import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { Device } from './device.ts';
import { SchoolServer } from './school-server.ts';

interface SchoolFixtures {
  /** How long the school's access tokens are good; undefined: as the server has it. */
  readonly accessTokenSeconds: number | undefined;
  /** Other settings of the school's server. */
  readonly schoolSettings: Readonly<Record<string, string>>;
  /** A folder of this test's own, removed after it. */
  readonly folder: string;
  /** The demo school's server, running, with data of its own; `stop()` and `start()` it at will. */
  readonly school: SchoolServer;
  /** A new device, with nothing on it. */
  readonly newDevice: () => Promise<Device>;
  /** The first device. */
  readonly device: Device;
}

/** A test with a school server of its own. No page of it may throw. */
export const test = base.extend<SchoolFixtures>({
  // Playwright wants the first argument destructured, even when nothing is taken.
  // biome-ignore lint/correctness/noEmptyPattern: see above
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'darasa-e2e-test-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },

  accessTokenSeconds: [undefined, { option: true }],
  schoolSettings: [{}, { option: true }],

  school: async ({ folder, accessTokenSeconds, schoolSettings }, use, testInfo) => {
    const seed = process.env['DARASA_E2E_SEED'];
    if (seed === undefined) throw new Error('The demo school was not made: see global-setup.ts.');
    const dataFolder = join(folder, 'data');
    cpSync(seed, dataFolder, { recursive: true });
    const server = await SchoolServer.create({ dataFolder, accessTokenSeconds, settings: schoolSettings });
    await server.start();
    await use(server);
    await server.stop();
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach('server log', { body: server.log, contentType: 'text/plain' });
  },

  newDevice: async ({ browser, school }, use) => {
    const thrown: Error[] = [];
    const contexts: { close(): Promise<void> }[] = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL: school.url });
      contexts.push(context);
      context.on('weberror', (error) => thrown.push(error.error()));
      return new Device(await context.newPage());
    });
    for (const context of contexts) await context.close();
    expect(
      thrown.map(({ stack, message }) => stack ?? message),
      'no page threw an error',
    ).toEqual([]);
  },

  device: async ({ newDevice }, use) => {
    await use(await newDevice());
  },
});

export { expect };
