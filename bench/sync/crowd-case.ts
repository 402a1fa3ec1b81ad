import { Agent, request } from 'node:http';
import { EXCHANGE_TYPE, readReplyLine, writeRequest } from '@darasa/shared/sync';
import { insist } from './devices.ts';
import { learnersHistory } from './documents.ts';
import { tableOf } from './replication-cases.ts';
import type { Bench } from './run.ts';
import { Chance } from './simulator/chance.ts';
import { fill } from './store.ts';

const LEARNERS = 10_000;
const LIVE = 1_000;
const POLL_SECONDS = 60;

/** 10,000 learners who are signed in and ask once a minute, 1,000 of whom keep a connection open for news. */
export async function crowdCase({ server }: Bench, seconds: number): Promise<string> {
  const chance = new Chance(9);
  const names = Array.from({ length: LEARNERS }, (_, i) => `crowd${i}`);
  for (let from = 0; from < LEARNERS; from += 500)
    await fill(
      server.database,
      names.slice(from, from + 500).flatMap((name, i) => learnersHistory(name, 5, from + i)),
    );
  const tokens = await server.sign(names.map((name) => ({ name, roles: ['learner', 'learns:7a'] })));
  const agent = new Agent({ keepAlive: true, maxSockets: 4_000 });
  const latencies: number[] = [];
  const errors: string[] = [];
  let measuring = true;
  const positions: { cursor: string | null; root: string }[] = names.map(() => ({ cursor: null, root: '0'.repeat(16) }));

  const ask = async (learner: number, wait: number): Promise<void> => {
    const position = positions[learner] ?? { cursor: null, root: '' };
    const text = await post(
      agent,
      `${server.school}/_exchange${wait > 0 ? '?feed=longpoll' : ''}`,
      tokens[learner] ?? '',
      writeRequest({ ...position, ...(wait > 0 ? { wait } : {}) }, []),
    );
    const end = readReplyLine(text.trimEnd().split('\n').at(-1) ?? '');
    if (end?.[0] !== 'e') throw new Error(text.slice(0, 200));
    positions[learner] = { cursor: end[2], root: end[3] };
  };
  const counted = (learner: number, wait: number): Promise<void> => {
    const started = performance.now();
    return ask(learner, wait).then(
      () => {
        if (wait === 0) latencies.push(performance.now() - started);
      },
      (error: unknown) => {
        if (measuring) errors.push(error instanceof Error ? error.message.slice(0, 80) : String(error));
      },
    );
  };

  // Everybody has synced before; the first finds a server that still reads the school.
  await insist(() => ask(0, 0));
  for (let from = 0; from < LEARNERS; from += 100) await Promise.all(names.slice(from, from + 100).map((_, i) => ask(from + i, 0)));
  const waiting = Array.from({ length: LIVE }, (_, learner) => counted(learner, 55_000));
  const before = await server.usage();
  const started = performance.now();
  const polls: Promise<void>[] = [];
  for (let second = 0; second < seconds; second += 1) {
    for (let i = 0; i < LEARNERS / POLL_SECONDS; i += 1) {
      const delay = chance.next() * 1_000;
      polls.push(new Promise((resolve) => setTimeout(() => resolve(counted(LIVE + chance.below(LEARNERS - LIVE), 0)), delay)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  await Promise.all(polls);
  const passed = performance.now() - started;
  const after = await server.usage();
  latencies.sort((a, b) => a - b);
  const at = (share: number): string => `${(latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(1)} ms`;
  measuring = false;
  agent.destroy();
  await Promise.allSettled(waiting);
  return tableOf(
    [
      [
        `${latencies.length} polls in ${(passed / 1_000).toFixed(0)} s, ${LIVE} waiting`,
        at(0.5),
        at(0.95),
        at(0.99),
        errors.length === 0 ? '0' : `${errors.length}: ${[...new Set(errors)].join('; ')}`,
        `${(((after.cpuMs - before.cpuMs) / passed) * 100).toFixed(0)} % of a core`,
        `${(after.rssBytes / 1_048_576).toFixed(0)} MiB`,
      ],
    ],
    ['what', 'median', 'p95', 'p99', 'errors', 'server CPU', 'server memory'],
  );
}

function post(agent: Agent, url: string, token: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method: 'POST', agent, headers: { 'content-type': EXCHANGE_TYPE, authorization: `Bearer ${token}` } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`))));
        response.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}
