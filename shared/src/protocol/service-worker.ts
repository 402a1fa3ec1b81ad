import * as v from 'valibot';

/** What the page says to a service worker. */
export const serviceWorkerMessageSchema = v.object({
  /** The waiting build takes over now. */
  type: v.literal('SKIP_WAITING'),
});
export type ServiceWorkerMessage = v.InferOutput<typeof serviceWorkerMessageSchema>;

/** First segments of the addresses that the server answers itself. Every other address is a screen of the app. */
const SERVER_SEGMENTS = ['v1', 'db', 'couch', '.well-known', 'healthz', 'readyz', 'metrics', 'hub'];

/** Whether the server answers this address itself. `path` begins with a slash and may carry a query. */
export function isServerPath(path: string): boolean {
  return SERVER_SEGMENTS.includes(path.split(/[/?#]/, 2)[1] ?? '');
}

/*
 * While a new build takes over, Chromium stops the old service worker, and a request of a page that reaches it in that moment starts it
 * again: the new build then waits on, 30 seconds without any request or 5 minutes in all. So everybody is silent for a moment.
 */

/** The lock under which each request of a database worker begins, shared. Whoever holds it alone has silence in every tab. */
export const REQUESTS_LOCK = 'darasa-requests';

/** The lock under which a service worker sends in the background. Whoever steals it ends that; the browser asks for it again later. */
export const BACKGROUND_SEND_LOCK = 'darasa-background-send';

/** Nobody keeps silent for longer, in milliseconds. */
export const SILENCE_MS = 10_000;
