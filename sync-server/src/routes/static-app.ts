import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Hono } from 'hono';
import { apiError } from '../middleware/errors.ts';
import type { ServerContext, ServerEnv } from '../middleware/server-context.ts';
import { appPolicy, scriptPolicy } from '../policies/content-security.ts';

const pack = { br: promisify(brotliCompress), gzip: promisify(gzip) };
const SUFFIX = { br: '.br', gzip: '.gz' } as const;
type Encoding = keyof typeof SUFFIX;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const PACKED_ALREADY = new Set(['.jpg', '.png', '.webp', '.woff2']);
const IMMUTABLE = '/_app/immutable/';
const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>Darasa</title>
<h1>The app is not built yet</h1><p>Run <code>npm run build</code> in the project’s folder, then load this page again. The server itself is running.</p>`;

interface AppFile {
  readonly path: string;
  readonly modifiedMs: number;
  readonly size: number;
}

/**
 * The built app. Files with a digest in their name are kept for ever by browsers; the page, the service worker and all
 * other names are asked for again. Files are looked up at each request, so a new build needs no restart.
 */
export function staticApp(folder: string, hubSources: readonly string[]): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  const packed = new PackedFiles();
  routes.get('/*', async (c) => {
    c.set('route', 'app');
    const path = safePath(new URL(c.req.url).pathname);
    if (path === null) return apiError(c, 400, 'bad-request', 'Not a path');
    const file = path.endsWith('/') ? null : await find(folder, path);
    if (extname(path) === '.js') c.header('Content-Security-Policy', scriptPolicy(hubSources));
    if (file !== null && path !== '/index.html') return send(c, file, packed, path.startsWith(IMMUTABLE));
    // A missing chunk must not be answered with the page: the browser would run it as a script.
    if (path.startsWith('/_app/') || !isNavigation(c)) return apiError(c, 404, 'not-found', 'There is nothing here');
    const index = await find(folder, '/index.html');
    if (index === null) return c.html(NOT_BUILT, 503);
    c.header('Content-Security-Policy', appPolicy(await readFile(index.path, 'utf8'), hubSources));
    return send(c, index, packed, false);
  });
  return routes;
}

async function bytesOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(path));
}

function isNavigation(c: ServerContext): boolean {
  const mode = c.req.header('sec-fetch-mode');
  return mode === 'navigate' || (c.req.header('accept') ?? '*/*').split(',').some((type) => /^\s*(?:text\/html|\*\/\*)/.test(type));
}

function safePath(pathname: string): string | null {
  try {
    const path = decodeURIComponent(pathname);
    return path.includes('\0') || path.includes('\\') || path.split('/').includes('..') ? null : path;
  } catch {
    return null;
  }
}

async function find(folder: string, path: string): Promise<AppFile | null> {
  const full = normalize(join(folder, path));
  if (!full.startsWith(normalize(folder + sep))) return null;
  const found = await stat(full).catch(() => null);
  return found?.isFile() === true ? { path: full, modifiedMs: found.mtimeMs, size: found.size } : null;
}

async function send(c: ServerContext, file: AppFile, packed: PackedFiles, immutable: boolean): Promise<Response> {
  const etag = `"${file.size.toString(36)}-${Math.floor(file.modifiedMs).toString(36)}"`;
  c.header('ETag', etag);
  c.header('Vary', 'Accept-Encoding');
  c.header('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (c.req.header('if-none-match')?.replace(/^W\//, '') === etag) return c.body(null, 304);

  const extension = extname(file.path);
  c.header('Content-Type', TYPES[extension] ?? 'application/octet-stream');
  const accepted = c.req.header('accept-encoding') ?? '';
  const encoding: Encoding | null = PACKED_ALREADY.has(extension)
    ? null
    : /\bbr\b/.test(accepted)
      ? 'br'
      : /\bgzip\b/.test(accepted)
        ? 'gzip'
        : null;
  if (encoding === null) return c.body(await bytesOf(file.path));
  c.header('Content-Encoding', encoding);
  return c.body(await packed.read(file, encoding));
}

/** Compressed files: those of the build where it made any, else compressed once and remembered. */
class PackedFiles {
  readonly #packed = new Map<string, { modifiedMs: number; bytes: Promise<Uint8Array<ArrayBuffer>> }>();

  read(file: AppFile, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> {
    const key = file.path + SUFFIX[encoding];
    const known = this.#packed.get(key);
    if (known !== undefined && known.modifiedMs === file.modifiedMs) return known.bytes;
    const bytes = this.#make(file, encoding);
    this.#packed.set(key, { modifiedMs: file.modifiedMs, bytes });
    bytes.catch(() => this.#packed.delete(key));
    return bytes;
  }

  async #make(file: AppFile, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> {
    const built = await stat(file.path + SUFFIX[encoding]).catch(() => null);
    // One that is older than its file is of another build.
    if (built !== null && built.mtimeMs >= file.modifiedMs) return bytesOf(file.path + SUFFIX[encoding]);
    const plain = await bytesOf(file.path);
    if (encoding === 'gzip') return new Uint8Array(await pack.gzip(plain, { level: 9 }));
    return new Uint8Array(await pack.br(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
}
