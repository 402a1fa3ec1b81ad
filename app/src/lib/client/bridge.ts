import { proxy, type Remote, transfer, wrap } from 'comlink';
import { LaterSending } from '$lib/platform/background-sync.ts';
import { watchConnection } from '$lib/platform/connection.ts';
import { watchVisibility } from '$lib/platform/visibility.ts';
import type { DatabaseApi } from '../../workers/database/api.ts';
import { problems } from './problems.svelte.ts';

/**
 * Owns the workers: both are made once, when the first screen asks, and live as long as the page.
 *
 * The grading worker is made by the page and joined to the database worker by a port, because WebKit before 16.4 lets
 * no worker start another. The database worker grades by itself when the port gives no answer.
 */
function startWorkers(): DatabaseApi {
  const databaseWorker = new Worker(new URL('../../workers/database/entry.ts', import.meta.url), { type: 'module', name: 'database' });
  const gradingWorker = new Worker(new URL('../../workers/grading/entry.ts', import.meta.url), { type: 'module', name: 'grading' });
  databaseWorker.addEventListener('error', (event) => problems.report('database worker', event.message));
  gradingWorker.addEventListener('error', (event) => problems.report('grading worker', event.message));

  // Comlink's own type loses the type parameters of `watch`; every method of DatabaseApi answers with a promise already.
  const remote: Remote<DatabaseApi> & DatabaseApi = wrap<DatabaseApi>(databaseWorker) as Remote<DatabaseApi> & DatabaseApi;
  const { port1, port2 } = new MessageChannel();
  gradingWorker.postMessage(port1, [port1]);
  remote.connectGrader(transfer(port2, [port2])).catch((error: unknown) => problems.report('grading worker', error));

  watchVisibility((visible) => {
    remote.setVisible(visible).catch((error: unknown) => problems.report('setVisible', error));
  });
  watchConnection((connection) => {
    remote.setNetwork(connection).catch((error: unknown) => problems.report('setNetwork', error));
  });
  const later = new LaterSending((error) => problems.report('background sync', error));
  remote.watchOutbox(proxy((unsent) => later.note(unsent))).catch((error: unknown) => problems.report('watchOutbox', error));
  return remote;
}

let started: DatabaseApi | null = null;

/** The database worker, for commands. To show data use `liveView`. */
export function database(): DatabaseApi {
  started ??= startWorkers();
  return started;
}

/** Wraps a callback for its way to the worker. */
export function callback<Value>(call: (value: Value) => void): (value: Value) => void {
  return proxy(call);
}
