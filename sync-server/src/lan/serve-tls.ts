import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { listen } from '../listen.ts';
import type { Server } from '../server.ts';
import { readTlsPair, renewals } from './tls-files.ts';

/** Whoever renews a certificate writes two files; they are looked at so often. */
const LOOK_MS = 60_000;

/** Serves by HTTPS besides HTTP, where there is a certificate, and takes up a renewed one without a restart. Rejects where the files are none. */
export async function serveTls(
  app: Server['app'],
  { host, tls }: Pick<Config, 'host' | 'tls'>,
  log: Logger,
): Promise<{ close(): Promise<void> }> {
  if (tls === null) return { close: async () => undefined };
  const { certFile, keyFile } = tls;
  const first = await readTlsPair(certFile, keyFile);
  if (!first.ok) throw new Error(`DARASA_TLS_CERT and DARASA_TLS_KEY: ${first.problem}`);
  const listening = await listen(app, host, tls.port, first.pair);
  log.info({ port: listening.port, validTo: first.validTo }, 'Serving HTTPS');
  const look = renewals({
    certFile,
    keyFile,
    current: first.pair,
    onRenewed: (pair, validTo) => {
      listening.renew(pair);
      log.info({ validTo }, 'The certificate was renewed');
    },
    onProblem: (problem) => log.warn({ problem }, 'The new certificate is not used'),
  });
  const timer = setInterval(() => {
    look().catch((error: unknown) => log.error({ err: error }, 'Looking for a new certificate failed'));
  }, LOOK_MS);
  return {
    close: async () => {
      clearInterval(timer);
      await listening.close();
    },
  };
}
