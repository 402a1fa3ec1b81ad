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

/** The path of a Chromium that is here already; null when there is none. */
export function findChromium(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM_PATH names ${named}, and there is nothing.`);
  }
  return [...SYSTEM_PATHS, chromium.executablePath()].find((path) => existsSync(path)) ?? null;
}

/** The path of a Chromium, installed when there is none. Says what it does; throws when every way failed. */
export function chromiumPath(): string {
  const found = findChromium() ?? installed();
  // Playwright's workers load the configuration again: they need not search.
  process.env['CHROMIUM_PATH'] = found;
  return found;
}

function installed(): string {
  const ways: readonly (readonly [name: string, possible: boolean, commands: readonly (readonly string[])[]])[] = [
    [
      'the package manager',
      process.getuid?.() === 0 && existsSync('/usr/bin/apt-get'),
      [
        ['apt-get', 'update', '-q'],
        ['apt-get', 'install', '-y', '-q', '--no-install-recommends', 'chromium'],
      ],
    ],
    ['Playwright', true, [['npx', 'playwright', 'install', 'chromium']]],
  ];
  for (const [name, possible, commands] of ways) {
    if (!possible) continue;
    process.stderr.write(`No Chromium here: installing it by ${name} …\n`);
    for (const [command = '', ...args] of commands) {
      spawnSync(command, args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    }
    const found = findChromium();
    if (found !== null) return found;
  }
  throw new Error(
    'The end-to-end tests need Chromium, and neither the package manager nor Playwright’s download could install it. ' +
      'Install Chromium or Chrome, or name one with CHROMIUM_PATH.',
  );
}
