import { parseArgs } from 'node:util';
import { runSchedule } from './schedule.ts';

/** `npm run fuzz:sync -- --schedules N --seed S`: seeds S, S+1, …; ends with 1 and the seed when an invariant is broken. `--stop-after B` goes on to the B-th (5). `--trace` tells every step. */
const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '5000' },
    seed: { type: 'string' },
    'stop-after': { type: 'string', default: '5' },
    trace: { type: 'boolean', default: false },
  },
});
const first = values.seed === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(values.seed);
const schedules = Number(values.schedules);
console.log(`${schedules} schedules from seed ${first}`);

let [turns, exchanges, broken] = [0, 0, 0];
const started = Date.now();
for (let seed = first; seed < first + schedules; seed += 1) {
  const outcome = await runSchedule(seed, values.trace ? console.log : undefined);
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
