import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** A rule that is broken on purpose: a text of a file of the product, and what stands in its place. */
interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly becomes: string;
}

const CLIENT = 'shared/src/sync/device-exchange.ts';
const PLAN = 'sync-server/src/exchange/plan.ts';
const CURSOR = 'sync-server/src/exchange/cursor.ts';
const INDEX = 'sync-server/src/feed/index/feed-index.ts';
const AUDIT = 'sync-server/src/feed/index/school-index.ts';
const JOIN = 'shared/src/rules/merge/join.ts';

const MUTANTS: readonly Mutant[] = [
  {
    name: 'device: lost partitions stay (A4)',
    file: CLIENT,
    text: 'if (lost.length > 0) await this.#storage.drop(lost);',
    becomes: '',
  },
  {
    name: 'device: what was sent counts as acknowledged before there is a reply (X4)',
    file: CLIENT,
    text: 'const request = writeRequest(',
    becomes: 'await this.#storage.sent(unsent);\n    const request = writeRequest(',
  },
  {
    name: 'device: what was refused counts as taken (X4)',
    file: CLIENT,
    text: 'await this.#storage.refused([{ id, rev, error, reason }]);',
    becomes: '',
  },
  {
    name: 'device: what the school has lost is not repaired (D6)',
    file: CLIENT,
    text: 'await this.#settleAbsent(reply.absent);',
    becomes: '',
  },
  {
    name: 'device: a reply without an end is believed to be done (X9)',
    file: CLIENT,
    text: 'if (end === null) throw new ReplyBrokeOff();',
    becomes: "end ??= ['e', 'done', null, await this.#root(), 0];",
  },
  {
    name: 'digest: a document counts by its first leaf alone (D1)',
    file: 'shared/src/sync/document-hash.ts',
    text: "leaves.length === 1 ? first : [...leaves].sort().join(' ')",
    becomes: 'first',
  },
  {
    name: 'digest: what is taken away is not subtracted (D2)',
    file: INDEX,
    text: 'digest = { ...digest, ...differenceOf(digest, documentHash(id, known)) };',
    becomes: 'void [differenceOf, known];',
  },
  {
    name: 'school: one leaf of a document is sent (I3)',
    file: PLAN,
    text: 'index.leavesOf(number).map((rev) => ({ id: index.idOf(number), rev })));',
    becomes: 'index.leavesOf(number).slice(0, 1).map((rev) => ({ id: index.idOf(number), rev })));',
  },
  {
    name: 'school: every partition is the person’s (A1, X8)',
    file: INDEX,
    text: 'if (kinds.size === 0) return [...partitions];',
    becomes: 'if (kinds.size >= 0) return [...partitions, ...this.#partitions.keys()];',
  },
  {
    name: 'school: nothing is said of a partition of which nothing is left (D6)',
    file: PLAN,
    text: 'return own.has(partition) || [...readable.kinds].some((each) => each === kind);',
    becomes: "return own.has(partition) || kind === 'nothing';",
  },
  {
    name: 'school: a purge is not noticed (N3)',
    file: AUDIT,
    text: 'info.instance_start_time !== known.instance_start_time || numberOf(info.purge_seq) !== numberOf(known.purge_seq)',
    becomes: 'info.instance_start_time !== known.instance_start_time',
  },
  {
    name: 'school: the audit never has the index built again (N3)',
    file: AUDIT,
    text: 'if (this.#building || this.#closing.signal.aborted) return;\n    this.#epoch',
    becomes: 'return;\n    this.#epoch',
  },
  {
    name: 'school: what was erased may be written again (E2)',
    file: 'sync-server/src/policies/writes.ts',
    text: "if (before.has(erasureIdFor(id) ?? '')) return WAS_ERASED;",
    becomes: '',
  },
  {
    name: 'school: what comes back past the gateway is not erased again (E3)',
    file: 'sync-server/src/services/erasing.ts',
    text: "const erased = new Set(ids.filter((id) => !id.startsWith(PREFIX) && erasures.has(erasureOf.get(id) ?? '')));",
    becomes: 'const erased = new Set<string>();',
  },
  {
    name: 'merge: a register goes by the device and not by the count (M1)',
    file: JOIN,
    text: 'if (one.tick !== other.tick) return one.tick > other.tick ? one : other;',
    becomes: '',
  },
  {
    name: 'merge: no time yet wins over a time (M1)',
    file: JOIN,
    text: 'if (one === null || other === null) return one ?? other;\n  return one <= other',
    becomes: 'if (one === null || other === null) return null as Time;\n  return one <= other',
  },
  {
    name: 'merge: of progress, lessons of the other side only (M1)',
    file: 'shared/src/rules/merge/progress.ts',
    text: 'lessons: joinMembers(() => joinLesson)',
    becomes: 'lessons: (_, other) => (void [joinMembers, joinLesson], other)',
  },
  {
    name: 'cursor: of any epoch (X2)',
    file: CURSOR,
    text: 'if (ofEpoch !== epoch || ofAccess !== access) return null;',
    becomes: 'if (ofEpoch === undefined || ofAccess !== access) return null;',
  },
  {
    name: 'cursor: of any set of partitions (A3)',
    file: CURSOR,
    text: 'if (ofEpoch !== epoch || ofAccess !== access) return null;',
    becomes: 'if (ofEpoch !== epoch || ofAccess === undefined) return null;',
  },
];

