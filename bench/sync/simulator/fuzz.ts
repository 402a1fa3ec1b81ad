import { parseArgs } from 'node:util';
import { runSchedule, type ScheduleOutcome } from './schedule.ts';

/**
 * `npm run fuzz:sync -- --schedules N --seed S`: seeds S, S+1, …; ends with 1 and the seed when an invariant is broken. `--stop-after B` goes on to the B-th (5). `--trace` tells every step.
 * `--storage app`: other schedules, with the app's own storage on PouchDB and an IndexedDB, a second or so each.
 */
const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '5000' },
    seed: { type: 'string' },
    'stop-after': { type: 'string', default: '5' },
    storage: { type: 'string', default: 'memory' },
    trace: { type: 'boolean', default: false },
  },
});
const first = values.seed === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(values.seed);
const schedules = Number(values.schedules);
console.log(`${schedules} schedules from seed ${first}`);

/** Not imported by name: the types of the app's PouchDB redeclare Node's Buffer for the whole program. */
async function appSchedules(): Promise<(seed: number) => Promise<Omit<ScheduleOutcome, 'seed'>>> {
  const path = '../../../app/src/workers/database/testing/storage-schedule.fixture.ts';
  const { runStorageSchedule } = (await import(path)) as { runStorageSchedule(seed: number): Promise<string[]> }; // as it is written there
  return async (seed) => ({ broken: await runStorageSchedule(seed), turns: 0, exchanges: 0 });
}

const run: (seed: number, trace?: (line: string) => void) => Promise<Omit<ScheduleOutcome, 'seed'>> =
  values.storage === 'app' ? await appSchedules() : runSchedule;
let [turns, exchanges, broken] = [0, 0, 0];
const started = Date.now();
for (let seed = first; seed < first + schedules; seed += 1) {
  const outcome = await run(seed, values.trace ? console.log : undefined);
  turns += outcome.turns;
  exchanges += outcome.exchanges;
  if ((seed - first + 1) % 5_000 === 0) console.log(`${seed - first + 1} schedules, ${exchanges} exchanges`);
  if (outcome.broken.length === 0) continue;
  broken += 1;
  console.log(
    `seed ${seed}:\n${outcome.broken
      .slice(0, 5)
      .map((each) => `  ${each}`)
      .join('\n')}`,
  );
  if (broken === Number(values['stop-after'])) break;
}
console.log(`${turns} steps, ${exchanges} exchanges, ${broken} broken, ${((Date.now() - started) / 1000).toFixed(1)} s`);
if (broken > 0) process.exitCode = 1;
