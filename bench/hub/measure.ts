import { cpus, loadavg } from 'node:os';
import { insist } from '../sync/devices.ts';
import { learnersHistory, learnersWork } from '../sync/documents.ts';
import { tableOf } from '../sync/replication-cases.ts';
import { inSeconds, kib, startBench, WAYS, type Way } from '../sync/run.ts';
import { ServerProcess } from '../sync/server-process.ts';
import { type Link, LOOPBACK } from '../sync/shaping-proxy.ts';
import { fill } from '../sync/store.ts';

/**
 * `npm run bench:hub`: prints Markdown. A class laptop is this server with the embedded store; forty devices that have synced before come back at
 * the same moment, each with thirty documents that the laptop has not. `COUCHDB_URL` puts CouchDB in the embedded store's place.
 */
const DEVICES = 40;
const UNSENT = 30;
const KNOWN = 60;

const links: readonly (readonly [string, Link])[] = [
  ['no delay', LOOPBACK],
  ['Wi-Fi, 30 ms', { roundTripMs: 30, bytesPerSecond: null, cutPercent: 0 }],
];

// A replication of PouchDB that fails leaves a rejected promise behind that nobody can reach.
process.on('unhandledRejection', (reason) => {
  const lost = typeof reason === 'object' && reason !== null && 'type' in reason && reason.type === 'system';
  if (lost) return;
  console.error(reason);
  process.exit(1);
});

const server = await ServerProcess.start();
const bench = await startBench(server);
const kind = server.ready.embedded ? 'embedded store' : 'CouchDB';
console.log(
  `Node ${process.version}, ${cpus().length} cores, ${kind}; the forty devices run on the same machine as the laptop's server.\n`,
);

let seed = 0;

async function reconnection(name: string, way: Way, link: Link): Promise<string[]> {
  seed += 1;
  const learners = Array.from({ length: DEVICES }, (_, i) => `hub${seed}x${i}`);
  const tokens = await server.sign(learners.map((each) => ({ name: each, roles: ['learner', 'learns:7a'] })));
  for (const [i, learner] of learners.entries()) await fill(server.database, learnersHistory(learner, KNOWN, 1_000 * seed + i));
  const devices = tokens.map((token) => bench.device(way, token));
  bench.proxy.link = LOOPBACK;
  for (const device of devices) await insist(() => device.settle(KNOWN));
  for (const [i, device] of devices.entries()) await device.write(learnersWork(learners[i] ?? '', UNSENT, 5_000 * seed + i));

  bench.proxy.link = link;
  const before = { ...bench.proxy.traffic, ...(await server.usage()) };
  const times: number[] = [];
  const started = performance.now();
  await Promise.all(
    devices.map(async (device) => {
      await insist(() => device.sync());
      times.push((performance.now() - started) / 1_000);
    }),
  );
  const after = { ...bench.proxy.traffic, ...(await server.usage()) };
  times.sort((a, b) => a - b);
  return [
    name,
    way,
    inSeconds(times[Math.floor(DEVICES / 2)] ?? 0),
    inSeconds(times.at(-1) ?? 0),
    String(after.requests - before.requests),
    `${kib(after.up - before.up)} KiB`,
    `${kib(after.down - before.down)} KiB`,
    inSeconds((after.cpuMs - before.cpuMs) / 1_000),
    `${(after.rssBytes / 1_048_576).toFixed(0)} MiB`,
  ];
}

try {
  const load = loadavg()[0] ?? 0;
  const rows: string[][] = [];
  for (const [name, link] of links) for (const way of WAYS) rows.push(await reconnection(name, way, link));
  const head = ['link', 'with', 'half have proof', 'all have proof', 'requests', 'up', 'down', 'laptop’s CPU', 'its memory'];
  console.log(`${DEVICES} devices, ${UNSENT} unsent documents each\n\n${tableOf(rows, head)}\n`);
  console.log(`Load of the machine before and after: ${load.toFixed(1)}, ${(loadavg()[0] ?? 0).toFixed(1)}.`);
} finally {
  await bench.proxy.close();
  await server.close();
}
