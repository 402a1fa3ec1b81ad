import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';

/** What the service worker keeps on the device, in bytes. */
export interface PrecacheSize {
  readonly files: number;
  readonly onDevice: number;
  readonly overTheNetwork: number;
}

/** Asks the browser which files the service worker keeps, once it has them all. */
export async function precacheSize(page: Page, appFolder: string): Promise<PrecacheSize> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  const addresses = await page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.includes('precache'));
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => url);
  });
  const contents = addresses.map((address) => readFileSync(join(appFolder, decodeURIComponent(new URL(address).pathname))));
  return {
    files: contents.length,
    onDevice: contents.reduce((sum, { length }) => sum + length, 0),
    overTheNetwork: contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0),
  };
}
