/**
 * The rules of docs/sync-spec.md and the tests that cite them in their titles. `node .ci/sync-rules.mjs` prints which has which.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const TEST_FILE = /\.(?:test|contract|spec|e2e)\.ts$/;
const SKIPPED = ['node_modules', 'dist', 'test-results'];

/** The rules that the specification numbers, in its order. */
export function rulesOf(specification) {
  return [...specification.matchAll(/^- \*\*([A-Z]\d+)\*\*/gm)].map(([, rule]) => rule);
}

/** The rules that a file of tests cites: at the head of a title, or in brackets at its end. */
export function citedIn(source) {
  const titles = source.matchAll(/(['"`])((?:[A-Z]\d+ .*?)|(?:.*?\((?:[A-Z]\d+(?:, )?)+\)))\1/g);
  return new Set([...titles].flatMap(([, , title]) => title.match(/\b[A-Z]\d+\b/g) ?? []));
}

/** The files of tests under a folder. */
export function* testFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || SKIPPED.includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* testFiles(path);
    else if (TEST_FILE.test(entry.name)) yield path;
  }
}

/** Of each rule the files that cite it. */
export function citations(root) {
  const rules = rulesOf(readFileSync(join(root, 'docs/sync-spec.md'), 'utf8'));
  const cited = [...testFiles(root)].map((path) => ({ path: relative(root, path), rules: citedIn(readFileSync(path, 'utf8')) }));
  return new Map(rules.map((rule) => [rule, cited.filter((file) => file.rules.has(rule)).map(({ path }) => path)]));
}

if (process.argv[1] === import.meta.filename) {
  for (const [rule, files] of citations(join(import.meta.dirname, '..'))) console.log(`${rule.padEnd(4)} ${files.join(', ')}`);
}
