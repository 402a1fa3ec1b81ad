/**
 * Adds up what the test runners wrote to each workspace's test-results/ and prints `N passed, N failed` as the last line.
 * Usage: node .ci/count-tests.mjs <exit code of npm test>. Ends with 1 when anything failed, a step without tests included.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { countReport, verdict } from './verdict.mjs';

const root = resolve(import.meta.dirname, '..');
const outcome = Number(process.argv[2] ?? 0);

const reports = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, 'test-results')))
  .flatMap(({ name }) =>
    readdirSync(join(root, name, 'test-results'))
      .filter((file) => file.endsWith('.json'))
      .map((file) => ({ title: `${name} ${file.slice(0, -'.json'.length)}`, file: join(root, name, 'test-results', file) })),
  )
  .map(({ title, file }) => ({ title, ...countReport(JSON.parse(readFileSync(file, 'utf8'))) }));

console.log('');
for (const { title, passed, failed } of reports) console.log(`${title.padEnd(24)} ${passed} passed, ${failed} failed`);

const { passed, failed, why } = verdict(reports, outcome);
if (why !== null) console.log(why);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
