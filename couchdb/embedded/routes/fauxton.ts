import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join, normalize, sep } from 'node:path';
import { Readable } from 'node:stream';
import { notFound } from '../errors.ts';
import type { StoreRoutes } from '../http.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.eot': 'application/vnd.ms-fontobject',
};

/** CouchDB's dashboard, from the package `fauxton`. */
export function fauxtonRoutes(routes: StoreRoutes): void {
  routes.get('/_utils', (c) => (c.req.raw.url.includes('/_utils/') ? file('index.html') : c.redirect('/_utils/', 301)));
  routes.get('/_utils/:path{.+}', (c) => file(c.req.param('path')));
}

async function file(path: string): Promise<Response> {
  const release = join(dirname(createRequire(import.meta.url).resolve('fauxton/package.json')), 'dist', 'release');
  const full = normalize(join(release, path));
  if (!full.startsWith(release + sep)) throw notFound('missing');
  const found = await stat(full).catch(() => undefined);
  if (!found?.isFile()) throw notFound('missing');
  // Node's stream type and the DOM's are declared apart; they are the same at run time.
  const body = Readable.toWeb(createReadStream(full)) as unknown as ReadableStream<Uint8Array>;
  return new Response(body, {
    headers: { 'Content-Type': types[extname(full)] ?? 'application/octet-stream', 'Content-Length': String(found.size) },
  });
}
