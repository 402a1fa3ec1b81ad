import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { staticApp } from './static-app.ts';

let folder: string;
const ask = (path: string, headers: Record<string, string> = {}) => staticApp(folder, []).request(path, { headers });
const put = async (name: string, text: string | Uint8Array) => {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), text);
};

const unpacked = async (answer: Response) => brotliDecompressSync(new Uint8Array(await answer.arrayBuffer())).toString();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darasa-app-'));
  await put('index.html', '<html><script>start()</script></html>');
  await put('_app/immutable/a.js', 'export const a = 1;');
  await put('service-worker.js', '/* worker */');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the built app', () => {
  it('is kept for ever where a name has a digest, and asked for again elsewhere', async () => {
    expect((await ask('/_app/immutable/a.js')).headers.get('cache-control')).toContain('immutable');
    for (const path of ['/', '/courses/maths-7', '/service-worker.js']) {
      expect((await ask(path, { accept: 'text/html' })).headers.get('cache-control'), path).toBe('no-cache');
    }
  });

  it('answers a deep link with its page, and a missing chunk or data with 404', async () => {
    expect(await (await ask('/learn/x/y', { accept: 'text/html' })).text()).toContain('start()');
    expect((await ask('/_app/immutable/gone.js', { accept: '*/*' })).status).toBe(404);
    expect((await ask('/some.json', { accept: 'application/json' })).status).toBe(404);
  });

  it('sends the policy that fits the page’s inline script', async () => {
    expect((await ask('/', { accept: 'text/html' })).headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-[^']+';/);
  });

  it('is packed as the browser takes it, by the build’s own file when it is of this build', async () => {
    const packed = await ask('/_app/immutable/a.js', { 'accept-encoding': 'gzip, br' });
    expect(packed.headers.get('content-encoding')).toBe('br');
    expect(await unpacked(packed)).toBe('export const a = 1;');

    await put('_app/immutable/b.js', 'new');
    await put('_app/immutable/b.js.br', new Uint8Array(brotliCompressSync('of the build')));
    const built = await ask('/_app/immutable/b.js', { 'accept-encoding': 'br' });
    expect(await unpacked(built)).toBe('of the build');
    await utimes(join(folder, '_app/immutable/b.js.br'), new Date(0), new Date(0));
    const stale = await ask('/_app/immutable/b.js', { 'accept-encoding': 'br' });
    expect(await unpacked(stale)).toBe('new');
  });

  it('is not sent again when the browser has it', async () => {
    const etag = (await ask('/service-worker.js')).headers.get('etag') ?? '';
    expect((await ask('/service-worker.js', { 'if-none-match': etag })).status).toBe(304);
  });

  it('never leaves its folder', async () => {
    for (const path of ['/..%2f..%2fetc/passwd', '/%2e%2e%2fx', '/%00', '/..%5cx', '/%']) {
      const { status } = await ask(path, { accept: 'application/json' });
      expect([400, 404], path).toContain(status);
    }
  });

  it('says what to do when it is not built', async () => {
    await rm(join(folder, 'index.html'));
    const answer = await ask('/', { accept: 'text/html' });
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build');
  });
});
