import type { Schools } from '@darasa/shared/protocol';
import { Hono } from 'hono';
import type { SchoolDirectory } from '../couch/school-directory.ts';
import type { ServerEnv } from '../middleware/server-context.ts';
import type { SigningKeys } from '../services/signing-keys.ts';

export type DemoAccounts = Schools['schools'][number]['demoAccounts'];

/** `/v1/schools` and the public keys: what anybody may know before signing in. */
export function schoolRoutes(schools: SchoolDirectory, keys: SigningKeys, demoAccounts: DemoAccounts): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.get('/v1/schools', async (c) => {
    c.set('route', 'schools');
    const list = await schools.list();
    const answer: Schools = {
      schools: list.map(({ slug, name, demo }) => ({ slug, name, demoAccounts: demo ? demoAccounts : [] })),
    };
    return c.json(answer);
  });
  routes.get('/.well-known/jwks.json', async (c) => {
    c.set('route', 'jwks');
    c.header('Cache-Control', 'public, max-age=300');
    return c.json(await keys.jwks());
  });
  return routes;
}
