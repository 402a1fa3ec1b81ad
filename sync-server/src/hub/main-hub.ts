import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { couchAdmin } from '@darasa/couchdb/provisioning';
import { pino } from 'pino';
import { openBackups, runBackups } from '../backups/run-backups.ts';
import type { Config } from '../config.ts';
import { answerToName } from '../lan/mdns.ts';
import { serveTls } from '../lan/serve-tls.ts';
import { listen } from '../listen.ts';
import { realEnvironment } from '../services/environment.ts';
import { startCouch } from '../start-couch.ts';
import { pairedIdentity, pairingProblem, startHub } from './run-hub.ts';

/** Of a hub's id, in the name under which it answers on its network: short to type, and no two in one room. */
const NAME_CHARACTERS = 4;

/** `npm run hub`: a class laptop. The first time it asks for its school and a code, from then on it asks nothing. */
export async function mainHub(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: null, redact: ['req', 'headers', 'authorization'] });
  const { identity, paired } = await pairedIdentity(config).catch((error: unknown) => {
    throw new Error(pairingProblem(error), { cause: error });
  });
  if (paired.url.startsWith('http:') && !/^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/]?/.test(`${paired.url}/`))
    log.warn({ url: paired.url }, 'The school is reached without TLS: whoever is between reads what travels. Use https://');
  const backups = await openBackups(config, realEnvironment);
  const running = await startCouch(config, realEnvironment, log, backups?.rescue());
  const mdnsName = config.mdnsName ?? `darasa-${paired.hubId.slice(0, NAME_CHARACTERS)}`;
  // The school's app may ask this laptop, wherever it was opened.
  const lan: Config = { ...config, mdnsName, appOrigins: [...config.appOrigins, new URL(paired.url).origin] };
  const hub = await startHub({ config: lan, identity, paired, running, environment: realEnvironment, log });
  const listening = await listen(hub.app, config.host, config.port);
  const secure = await serveTls(hub.app, config, log);
  const named = answerToName(mdnsName, log);
  hub.replica.start();
  const keeping = backups === null ? null : await runBackups(backups, couchAdmin(running.url), config.dataFolder, realEnvironment, log);

  let closing = false;
  const close = (signal: string): void => {
    if (closing) return;
    closing = true;
    (async () => {
      log.info({ signal }, 'Closing');
      named.close();
      await keeping?.close();
      await hub.close();
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

  const addresses = config.host === '0.0.0.0' || config.host === '::' ? ['localhost', ...lanAddresses()] : [config.host];
  process.stdout.write(
    [
      '',
      `  ${paired.name}: the class laptop of ${paired.school.name}, for ${paired.classes.join(', ')}`,
      ...addresses.map((address) => `  http://${address}:${listening.port}`),
      `  How phones get here: http://localhost:${listening.port}/hub`,
      `  School: ${paired.url}`,
      `  Kept in: ${resolve(config.dataFolder)}`,
      '',
      '',
    ].join('\n'),
  );
}

function lanAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((each) =>
    (each ?? []).flatMap(({ family, internal, address }) => (family === 'IPv4' && !internal ? [address] : [])),
  );
}
