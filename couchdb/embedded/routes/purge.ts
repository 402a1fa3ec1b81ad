import { badRequest } from '../errors.ts';
import { json, readJsonObject, requireJsonType, type Store, type StoreRoutes } from '../http.ts';
import { isStringArray } from '../json.ts';
import { purge } from '../purge.ts';
import { requireServerAdmin } from '../security.ts';
import { formatSequence } from '../sequence.ts';

/** `POST /{db}/_purge`: documents leave without a trace. */
export function purgeRoutes(routes: StoreRoutes, store: Store): void {
  routes.post('/:db/_purge', async (c) => {
    const database = store.databases.get(c.req.param('db'));
    requireServerAdmin(c.get('caller'));
    requireJsonType(c);
    const asked = new Map<string, string[]>();
    for (const [id, revs] of Object.entries(await readJsonObject(c, store))) {
      if (!isStringArray(revs) || revs.some((rev) => !/^\d+-./.test(rev))) throw badRequest('Invalid revision list');
      asked.set(id, revs);
    }
    const purged = await purge(database, asked);
    return json(
      c,
      { purge_seq: formatSequence(database.properties.purgeSequence, database.properties.life), purged: Object.fromEntries(purged) },
      201,
    );
  });
}
