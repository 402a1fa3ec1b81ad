import { Hono } from 'hono';
import type { CouchClient } from '../couch/couch-client.ts';
import { clientAddress, isLoopback } from '../middleware/client-address.ts';
import { apiError } from '../middleware/errors.ts';
import type { ServerContext, ServerEnv } from '../middleware/server-context.ts';
import { sameText } from '../services/constant-time.ts';
import type { Metrics } from '../services/metrics.ts';

export interface HealthRouteParts {
  readonly couch: CouchClient;
  readonly metrics: Metrics;
  readonly metricsToken: string | null;
  readonly trustedProxies: number;
}

/** What proxies write into the requests that they pass on. */
const PROXY_HEADERS = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'];

/** `/healthz`: the process runs. `/readyz`: the database answers too. `/metrics`: from this machine, or with a token. */
export function healthRoutes({ couch, metrics, metricsToken, trustedProxies }: HealthRouteParts): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.get('/healthz', (c) => {
    c.set('route', 'health');
    return c.json({ status: 'ok' });
  });
  routes.get('/readyz', async (c) => {
    c.set('route', 'health');
    const answer = await couch.send('GET', '/_up', { signal: AbortSignal.timeout(3_000) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok === true) return c.json({ status: 'ready' });
    return apiError(c, 503, 'database-unreachable', 'The database does not answer.', 5);
  });

  const mayRead = (c: ServerContext): boolean => {
    const token = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
    if (metricsToken !== null && token !== undefined) return sameText(token, metricsToken);
    // Behind a proxy that nobody told the server of, every request seems to come from this machine.
    const proxied = trustedProxies === 0 && PROXY_HEADERS.some((name) => c.req.header(name) !== undefined);
    return !proxied && isLoopback(clientAddress(c, trustedProxies));
  };
  routes.get('/metrics', async (c) => {
    c.set('route', 'metrics');
    if (!mayRead(c)) return apiError(c, 403, 'forbidden', 'Metrics are for this machine, or with a token.');
    return c.body(await metrics.registry.metrics(), 200, { 'Content-Type': metrics.registry.contentType });
  });
  return routes;
}
