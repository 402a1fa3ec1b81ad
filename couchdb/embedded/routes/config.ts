import { badRequest, notFound } from '../errors.ts';
import { json, readJson, type Store, type StoreRoutes } from '../http.ts';
import { requireServerAdmin } from '../security.ts';

/** `/_node/_local/_config`: settings read and changed while the store runs, for admins. */
export function configRoutes(routes: StoreRoutes, store: Store): void {
  routes.use('/_node/:node/*', async (c, next) => {
    requireServerAdmin(c.get('caller'));
    if (!['_local', 'nonode@nohost'].includes(c.req.param('node'))) throw notFound(`no such node: ${c.req.param('node')}`);
    return next();
  });
  routes.get('/_node/:node', (c) => {
    requireServerAdmin(c.get('caller'));
    return json(c, { name: 'nonode@nohost' });
  });
  routes.get('/_node/:node/_config', (c) => json(c, store.config.all()));
  routes.get('/_node/:node/_config/:section', (c) => json(c, store.config.section(c.req.param('section'))));
  routes.get('/_node/:node/_config/:section/:key', (c) => {
    const value = store.config.get(c.req.param('section'), c.req.param('key'));
    if (value === undefined) throw notFound('unknown_config_value');
    return json(c, value);
  });
  routes.put('/_node/:node/_config/:section/:key', async (c) => {
    const value = await readJson(c, store);
    if (typeof value !== 'string') throw badRequest('a JSON string expected');
    return json(c, await store.config.set(c.req.param('section'), c.req.param('key'), value));
  });
  routes.delete('/_node/:node/_config/:section/:key', async (c) =>
    json(c, await store.config.delete(c.req.param('section'), c.req.param('key'))),
  );
}
