import { resolve } from 'node:path';
import { createDemoSchool, demoAccounts } from '@darasa/couchdb/demo';
import { couchAdmin, provisionServer } from '@darasa/couchdb/provisioning';
import { pino } from 'pino';
import { openBackups, runBackups } from './backups/run-backups.ts';
import { type Config, readConfig } from './config.ts';
import { couchClient } from './couch/couch-client.ts';
import { SchoolDirectory } from './couch/school-directory.ts';
import { serverStore } from './couch/server-store.ts';
import { isHubFolder } from './hub/identity.ts';
import { mainHub } from './hub/main-hub.ts';
import { answerToName } from './lan/mdns.ts';
import { serveTls } from './lan/serve-tls.ts';
import { listen } from './listen.ts';
import { hasDemoSchool } from './policies/demo-school.ts';
import { createServer } from './server.ts';
import { realEnvironment } from './services/environment.ts';
import { startCouch } from './start-couch.ts';
import { welcome } from './welcome.ts';

/** The composition root: reads the settings, starts everything in order, and ends it in the opposite order. */
async function main(config: Config): Promise<void> {
  if (await isHubFolder(config.dataFolder)) throw new Error(`${config.dataFolder} is a class laptop’s: start it with npm run hub`);
  const log = pino({ level: config.logLevel, base: null, redact: ['req', 'headers', 'authorization'] });
  const backups = await openBackups(config, realEnvironment);
  const running = await startCouch(config, realEnvironment, log, backups?.rescue());
  const couch = couchClient(running.url);
  const admin = couchAdmin(running.url);

  await provisionServer(admin);
  const schools = await new SchoolDirectory(serverStore(couch)).list();
  const demo = hasDemoSchool({ ...config, schools });
  if (config.demo && !demo) log.warn('There is another school here: the demo school is left out. DARASA_DEMO=1 asks for it');
  if (demo) {
    log.warn('The demo school’s passwords are public, and its admin reaches every school of this server: never use it with real learners');
    const { created, refused } = await createDemoSchool(admin);
    if (created) log.info('The demo school was created');
    for (const { courseId, problems } of refused)
      log.warn({ courseId, problems }, 'A course of the demo school breaks a rule; the school goes without it');
  }

  const server = await createServer({
    config,
    couch,
    admin,
    environment: realEnvironment,
    log,
    demoAccounts: demo ? [...demoAccounts] : [],
    runServices: true,
  });
  const listening = await listen(server.app, config.host, config.port);
  const secure = await serveTls(server.app, config, log);
  const named = config.mdnsName === null ? null : answerToName(config.mdnsName, log);
  const keeping = backups === null ? null : await runBackups(backups, admin, config.dataFolder, realEnvironment, log);

  let closing = false;
  const close = (signal: string): void => {
    if (closing) return;
    closing = true;
    (async () => {
      log.info({ signal }, 'Closing');
      await keeping?.close();
      named?.close();
      await server.close();
      await secure.close();
      await listening.close();
      await running.close();
    })().catch((error: unknown) => {
      log.error({ err: error }, 'Closing failed');
      process.exitCode = 1;
    });
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);

  const shownHost = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(config.host) ? 'localhost' : config.host;
  const url = config.publicUrl ?? `http://${shownHost}:${listening.port}`;
  const keptIn = config.couchUrl === null ? resolve(config.dataFolder) : `CouchDB at ${admin.url}`;
  process.stdout.write(welcome({ url, keptIn, host: config.host, demoAccounts: demo ? [...demoAccounts] : [] }));
}

const asHub = process.argv[2] === 'hub';
// A class laptop has no demo school, and is there for the phones of its network.
const outcome = readConfig(asHub ? { ...process.env, DARASA_DEMO: '0' } : process.env);
if (outcome.ok) {
  await (asHub ? mainHub : main)(outcome.config).catch((error: unknown) => {
    const told = error instanceof Error ? error.message : String(error);
    process.stderr.write(`Darasa could not start: ${told}\n`);
    if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    process.exit(1);
  });
} else {
  process.stderr.write(`Darasa cannot start with these settings:\n${outcome.problems.map((problem) => `  ${problem}\n`).join('')}`);
  process.exitCode = 1;
}
