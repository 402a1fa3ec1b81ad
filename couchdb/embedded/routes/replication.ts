import { json, readJsonObject, requireJsonType, type Store, type StoreRoutes } from '../http.ts';
import { requireServerAdmin } from '../security.ts';

/** `_replicate`, and the scheduler's lists that the dashboard shows. */
export function replicationRoutes(routes: StoreRoutes, store: Store): void {
  routes.post('/_replicate', async (c) => {
    requireServerAdmin(c.get('caller'));
    requireJsonType(c);
    const result = await store.replicator.replicate(await readJsonObject(c, store), c.get('caller'));
    return json(c, result, 'history' in result ? 200 : 202);
  });
  routes.get('/_scheduler/jobs', (c) => {
    requireServerAdmin(c.get('caller'));
    const jobs = store.replicator.activeTasks();
    return json(c, { total_rows: jobs.length, offset: 0, jobs });
  });
  routes.get('/_scheduler/docs', (c) => {
    requireServerAdmin(c.get('caller'));
    const docs = store.replicator.activeTasks().filter((task) => task['doc_id'] !== null);
    return json(c, { total_rows: docs.length, offset: 0, docs });
  });
}
