import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../../..');
const TEXT = ['.js', '.css', '.html', '.json', '.webmanifest'];

/**
 * Makes the next build of the app out of this one: every hashed file has another name, as if all of it had changed, and the page says
 * `<meta name="build" content="next">`. The folder must not be there yet.
 */
export function makeNextBuild(folder: string): void {
  cpSync(join(repository, 'app/build'), folder, { recursive: true });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.filter((each) => /\.(br|gz)$/.test(each))) rmSync(file);

  const hashed = files.filter((file) => file.includes('/_app/immutable/') && !/\.(br|gz)$/.test(file));
  const names = hashed.map((file) => basename(file).replaceAll('.', '\\.'));
  const anyName = new RegExp(`(?<![\\w.-])(?:${names.join('|')})(?!\\w)`, 'g');
  for (const file of files.filter((each) => TEXT.includes(extname(each)))) {
    const text = readFileSync(file, 'utf8').replaceAll(anyName, (name) => `next-${name}`);
    writeFileSync(file, file.endsWith('index.html') ? text.replace('<head>', '<head><meta name="build" content="next">') : text);
  }
  for (const file of hashed) renameSync(file, join(dirname(file), `next-${basename(file)}`));

  const built = spawnSync(process.execPath, [join(repository, 'service-worker/build.mjs'), folder], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`The next build’s service worker: ${built.stderr}`);
}
