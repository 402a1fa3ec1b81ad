import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const here = import.meta.dirname;
let home = '';
let opened = '';

before(() => {
  home = mkdtempSync(join(tmpdir(), 'darasa-packaging-'));
  opened = join(home, 'opened');
  // A browser that writes down what it is to open.
  writeFileSync(join(home, 'browser'), `#!/bin/sh\necho "$1" > "${opened}.new" && mv "${opened}.new" "${opened}"\n`);
  chmodSync(join(home, 'browser'), 0o755);
});
after(() => rmSync(home, { recursive: true, force: true }));

/** A server that says what a place says, on a free port; as a program of its own it takes the port that it is given. */
const PLACE = `import { createServer } from 'node:http';
createServer((request, response) => response.end(JSON.stringify({ kind: 'hub', argument: process.argv[2] }))).listen(Number(process.env.PORT), '127.0.0.1');`;

function start(environment) {
  const own = { ...process.env, DARASA_BROWSER: join(home, 'browser'), DARASA_DATA: join(home, 'data'), ...environment };
  const child = spawn(process.execPath, [join(here, 'start.mjs')], { env: own, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return { child, ended, said: () => said };
}

async function untilOpened() {
  while (!existsSync(opened)) await new Promise((resolve) => setImmediate(resolve));
  const address = readFileSync(opened, 'utf8').trim();
  rmSync(opened);
  return address;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

test('starts the server, opens the browser when it answers, and ends it when its window is closed', async () => {
  const entry = join(home, 'place.mjs');
  writeFileSync(entry, PLACE);
  const PORT = String(await freePort());
  const { child, ended } = start({ PORT, DARASA_ENTRY: entry });
  assert.equal(await untilOpened(), `http://localhost:${PORT}/`);
  const second = start({ PORT, DARASA_ENTRY: entry });
  assert.equal(await second.ended, 0);
  assert.match(second.said(), /runs already/);
  assert.equal(await untilOpened(), `http://localhost:${PORT}/`);
  child.kill('SIGHUP');
  await ended;
  await assert.rejects(fetch(`http://localhost:${PORT}/v1/place`));
});

test('says so when the server could not start', async () => {
  const entry = join(home, 'broken.mjs');
  writeFileSync(entry, 'process.exit(3);');
  const { ended, said } = start({ PORT: String(await freePort()), DARASA_ENTRY: entry });
  assert.equal(await ended, 3);
  assert.match(said(), /could not start/);
});

test('scripts are valid, and the files that are filled in leave no blank', () => {
  assert.equal(spawnSync('sh', ['-n', join(here, 'install-linux.sh')]).status, 0);
  assert.equal(spawnSync('sh', ['-n', join(here, 'Class laptop.command')]).status, 0);
  const script = readFileSync(join(here, 'install-linux.sh'), 'utf8');
  for (const file of ['class-laptop.desktop', 'darasa-class-laptop.service']) {
    const blanks = readFileSync(join(here, file), 'utf8').match(/@[A-Z]+@/g);
    for (const blank of blanks ?? []) assert.ok(script.includes(`s|${blank}|`), `${blank} of ${file}`);
  }
});

test('the unit is one that systemd takes', {
  skip: spawnSync('systemd-analyze', ['--version']).status !== 0 && 'there is no systemd here',
}, () => {
  const folder = join(home, 'unit');
  mkdirSync(folder);
  const unit = readFileSync(join(here, 'darasa-class-laptop.service'), 'utf8');
  const filled = unit
    .replaceAll('@NODE@', process.execPath)
    .replaceAll('@ROOT@', join(here, '../..'))
    .replaceAll('@DATA@', join(home, 'data'));
  writeFileSync(join(folder, 'darasa-class-laptop.service'), filled);
  const verified = spawnSync('systemd-analyze', ['verify', '--user', '--man=no', join(folder, 'darasa-class-laptop.service')], {
    encoding: 'utf8',
    env: { ...process.env, XDG_RUNTIME_DIR: folder },
  });
  assert.equal(verified.stderr, '');
  assert.equal(verified.status, 0);
});
