/**
 * Starts the class laptop and opens it in the browser; where it runs already, only the latter. What the double-click scripts of this folder run, in
 * their window. The first time the server asks in this window for the school's address and the code.
 *
 * `node sync-server/packaging/start.mjs backup [FOLDER]` and `restore FOLDER` do what `npm run backup` and `npm run restore` do, on the class laptop's data.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const entry = process.env.DARASA_ENTRY ?? join(root, 'sync-server/dist/main.js');
const port = process.env.PORT ?? '3000';
const address = `http://localhost:${port}/`;
const data = process.env.DARASA_DATA ?? join(homedir(), 'darasa-class-laptop');
const PATIENCE_MS = 600_000;
const ASK_AGAIN_MS = 500;

/** Whether Darasa answers there, and not another program. */
async function answers() {
  try {
    const reply = await fetch(`${address}v1/place`, { signal: AbortSignal.timeout(5_000) });
    return reply.ok && typeof (await reply.json()).kind === 'string';
  } catch {
    return false;
  }
}

/** With the program that this system opens addresses with; or with the one that DARASA_BROWSER names. */
function openBrowser() {
  const own = { win32: ['cmd', '/c', 'start', '', address], darwin: ['open', address] }[process.platform] ?? ['xdg-open', address];
  const [program, ...args] = process.env.DARASA_BROWSER === undefined ? own : [process.env.DARASA_BROWSER, address];
  const opening = spawn(program, args, { stdio: 'ignore', detached: true });
  opening.once('error', () => say(`Open this address in the browser:  ${address}`));
  opening.unref();
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'backup' || command === 'restore') {
  // The same data as when it is started by a double click.
  const program = join(root, `sync-server/dist/${command}.js`);
  const done = spawn(process.execPath, [program, ...rest], { stdio: 'inherit', env: { ...process.env, DARASA_DATA: data } });
  done.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} else if (await answers()) {
  say('The class laptop runs already.');
  openBrowser();
} else if (!existsSync(entry)) {
  say('Darasa is not built yet. Run the installation again (sync-server/packaging/README.md).');
  process.exitCode = 1;
} else {
  say('The class laptop starts. Leave this window open; closing it ends the class laptop.');
  const server = spawn(process.execPath, [entry, 'hub'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PORT: port, DARASA_DATA: data },
  });
  let ended = false;
  server.once('exit', (code) => {
    ended = true;
    if (code) say('The class laptop could not start, or has ended. The lines above say why.');
    process.exitCode = code ?? 0;
  });
  // Closing the window, or Ctrl+C, reaches the server too: it closes its store by itself.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill('SIGTERM'));
  const until = Date.now() + PATIENCE_MS;
  while (!ended && Date.now() < until) {
    if (await answers()) {
      openBrowser();
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}
