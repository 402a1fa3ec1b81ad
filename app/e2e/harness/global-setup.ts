import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SchoolServer } from './school-server.ts';

/**
 * Makes the demo school once; every test gets its own copy. DARASA_E2E_SEED names a folder that was made before, to be quicker
 * while writing tests.
 */
// biome-ignore lint/style/noDefaultExport: Playwright calls the default export
export default async function globalSetup(): Promise<() => void> {
  if (!existsSync(resolve(import.meta.dirname, '../../build/service-worker.js'))) {
    throw new Error('The app is not built: npm run build');
  }
  if (process.env['DARASA_E2E_SEED'] !== undefined) return () => undefined;

  const folder = mkdtempSync(join(tmpdir(), 'darasa-e2e-'));
  const seed = join(folder, 'seed');
  const server = await SchoolServer.create({ dataFolder: seed });
  await server.start();
  await server.stop();
  process.env['DARASA_E2E_SEED'] = seed;
  return () => rmSync(folder, { recursive: true, force: true });
}
