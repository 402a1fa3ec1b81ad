/**
 * Builds the service worker into a built app: `node build.mjs [folder]`, after the app's own build.
 * The folder is `app/build` unless another is named. It writes `service-worker.js` there.
 */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { injectManifest } from 'workbox-build';
import { filesOfScreen } from './files-of-screen.mjs';
import { withIntegrity } from './with-integrity.mjs';

const here = import.meta.dirname;
const app = resolve(here, '../app');
const built = resolve(process.argv[2] ?? join(app, 'build'));
const bundle = join(here, 'dist', `service-worker-${process.pid}.js`);

await build({
  entryPoints: [join(here, 'src/service-worker.ts')],
  outfile: bundle,
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  // Workbox leaves its development logs out.
  define: { 'process.env.NODE_ENV': '"production"' },
});

const { count, size, warnings } = await injectManifest({
  swSrc: bundle,
  swDest: join(built, 'service-worker.js'),
  globDirectory: built,
  globPatterns: ['**/*'],
  globIgnores: [
    '**/*.{map,br,gz}',
    'service-worker.js',
    // Kit asks the server with it whether there is a newer build; an old copy would answer wrongly.
    '_app/version.json',
    // The page that shows the components to those who build them.
    ...filesOfScreen(app, '/ui'),
  ],
  // Their names carry a hash of what is in them.
  dontCacheBustURLsMatching: /^_app\/immutable\//,
  maximumFileSizeToCacheInBytes: 4 * 2 ** 20,
  manifestTransforms: [withIntegrity(built)],
});
rmSync(bundle);

// A file that is too large, or a pattern that finds nothing: the app would not be whole on the device.
if (warnings.length > 0) throw new Error(warnings.join('\n'));
console.log(`Service worker: ${count} files, ${(size / 1024).toFixed(0)} KiB, open with no network.`);
