import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { classCases } from './class-cases.ts';
import { crowdCase } from './crowd-case.ts';
import { indexMemory } from './index-memory.ts';
import { replicationCases } from './replication-cases.ts';
import { startBench } from './run.ts';
import { ServerProcess } from './server-process.ts';
import { sizeCases } from './size-cases.ts';

/** `npm run bench:sync`: prints Markdown. `COUCHDB_URL` names a CouchDB; without it the embedded store is measured. */
const { values } = parseArgs({
  options: { only: { type: 'string' }, large: { type: 'boolean', default: false }, seconds: { type: 'string', default: '30' } },
});
// A replication of PouchDB that fails leaves a rejected promise behind that nobody can reach.
process.on('unhandledRejection', (reason) => {
  const lost = typeof reason === 'object' && reason !== null && 'type' in reason && reason.type === 'system';
  if (lost) return;
  console.error(reason);
  process.exit(1);
});
const server = await ServerProcess.start();
const bench = await startBench(server);
console.log(
  `Node ${process.version}, ${cpus().length} cores, ${server.ready.embedded ? 'embedded store' : 'CouchDB'}; times include the device’s own PouchDB (in memory).\n`,
);
const cases = {
  replication: () => replicationCases(bench),
  size: () => sizeCases(bench, values.large),
  class: () => classCases(bench),
  crowd: () => crowdCase(bench, Number(values.seconds)),
  index: async () => indexMemory(),
};
try {
  for (const [name, run] of Object.entries(cases)) {
    if (values.only !== undefined && !values.only.split(',').includes(name)) continue;
    const before = loadavg()[0] ?? 0;
    console.log(
      `### ${name}\n\n${await run()}\n\nLoad of the machine before and after: ${before.toFixed(1)}, ${(loadavg()[0] ?? 0).toFixed(1)}.\n`,
    );
  }
} finally {
  await bench.proxy.close();
  await server.close();
}
