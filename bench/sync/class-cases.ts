import { type ClassDevice, ClassDevices } from './class-devices.ts';
import { exchangeDevice, insist } from './devices.ts';
import { learnersHistory } from './documents.ts';
import { tableOf } from './replication-cases.ts';
import { type Bench, inSeconds, WAYS } from './run.ts';
import type { Usage } from './server-process.ts';
import { askStore, fill, split } from './store.ts';

const CLIENTS = 50;
const DOCUMENTS = 500;

/**
 * A class of 50 that pulls 500 documents each at once, first all the same ones, then each their own; straight from the store it is from
 * databases that hold those 500 and no others. And single documents, through the server and straight from the store.
 */
export async function classCases({ server }: Bench): Promise<string> {
  const names = Array.from({ length: CLIENTS }, (_, i) => `class-member${i}`);
  const histories = names.map((name, i) => learnersHistory(name, DOCUMENTS, 500 + i));
  for (const docs of histories) await fill(server.database, docs);
  const tokens = await server.sign(names.map((name) => ({ name, roles: ['learner'] })));
  const alone = names.map((_, i) => `${server.database}-alone-${i}`);
  for (const [i, database] of alone.entries()) {
    await askStore(database, '', 'PUT');
    await fill(database, histories[i] ?? []);
  }
  const [first = ''] = tokens;
  const stranger = await server.token('class-stranger', 'learner');

  const devices = await ClassDevices.start();
  const rows: string[][] = [];
  for (const [name, own] of [
    ['the same 500', false],
    ['500 of their own', true],
  ] as const) {
    const title = `${CLIENTS} clients pull ${name}`;
    const straight = names.map((_, i): ClassDevice => ({ from: 'store', database: alone[own ? i : 0] ?? '' }));
    const ofStore = await server.usage();
    const took = await devices.pull(straight, DOCUMENTS);
    // The embedded store is of the server's process; a CouchDB's CPU is not told.
    const storeCpu = server.ready.embedded ? `${perDocument(ofStore, await server.usage())} µs of the store’s CPU a document` : '';
    rows.push([title, 'stock, straight from the store', inSeconds(took), storeCpu]);
    for (const way of WAYS) {
      // As after a start: what was pulled before is in no cache.
      await server.restart();
      const { url, school } = server.ready;
      // Whoever comes first finds a server that still reads the school.
      await insist(() => exchangeDevice(url, school, stranger).sync());
      const before = await server.usage();
      const through = names.map((_, i): ClassDevice => ({ from: 'server', way, url, school, token: tokens[own ? i : 0] ?? '' }));
      const seconds = await devices.pull(through, DOCUMENTS);
      const serverCpu = `${perDocument(before, await server.usage())} µs of server CPU a document`;
      rows.push([title, `${way}, through the server`, inSeconds(seconds), serverCpu]);
    }
  }
  devices.close();
  for (const database of alone) await askStore(database, '', 'DELETE');

  const [{ _id: id } = { _id: '' }] = learnersHistory(names[0] ?? '', 1, 500);
  const { href, authorization } = split(server.database);
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
  const through = await gets(server.school, `Bearer ${first}`);
  rows.push(['one document after another, 20 at a time', 'straight from the store', `${straight.toFixed(0)} a second`, '']);
  rows.push([
    'one document after another, 20 at a time',
    'through the server',
    `${through.toFixed(0)} a second`,
    `${(through / straight).toFixed(2)} of the store’s rate`,
  ]);
  return tableOf(rows, ['case', 'with', 'time', '']);
}

/** Microseconds of processor time for each document that was pulled. */
function perDocument(before: Usage, after: Usage): string {
  return (((after.cpuMs - before.cpuMs) * 1_000) / (CLIENTS * DOCUMENTS)).toFixed(0);
}
