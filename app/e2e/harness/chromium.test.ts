import { afterEach, expect, test } from 'vitest';
import { chromiumPath, type Machine } from './chromium.ts';

const own = process.env['CHROMIUM_PATH'];
afterEach(() => {
  if (own === undefined) delete process.env['CHROMIUM_PATH'];
  else process.env['CHROMIUM_PATH'] = own;
});

/** A machine with these files, on which a command that begins so brings a file. */
function machine(files: string[], brings: Readonly<Record<string, string>> = {}, more: Partial<Machine> = {}) {
  const ran: string[] = [];
  const made: Machine = {
    environment: {},
    playwrightPath: '/downloads/chrome',
    hasApt: true,
    exists: (path) => files.includes(path),
    run: (command) => {
      const line = command.join(' ');
      ran.push(line);
      const brought = Object.entries(brings).find(([begins]) => line.startsWith(begins))?.[1];
      if (brought !== undefined) files.push(brought);
      return brought !== undefined;
    },
    say: () => undefined,
    ...more,
  };
  return { ran, path: () => chromiumPath(made) };
}

test('the named Chromium comes first, and a name that leads nowhere is told', () => {
  const environment = { CHROMIUM_PATH: '/mine' };
  expect(machine(['/mine', '/usr/bin/chromium'], {}, { environment }).path()).toBe('/mine');
  expect(machine(['/usr/bin/chromium'], {}, { environment }).path).toThrow('CHROMIUM_PATH names /mine');
});

test('a Chromium of the system, then Playwright’s, is used without installing anything', () => {
  const { ran, path } = machine(['/usr/bin/chromium', '/downloads/chrome']);
  expect([path(), ran]).toEqual(['/usr/bin/chromium', []]);
  expect(machine(['/downloads/chrome']).path()).toBe('/downloads/chrome');
});

test('without one the package manager installs it', () => {
  const { ran, path } = machine([], { 'apt-get install': '/usr/bin/chromium' });
  expect(path()).toBe('/usr/bin/chromium');
  expect(ran.map((line) => line.split(' ', 2).join(' '))).toEqual(['apt-get update', 'apt-get install']);
});

test('where no package manager may or can, Playwright downloads it', () => {
  const brings = { 'npx playwright install': '/downloads/chrome' };
  const noApt = machine([], brings, { hasApt: false });
  expect([noApt.path(), noApt.ran]).toEqual(['/downloads/chrome', ['npx playwright install chromium']]);
  expect(machine([], brings).path()).toBe('/downloads/chrome');
});

test('when every way failed the error names what to do', () => {
  expect(machine([]).path).toThrow('Install Chromium or Chrome, or name one with CHROMIUM_PATH.');
});
