import { localPouch, remotePouch } from './devices.ts';
import { learnersHistory } from './documents.ts';
import { tableOf } from './replication-cases.ts';
import { type Bench, inSeconds, WAYS } from './run.ts';
import { LOOPBACK } from './shaping-proxy.ts';
import { fill, split, withDatabaseOf } from './store.ts';

const CLIENTS = 50;
const DOCUMENTS = 500;

/** A class of 50 that pulls 500 documents each at once; and single documents, through the server and straight from the store. */
export async function classCases(bench: Bench): Promise<string> {
  const { server, proxy } = bench;
  proxy.link = LOOPBACK;
  const names = Array.from({ length: CLIENTS }, (_, i) => `class-member${i}`);
  for (const [i, name] of names.entries()) await fill(server.database, learnersHistory(name, DOCUMENTS, 500 + i));
  const tokens = await server.sign(names.map((name) => ({ name, roles: ['learner'] })));
  const rows: string[][] = [];

  const { href, authorization } = split(server.database);
  rows.push([
    `${CLIENTS} clients pull ${DOCUMENTS} each`,
    'stock, straight from a database of 500',
    inSeconds(await straightFromStore(server.database)),
    '',
  ]);

  for (const way of WAYS) {
    const devices = tokens.map((token) => bench.device(way, token));
    const before = await server.usage();
    const started = performance.now();
    await Promise.all(devices.map((device) => device.sync()));
    const seconds = (performance.now() - started) / 1_000;
    const { cpuMs } = await server.usage();
    const perDocument = (cpuMs - before.cpuMs) / (CLIENTS * DOCUMENTS);
    rows.push([
      `${CLIENTS} clients pull ${DOCUMENTS} each`,
      `${way}, through the server`,
      inSeconds(seconds),
      `${(perDocument * 1_000).toFixed(0)} µs of server CPU a document`,
    ]);
    await Promise.all(devices.map(({ pouch }) => pouch.destroy()));
  }

  const token = tokens[0] ?? '';
  const [{ _id: id } = { _id: '' }] = learnersHistory(names[0] ?? '', 1, 500);
  const gets = async (url: string, header: string): Promise<number> => {
    const many = 2_000;
    const started = performance.now();
    let next = 0;
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        while (next < many) {
          next += 1;
          const response = await fetch(`${url}/${encodeURIComponent(id)}`, { headers: { authorization: header } });
          await response.arrayBuffer();
        }
      }),
    );
    return (many / (performance.now() - started)) * 1_000;
  };
  const straight = await gets(href, authorization);
  const through = await gets(server.school, `Bearer ${token}`);
  rows.push(['one document after another, 20 at a time', 'straight from the store', `${straight.toFixed(0)} a second`, '']);
  rows.push([
    'one document after another, 20 at a time',
    'through the server',
    `${through.toFixed(0)} a second`,
    `${(through / straight).toFixed(2)} of the store’s rate`,
  ]);
  return tableOf(rows, ['case', 'with', 'time', '']);
}

/** From a database that holds those 500 documents and no others, so that nothing has to be filtered. */
async function straightFromStore(database: string): Promise<number> {
  return withDatabaseOf(database, learnersHistory('class-member0', DOCUMENTS, 500), async (alone) => {
    const { href, authorization } = split(alone);
    const locals = Array.from({ length: CLIENTS }, () => localPouch());
    const started = performance.now();
    await Promise.all(locals.map(async (local) => local.replicate.from(remotePouch(href, authorization), { batch_size: 100 })));
    const seconds = (performance.now() - started) / 1_000;
    await Promise.all(locals.map((local) => local.destroy()));
    return seconds;
  });
}
