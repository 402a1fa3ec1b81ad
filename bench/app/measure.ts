/**
 * `npm run bench:app`: how much of the app a device fetches before the first useful screen, and how long that screen takes.
 * The built app, the real server, the demo school, Chromium. Writes bench/results/app.md.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, type BrowserContext, chromium } from '@playwright/test';
import { chromiumPath } from '../../app/e2e/harness/chromium.ts';
import { demoAccount } from '../../app/e2e/harness/demo-school.ts';
import { Device } from '../../app/e2e/harness/device.ts';
import { SchoolServer } from '../../app/e2e/harness/school-server.ts';
import { precacheSize } from './precache-size.ts';
import { type ScriptsSize, scriptsSize } from './scripts-size.ts';
import { kib, markdownTable, median } from './table.ts';
import { usefulScreenAfter, watchForUsefulScreen } from './useful-screen.ts';

const ROUNDS = 5;
const CPU_SLOWDOWN = 4;
/** The sign-in page, with the field for a name. */
const SIGN_IN = 'input[name="username"]';
/** The learner's start page, with a course on it. */
const HOME = 'main a[href^="/courses/"]';
const GOAL_BYTES = 90 * 1024;

const appFolder = resolve(import.meta.dirname, '../../app/build');

interface Opening {
  readonly scripts: ScriptsSize;
  readonly milliseconds: number;
}

/** Opens the app in a new page of the context, and closes it again when the screen is there. */
async function open(context: BrowserContext, url: string, selector: string): Promise<Opening> {
  const page = await context.newPage();
  const scripts = new Set<string>();
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith('.js') && pathname !== '/service-worker.js') scripts.add(request.url());
  });
  await watchForUsefulScreen(page, selector);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  await page.goto(url, { waitUntil: 'commit' });
  const milliseconds = await usefulScreenAfter(page);
  const opening = { scripts: scriptsSize(appFolder, scripts), milliseconds };
  await page.close();
  return opening;
}

/** The first visit of a device: nothing is cached and there is no service worker yet. */
async function firstVisits(browser: Browser, url: string): Promise<Opening[]> {
  const openings: Opening[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const context = await browser.newContext({ viewport: { width: 360, height: 640 }, serviceWorkers: 'block' });
    openings.push(await open(context, `${url}/sign-in`, SIGN_IN));
    await context.close();
  }
  return openings;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'darasa-bench-'));
  const school = await SchoolServer.create({ dataFolder: join(folder, 'data') });
  await school.start();
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const cold = await firstVisits(browser, school.url);

    const context = await browser.newContext({ viewport: { width: 360, height: 640 }, baseURL: school.url });
    const device = new Device(await context.newPage());
    await device.signInWithOneTap(await demoAccount(school, 'learner'));
    await device.isInstalled();
    await device.isUpToDate();
    const precache = await precacheSize(device.page, appFolder);
    await device.page.close();
    await school.stop();
    const offline: Opening[] = [];
    for (let round = 0; round < ROUNDS; round += 1) offline.push(await open(context, `${school.url}/`, HOME));

    const text = report(cold, offline, precache);
    process.stdout.write(`${text}\n`);
    const results = resolve(import.meta.dirname, '../results');
    mkdirSync(results, { recursive: true });
    writeFileSync(join(results, 'app.md'), `${text}\n`);
  } finally {
    await browser.close();
    await school.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(cold: readonly Opening[], offline: readonly Opening[], precache: Awaited<ReturnType<typeof precacheSize>>): string {
  const row = (name: string, openings: readonly Opening[]): string[] => [
    name,
    kib(median(openings.map(({ scripts }) => scripts.page))),
    kib(median(openings.map(({ scripts }) => scripts.worker))),
    `${Math.round(median(openings.map(({ milliseconds }) => milliseconds)))} ms`,
  ];
  const biggest = Math.max(...[...cold, ...offline].map(({ scripts }) => scripts.page));
  return [
    '# The app on a device',
    '',
    'Measured by `npm run bench:app`: the built app, the real server on the same machine, Chromium on a 360×640 screen, the page’s main thread',
    `slowed down ${CPU_SLOWDOWN} times (workers are not slowed down by Chromium), the median of ${ROUNDS}. JavaScript is what was really requested before the screen`,
    `was painted, as gzip sends it. Machine: ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}.`,
    '',
    markdownTable([
      ['', 'JavaScript, page', 'JavaScript, workers', 'until the screen'],
      row('sign-in, first visit', cold),
      row('learner’s home, server stopped', offline),
    ]),
    '',
    `Goal: at most ${kib(GOAL_BYTES)} of the page’s JavaScript before the first screen; the largest here is ${kib(biggest)}.`,
    '',
    `The service worker keeps ${precache.files} files: ${kib(precache.overTheNetwork)} over the network, ${kib(precache.onDevice)} on the device.`,
  ].join('\n');
}

await main();
