import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes of JavaScript, as gzip sends them. */
export interface ScriptsSize {
  readonly page: number;
  readonly worker: number;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

/** Adds up the scripts at these addresses, each counted once; those that a worker runs apart from the page's. */
export function scriptsSize(appFolder: string, addresses: Iterable<string>): ScriptsSize {
  const files = [...new Set([...addresses].map((address) => new URL(address).pathname))].map((path) => ({
    path,
    bytes: gzipSync(readFileSync(join(appFolder, path)), { level: 9 }).length,
  }));
  const sum = (worker: boolean): number =>
    files.filter(({ path }) => path.includes('/workers/') === worker).reduce((total, { bytes }) => total + bytes, 0);
  return { page: sum(false), worker: sum(true), files };
}
