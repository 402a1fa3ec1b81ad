import * as v from 'valibot';

/** What the page says to a service worker. */
export const serviceWorkerMessageSchema = v.object({
  /** The waiting build takes over now. Workbox's own word for it: `messageSkipWaiting` of workbox-window sends it. */
  type: v.literal('SKIP_WAITING'),
});
export type ServiceWorkerMessage = v.InferOutput<typeof serviceWorkerMessageSchema>;

/** First segments of the addresses that the server answers itself. Every other address is a screen of the app. */
const SERVER_SEGMENTS = ['v1', 'db', 'couch', '.well-known', 'healthz', 'readyz', 'metrics'];

/** Whether the server answers this address itself. `path` begins with a slash and may carry a query. */
export function isServerPath(path: string): boolean {
  return SERVER_SEGMENTS.includes(path.split(/[/?#]/, 2)[1] ?? '');
}
