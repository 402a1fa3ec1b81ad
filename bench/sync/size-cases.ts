import { localPouch, remotePouch } from './devices.ts';
import { learnersHistory, plainDocuments } from './documents.ts';
import { tableOf } from './replication-cases.ts';
import { type Bench, inSeconds, measure } from './run.ts';
import { LOOPBACK } from './shaping-proxy.ts';
import { askStore, fill, split } from './store.ts';

const FILTER = 'bench';

/** What 300 documents cost in a school of 30,000 and, with `large`, of 300,000: the index's pull beside stock's ways to filter. */
export async function sizeCases(bench: Bench, large: boolean): Promise<string> {
  const { server } = bench;
  const mine = learnersHistory('size-me', 300, 42);
  await fill(server.database, mine);
  const token = await server.token('size-me', 'learner');
  const rows: string[][] = [];
  let others = 0;
  const grow = async (to: number): Promise<void> => {
    for (; others < to; others += 10_000) await fill(server.database, plainDocuments(`other${others}`, 10_000, others + 1));
  };
  for (const size of large ? [30_000, 300_000] : [30_000]) {
    await grow(size - 300);
    const name = `300 of ${size.toLocaleString('en')}`;
    const { href, authorization } = split(server.database);
    const store = remotePouch(href, authorization);
    const stock = async (what: string, options: object): Promise<void> => {
      const local = localPouch();
      const started = performance.now();
      await local.replicate.from(store, { batch_size: 100, ...options });
      rows.push([name, what, inSeconds((performance.now() - started) / 1_000)]);
      await local.destroy();
    };
    await stock('stock, straight from the store, by ids that are known', { doc_ids: mine.map(({ _id }) => _id) });
    await stock('stock, straight from the store, by selector', { selector: { learnerId: 'size-me' } });
    // It asks a function about each document of the school: minutes at ten times the size.
    if (size === 30_000) {
      await askStore(server.database, `/_design/${FILTER}`, 'PUT', {
        filters: { mine: 'function (doc) { return doc.learnerId === "size-me"; }' },
      });
      await stock('stock, straight from the store, by a filter function', { filter: `${FILTER}/mine` });
    }
    const proxied = bench.device('stock', token);
    rows.push([name, 'stock, through the server', inSeconds((await measure(bench, LOOPBACK, proxied)).seconds)]);
    await proxied.pouch.destroy();
    for (const what of ['exchange', 'exchange, once more']) {
      const device = bench.device('exchange', token);
      rows.push([name, what, inSeconds((await measure(bench, LOOPBACK, device)).seconds)]);
      await device.pouch.destroy();
    }
    await server.restart();
    const started = performance.now();
    const device = bench.device('exchange', token);
    await measure(bench, LOOPBACK, device);
    rows.push([
      name,
      'exchange with a server that has just started and reads the school first',
      inSeconds((performance.now() - started) / 1_000),
    ]);
    await device.pouch.destroy();
  }
  return tableOf(rows, ['school', 'with', 'time']);
}
