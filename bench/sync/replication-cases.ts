import type { Document } from '@darasa/shared/documents';
import { appDevice, localPouch, remotePouch } from './devices.ts';
import { learnersHistory, learnersWork, plainDocuments } from './documents.ts';
import { type Bench, brotliLimit, inSeconds, kib, type Measured, measure, WAYS } from './run.ts';
import { type Link, LOOPBACK, startShapingProxy } from './shaping-proxy.ts';
import { askStore, fill, split, withDatabaseOf } from './store.ts';

const link = (roundTripMs: number, kilobits: number | null = null, cutPercent = 0): Link => ({
  roundTripMs,
  bytesPerSecond: kilobits === null ? null : (kilobits * 1_000) / 8,
  cutPercent,
});

type Row = readonly string[];
const HEAD: Row = ['case', 'with', 'requests', 'up', 'down', 'limit', 'time'];

export function tableOf(rows: readonly Row[], head: Row = HEAD): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function row(name: string, way: string, { requests, up, down, seconds, cuts }: Measured, limit: number | null): Row {
  const cut = cuts > 0 ? ` (${cuts} connections cut)` : '';
  return [
    name,
    way,
    String(requests),
    `${kib(up)} KiB`,
    `${kib(down)} KiB`,
    limit === null ? '' : `${kib(limit)} KiB`,
    inSeconds(seconds) + cut,
  ];
}

let learners = 0;

async function newLearner({ server }: Bench): Promise<{ readonly id: string; readonly token: string }> {
  learners += 1;
  const id = `learner${learners}`;
  return { id, token: await server.token(id, 'learner') };
}

async function stored({ server }: Bench, learnerId: string): Promise<unknown[]> {
  const range = `startkey="learner-${learnerId}:"&endkey="learner-${learnerId}:zz"`;
  const { rows } = (await askStore(server.database, `/_all_docs?include_docs=true&${range}`)) as { rows: { doc: unknown }[] }; // CouchDB's form
  return rows.map(({ doc }) => doc);
}

/** What the same documents cost from the store itself, which packs nothing, when they are all that a database holds. */
async function fromStore({ server }: Bench, docs: readonly Document[]): Promise<string[]> {
  return withDatabaseOf(server.database, docs, async (alone) => {
    const { href, authorization } = split(alone);
    const url = new URL(href);
    const proxy = await startShapingProxy(url);
    const local = localPouch();
    const started = performance.now();
    await local.replicate.from(remotePouch(proxy.url + url.pathname, authorization), { batch_size: 100 });
    const seconds = (performance.now() - started) / 1_000;
    await local.destroy();
    await proxy.close();
    const { requests, up, down } = proxy.traffic;
    return [String(requests), `${kib(up)} KiB`, `${kib(down)} KiB`, '', inSeconds(seconds)];
  });
}

/** First sync, nothing new, a push and a learner's day, each with stock replication and with exchanges. */
export async function replicationCases(bench: Bench): Promise<string> {
  const rows: Row[] = [];
  const pull = async (name: string, docs: (learner: string) => readonly Document[], over: Link): Promise<void> => {
    const { id, token } = await newLearner(bench);
    const written = docs(id);
    await fill(bench.server.database, written);
    if (over === LOOPBACK) rows.push([name, 'stock, straight from the store', ...(await fromStore(bench, written))]);
    const limit = brotliLimit(await stored(bench, id));
    for (const way of WAYS) {
      const device = bench.device(way, token);
      rows.push(row(name, way, await measure(bench, over, device), limit));
      const held = (await device.pouch.allDocs()).rows.filter((each) => each.id.startsWith(`learner-${id}:`)).length;
      if (held < written.length) throw new Error(`${held} of ${written.length} documents arrived`);
      if (over === LOOPBACK) {
        const measured = await measure(bench, over, device);
        const body = device.lastReply === null ? '' : `, a body of ${device.lastReply} bytes`;
        rows.push(row(`nothing new after it${body}`, way, measured, null));
      }
      await device.pouch.destroy();
    }
    const app = await appDevice(bench.proxy.url, bench.server.ready.school, token, id);
    rows.push(row(name, 'exchange, into the app’s own storage', await measure(bench, over, app), limit));
    await app.pouch.destroy();
  };
  const history = (learner: string): Document[] => learnersHistory(learner, 2_000, learners);
  await pull('first sync, 2,000 of a learner’s history', history, LOOPBACK);
  await pull('first sync, 2,000 of 588 bytes', (learner) => plainDocuments(learner, 2_000, learners), LOOPBACK);
  await pull('first sync, 2,000 of history, 100 ms', history, link(100));
  await pull('first sync, 2,000 of history, 100 ms, 2 % cut', history, link(100, null, 2));
  await pull('first sync, 300 of history, 600 ms, 50 kbit/s', (learner) => learnersHistory(learner, 300, learners), link(600, 50));

  for (const [name, over] of [
    ['push 500 of a learner’s work', LOOPBACK],
    ['push 500 of a learner’s work, 100 ms, 2 % cut', link(100, null, 2)],
  ] as const) {
    for (const way of WAYS) {
      const { id, token } = await newLearner(bench);
      const device = bench.device(way, token);
      bench.proxy.link = LOOPBACK;
      await device.settle(0);
      const work = learnersWork(id, 500, learners);
      await device.write(work);
      rows.push(row(name, way, await measure(bench, over, device), brotliLimit(work)));
      await device.pouch.destroy();
    }
  }

  for (const way of WAYS) {
    const { id, token } = await newLearner(bench);
    await fill(bench.server.database, learnersHistory(id, 300, learners));
    const device = bench.device(way, token);
    bench.proxy.link = LOOPBACK;
    await device.settle(300);
    // 30 answers in quizzes and 3 lessons, and 4 marks of a teacher that came meanwhile.
    const day = learnersWork(id, 400, learners + 7_000);
    const answers = day.filter(({ type }) => type === 'attempt').slice(0, 30);
    const lessons = day.filter(({ type }) => type === 'lesson-event').slice(0, 3);
    const marks = learnersHistory(id, 300, learners + 9_000)
      .filter(({ type }) => type === 'feedback')
      .slice(0, 4);
    await device.write([...answers, ...lessons]);
    await fill(bench.server.database, marks);
    rows.push(
      row(
        'a learner’s day, 600 ms, 50 kbit/s',
        way,
        await measure(bench, link(600, 50), device),
        brotliLimit([...answers, ...lessons, ...marks]),
      ),
    );
    await device.pouch.destroy();
  }
  return tableOf(rows);
}
