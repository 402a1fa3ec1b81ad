import { couchAdmin } from '@darasa/couchdb/provisioning';
import { pino } from 'pino';
import { keptCode, openCode } from './backups/backup-code.ts';
import { Backups } from './backups/backups.ts';
import { askRunning } from './backups/control.ts';
import { outcomeStory } from './backups/keep-backups.ts';
import { readConfig } from './config.ts';
import { realEnvironment } from './services/environment.ts';
import { startCouch } from './start-couch.ts';

/** `npm run backup [-- FOLDER]`: a backup now, into the folder or wherever they usually go. Asks the server that runs, or reads the data itself. */
async function backUp(folder: string | null): Promise<boolean> {
  const read = readConfig(process.env);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const { config } = read;
  const target = folder ?? config.backupFolder;
  if (target === null) throw new Error('Say where: npm run backup -- FOLDER');
  const code = await openCode(config.dataFolder, realEnvironment);
  let outcome = await askRunning(config.dataFolder, folder);
  if (outcome === null) {
    const backups = new Backups(config.dataFolder, target, code, realEnvironment);
    const couch = await startCouch(config, realEnvironment, pino({ level: 'warn', base: null }), backups.rescue());
    outcome = await backups.make(couchAdmin(couch.url), target);
    await couch.close();
  }
  const story = outcomeStory(target, outcome);
  process.stdout.write(`${story?.text ?? `The newest backup in ${target} has everything.`}\n`);
  process.stdout.write(
    `The code that opens it, to be kept on paper and not on the stick:  ${(await keptCode(config.dataFolder)) ?? code}\n`,
  );
  return outcome.outcome === 'written' || outcome.outcome === 'unchanged';
}

const done = await backUp(process.argv[2] ?? null).catch((error: unknown) => {
  process.stderr.write(`No backup was made: ${error instanceof Error ? error.message : String(error)}\n`);
  return false;
});
process.exitCode = done ? 0 : 1;
