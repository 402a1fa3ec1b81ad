/**
 * The app without a network: every file of one build, kept whole.
 *
 * A build arrives all at once or not at all: each file carries its hash (`integrity`), and an installation in which one file
 * differs fails and leaves the old build in charge. A new build then waits. The old build's files stay in the cache
 * until the new one is activated, so a page never meets the other build's chunks. Activation comes when every page is closed,
 * or when a page says so (app/src/lib/features/update asks first whether a quiz is open); the pages reload then.
 */
import { isServerPath, serviceWorkerMessageSchema } from '@darasa/shared/protocol';
import * as v from 'valibot';
import { clientsClaim } from 'workbox-core';
import { createHandlerBoundToURL, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { sendInBackground } from './background-send.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly PrecacheEntry[] };

precacheAndRoute([...self.__WB_MANIFEST]);

// One page serves every address of the app, so that a deep link opens with the server stopped.
registerRoute(
  ({ request, url, sameOrigin }) => sameOrigin && request.mode === 'navigate' && !isServerPath(url.pathname),
  createHandlerBoundToURL('/index.html'),
);

// Not awaited: `skipWaiting` resolves when this build is active, and the message would be an event in progress until then.
self.addEventListener('message', (event) => {
  if (v.is(serviceWorkerMessageSchema, event.data)) void self.skipWaiting();
});

sendInBackground(self);

// The page that brought the service worker loads its later chunks from the cache too: the network may go at once.
clientsClaim();
