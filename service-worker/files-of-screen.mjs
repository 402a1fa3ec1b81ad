import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The files of the built app that one screen alone needs, from the build's own records (Kit's generated nodes and Vite's
 * manifest). Empty when there is no such screen.
 *
 * @param {string} app the app's folder, built
 * @param {string} route for example `/ui`
 * @returns {string[]} relative to the built app
 */
export function filesOfScreen(app, route) {
  const manifestFile = join(app, '.svelte-kit/output/client/.vite/manifest.json');
  if (!existsSync(manifestFile)) return [];
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  const screen = Object.keys(manifest).filter((key) => {
    const node = join(app, key);
    return /\/nodes\/\d+\.js$/.test(key) && existsSync(node) && readFileSync(node, 'utf8').includes(`/src/routes${route}/`);
  });
  return onlyReachedFrom(manifest, screen);
}

/**
 * The files that nothing but these entries leads to.
 *
 * @param {Record<string, { file: string, css?: string[], assets?: string[], imports?: string[], dynamicImports?: string[], isEntry?: boolean }>} manifest Vite's
 * @param {string[]} from keys of the manifest
 * @returns {string[]}
 */
export function onlyReachedFrom(manifest, from) {
  const elsewhere = reached(
    manifest,
    Object.keys(manifest).filter((key) => manifest[key]?.isEntry === true && !from.includes(key)),
    from,
  );
  return [...reached(manifest, from, [])].filter((file) => !elsewhere.has(file));
}

function reached(manifest, from, without) {
  const files = new Set();
  const seen = new Set(without);
  const open = [...from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const chunk = manifest[key];
    if (seen.has(key) || chunk === undefined) continue;
    seen.add(key);
    for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(file);
    open.push(...(chunk.imports ?? []), ...(chunk.dynamicImports ?? []));
  }
  return files;
}