/**
 * `npm run fuzz:sync:mutants -- --schedules N`: breaks one rule after another in a copy of the product and prints after how many schedules
 * the simulator notices. Ends with 1 when a text to be changed is not there any more.
 */
const { values } = parseArgs({
  options: { schedules: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' }, only: { type: 'string' } },
});
const root = join(import.meta.dirname, '../../..');
const copy = await mkdtemp(join(tmpdir(), 'darasa-mutants-'));
const COPIED = ['shared', 'sync-server', 'couchdb', 'bench'];

try {
  await copyProduct();
  console.log('| broken on purpose | noticed after |\n| --- | --- |');
  for (const mutant of MUTANTS) if (mutant.name.includes(values.only ?? '')) console.log(`| ${mutant.name} | ${await noticed(mutant)} |`);
} finally {
  await rm(copy, { recursive: true });
}

async function copyProduct(): Promise<void> {
  for (const name of ['package.json', 'tsconfig.json']) await cp(join(root, name), join(copy, name));
  for (const name of COPIED) {
    const filter = (path: string): boolean => !/node_modules|dist|test-results|pictures|results/.test(path.slice(root.length));
    await cp(join(root, name), join(copy, name), { recursive: true, filter });
  }
  await mkdir(join(copy, 'node_modules/@darasa'), { recursive: true });
  for (const name of COPIED) await symlink(join(copy, name), join(copy, 'node_modules/@darasa', name));
  for (const name of await readdir(join(root, 'node_modules')))
    if (name !== '@darasa' && !name.startsWith('.')) await symlink(join(root, 'node_modules', name), join(copy, 'node_modules', name));
}

async function noticed({ name, file, text, becomes }: Mutant): Promise<string> {
  const path = join(copy, file);
  const source = await readFile(path, 'utf8');
  if (!source.includes(text)) {
    process.exitCode = 1;
    return `not tried: ${name} does not fit the product any more`;
  }
  await writeFile(
    path,
    source.replace(text, () => becomes),
  );
  const output = await fuzz();
  await writeFile(path, source);
  const seed = /^seed (\d+):\n {2}(.*)/m.exec(output);
  if (seed === null) return `not within ${values.schedules}`;
  return `${Number(seed[1]) - Number(values.seed) + 1}: ${(seed[2] ?? '').slice(0, 60).replace(/[|\n].*/, '')}`;
}

function fuzz(): Promise<string> {
  const { schedules = '', seed = '' } = values;
  const asked = [join(copy, 'bench/sync/simulator/fuzz.ts'), '--schedules', schedules, '--seed', seed, '--stop-after', '1'];
  return new Promise((resolve) => {
    // One that ends by an error is noticed too.
    execFile(process.execPath, ['--import', 'tsx', ...asked], { cwd: copy }, (error, stdout, stderr) => {
      resolve(error === null || stdout.includes('seed ') ? stdout : `seed ${seed}:\n  ${stderr.slice(0, 200)}`);
    });
  });
}
