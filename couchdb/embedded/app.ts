import { Hono } from 'hono';
import { authenticate } from './auth/authenticate.ts';
import { badRequest, CouchError, fromPouch, notFound } from './errors.ts';
import { json, type Store, type StoreEnvironment, type StoreRoutes } from './http.ts';
import { allDocsRoutes } from './routes/all-docs.ts';
import { attachmentRoutes } from './routes/attachments.ts';
import { bulkRoutes } from './routes/bulk.ts';
import { changesRoutes } from './routes/changes.ts';
import { configRoutes } from './routes/config.ts';
import { databaseRoutes } from './routes/databases.ts';
import { documentRoutes } from './routes/documents.ts';
import { fauxtonRoutes } from './routes/fauxton.ts';
import { findRoutes } from './routes/find.ts';
import { databaseMethodRoutes, serverMethodRoutes } from './routes/methods.ts';
import { purgeRoutes } from './routes/purge.ts';
import { replicationRoutes } from './routes/replication.ts';
import { serverRoutes } from './routes/server.ts';
import { sessionRoutes } from './routes/session.ts';
import { viewRoutes } from './routes/views.ts';

/** CouchDB's HTTP interface. Every error leaves here as `{error, reason}`. */
export function createApp(store: Store): StoreRoutes {
  const app = new Hono<StoreEnvironment>({ getPath });

  app.onError((thrown, c) => {
    // JSON that nests deeper than the stack can follow.
    const error = thrown instanceof RangeError ? badRequest('the request nests too deeply') : fromPouch(thrown);
    if (error instanceof CouchError) return json(c, { error: error.error, reason: error.reason }, error.status, { ...error.headers });
    store.report(`${c.req.method} ${c.req.path}`, error);
    return json(c, { error: 'unknown_error', reason: 'the request could not be answered' }, 500);
  });
  app.notFound((c) => json(c, { error: 'not_found', reason: 'missing' }, 404));

  app.use(async (c, next) => {
    const actingAs = c.env?.actingAs;
    if (actingAs) {
      c.set('caller', actingAs);
    } else {
      const credentials = { authorization: c.req.header('authorization'), cookie: c.req.header('cookie') };
      const identity = await authenticate(credentials, store.config, store.accounts, store.now());
      c.set('caller', identity.caller);
      c.set('handler', identity.handler);
      if (identity.setCookie) c.header('Set-Cookie', identity.setCookie);
    }
    await next();
  });

  serverRoutes(app, store);
  sessionRoutes(app, store);
  configRoutes(app, store);
  fauxtonRoutes(app);
  replicationRoutes(app, store);
  serverMethodRoutes(app);
  databaseRoutes(app, store);
  bulkRoutes(app, store);
  allDocsRoutes(app, store);
  changesRoutes(app, store);
  findRoutes(app, store);
  purgeRoutes(app, store);
  viewRoutes(app, store);
  databaseMethodRoutes(app);
  documentRoutes(app, store);
  attachmentRoutes(app, store);
  app.all('*', (c) => {
    if (c.req.path.startsWith('/_')) throw notFound('Database does not exist.');
    throw notFound('missing');
  });
  return app;
}

/** The path as the client wrote it. PouchDB asks for `/db/`, which is `/db`; `_design%2Fx` is the same document as `_design/x`. */
function getPath(request: Request): string {
  const { url } = request;
  const start = url.indexOf('/', url.indexOf(':') + 3);
  const end = url.search(/[?#]/);
  const path = url.slice(start, end < 0 ? undefined : end);
  const plain = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  return plain.replace(/^(\/[^/]+\/_(?:design|local))%2F(?=.)/i, '$1/');
}
