import { Hono } from 'hono';
import type { ReplicaStatus } from '../hub/replica.ts';
import { authenticate, type TokenCheck } from '../middleware/authenticate.ts';
import { apiError } from '../middleware/errors.ts';
import type { ServerEnv } from '../middleware/server-context.ts';

/** `GET /v1/hub`: how this class laptop stands with its school, for its teachers. */
export function hubStatusRoutes(check: TokenCheck, status: () => ReplicaStatus): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.use(
    '/v1/hub',
    authenticate(check, (c) => apiError(c, 401, 'signed-out', 'Sign in again.')),
  );
  routes.get('/v1/hub', async (c) => {
    c.set('route', 'hub');
    c.header('Cache-Control', 'no-store');
    if (c.get('principal')?.person.kinds.has('teacher') !== true) return apiError(c, 403, 'forbidden', 'This is for teachers.');
    return c.json(status());
  });
  return routes;
}
