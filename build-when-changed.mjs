/** Builds everything unless the last build was made from the very same sources. `npm start` runs it, so that a second start is quick. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = import.meta.dirname;
const results = [
  'app/build/index.html',
  'app/build/service-worker.js',
  'couchdb/dist/design.json',
  'sync-server/dist/main.js',
  'sync-server/dist/restore.js',
];
const stamp = join(root, 'sync-server/dist/built-from.txt');
const sources = [
  'package.json',
  'package-lock.json',
  ...['app/src', 'app/static', 'app/package.json', 'app/svelte.config.js', 'app/vite.config.ts'],
  ...['shared/package.json', 'shared/src'],
  ...['service-worker/package.json', 'service-worker/src'],
  ...['service-worker/build.mjs', 'service-worker/files-of-screen.mjs', 'service-worker/with-integrity.mjs'],
  ...['sync-server/package.json', 'sync-server/src', 'sync-server/build.mjs'],
  ...['couchdb/package.json', 'couchdb/src', 'couchdb/embedded', 'couchdb/demo'],
];

/** One hash of every source file's path and content; tests are no source of a build. */
function sourcesHash() {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesOf(source))) {
    hash.update(
      `${file}\0${createHash('sha256')
        .update(readFileSync(join(root, file)))
        .digest('hex')}\n`,
    );
  }
  return hash.digest('hex');
}

function filesOf(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => (/\.(test|contract|fixture)\.ts$/.test(name) ? [] : filesOf(join(path, name))));
}

const hash = sourcesHash();
const fresh = results.every((file) => existsSync(join(root, file))) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
if (fresh) {
  console.log('Darasa is built already.');
  process.exit(0);
}

console.log('Building Darasa (about half a minute; only after a change) …');
const began = Date.now();
const build = spawnSync('npm', ['run', 'build', '--silent'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
if (build.status !== 0) {
  process.stderr.write(`${build.stdout}${build.stderr}\nThe build failed; nothing was started.\n`);
  process.exit(build.status ?? 1);
}
mkdirSync(dirname(stamp), { recursive: true });
writeFileSync(stamp, hash);
console.log(`Built in ${((Date.now() - began) / 1000).toFixed(0)} seconds.`);
