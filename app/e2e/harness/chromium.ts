/**
 * Finds a Chromium for the tests, or installs one: CHROMIUM_PATH, the system's, else the package manager's, else Playwright's own download.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const SYSTEM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/lib/chromium/chromium',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** What the search needs of the machine. */
export interface Machine {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where Playwright keeps its own download. */
  readonly playwrightPath: string;
  /** May install packages with apt. */
  readonly hasApt: boolean;
  readonly exists: (path: string) => boolean;
  /** Runs a command to its end; answers whether it succeeded. */
  readonly run: (command: readonly string[]) => boolean;
  readonly say: (line: string) => void;
}

const thisMachine = (): Machine => ({
  environment: process.env,
  playwrightPath: chromium.executablePath(),
  hasApt: process.getuid?.() === 0 && existsSync('/usr/bin/apt-get'),
  exists: existsSync,
  run: ([command = '', ...args]) =>
    spawnSync(command, args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0,
  say: (line) => process.stderr.write(`${line}\n`),
});

/** The path of a Chromium, installed when there is none. Says what it does; throws, naming what to do, when every way failed. */
export function chromiumPath(machine: Machine = thisMachine()): string {
  const found = findChromium(machine) ?? installed(machine);
  // Playwright's workers load the configuration again: they need not search.
  process.env['CHROMIUM_PATH'] = found;
  return found;
}

/** The path of a Chromium that is here already; null when there is none. */
export function findChromium({ environment, exists, playwrightPath }: Machine): string | null {
  const named = environment['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    if (exists(named)) return named;
    throw new Error(`CHROMIUM_PATH names ${named}, and there is nothing.`);
  }
  return [...SYSTEM_PATHS, playwrightPath].find((path) => exists(path)) ?? null;
}

function installed(machine: Machine): string {
  const ways: readonly (readonly [name: string, possible: boolean, commands: readonly (readonly string[])[]])[] = [
    [
      'the package manager',
      machine.hasApt,
      [
        ['apt-get', 'update', '-q'],
        ['apt-get', 'install', '-y', '-q', '--no-install-recommends', 'chromium'],
      ],
    ],
    ['Playwright', true, [['npx', 'playwright', 'install', 'chromium']]],
  ];
  for (const [name, possible, commands] of ways) {
    if (!possible) continue;
    machine.say(`No Chromium here: installing it by ${name} …`);
    // A list of packages that cannot be renewed may still be good enough to install from.
    for (const command of commands) if (!machine.run(command)) machine.say(`Failed: ${command.join(' ')}`);
    const found = findChromium(machine);
    if (found !== null) return found;
  }
  throw new Error(
    'The end-to-end tests need Chromium, and neither the package manager nor Playwright’s download could install it. ' +
      'Install Chromium or Chrome, or name one with CHROMIUM_PATH.',
  );
}
