import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { readBackupCode } from '@darasa/couchdb/backup';
import { keptCode } from './backups/backup-code.ts';
import { type RestoreOutcome, restorePlace } from './backups/restore-place.ts';
import { readConfig } from './config.ts';
import { realEnvironment } from './services/environment.ts';

/** `npm run restore -- FOLDER`: takes up the newest good backup that is found there. What is there now is kept beside it. */
async function restore(folder: string | undefined): Promise<boolean> {
  const read = readConfig(process.env);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  if (folder === undefined) throw new Error('Say where the backups are: npm run restore -- FOLDER');
  const { config } = read;
  const given = readBackupCode(process.env['DARASA_BACKUP_CODE'] ?? '');
  const codes = [given, await keptCode(config.dataFolder)].filter((code) => code !== null);
  const named = resolve(process.env['INIT_CWD'] ?? '.', folder);
  let outcome = await restorePlace({ config, environment: realEnvironment, folder: named, codes });
  while (outcome.outcome === 'locked' && process.stdin.isTTY) {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    const typed = readBackupCode(await terminal.question('The code of the backup, as it was written down (five groups of five): '));
    terminal.close();
    if (typed === null) process.stdout.write('A code has 25 letters and digits.\n');
    else outcome = await restorePlace({ config, environment: realEnvironment, folder: named, codes: [typed] });
  }
  process.stdout.write(`${restoreStory(outcome, named)}\n`);
  return outcome.outcome === 'restored';
}

function restoreStory(outcome: RestoreOutcome, folder: string): string {
  const bad = 'bad' in outcome ? outcome.bad.map(({ name, why }) => `  ${name} was not used: ${why}\n`).join('') : '';
  switch (outcome.outcome) {
    case 'restored':
      return `${bad}The backup of ${new Date(outcome.at).toLocaleString()} is restored: ${outcome.documents} documents. ${
        outcome.keptAt === null ? '' : `What was here before is kept in ${outcome.keptAt}. `
      }Start Darasa now: what was done since the backup comes back from the devices, and from the school, when they meet.`;
    case 'locked':
      return `${bad}There are backups in ${folder}, but the code of this computer does not open them. Give theirs: DARASA_BACKUP_CODE=XXXXX-…`;
    case 'none':
      return `${bad}There is no good backup in ${folder}. Nothing was changed.`;
    case 'occupied':
      return `The CouchDB of COUCHDB_URL holds a school already. Nothing was changed: restore into one that is empty.`;
  }
}

const done = await restore(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`Nothing was restored: ${error instanceof Error ? error.message : String(error)}\n`);
  return false;
});
process.exitCode = done ? 0 : 1;
