import { database } from '$lib/client/index.ts';
import { onNetworkReturn } from '$lib/platform/online.ts';
import { reloadPage } from '$lib/platform/page.ts';
import { registerServiceWorker } from '$lib/platform/service-worker.ts';
import { watchVisibility } from '$lib/platform/visibility.ts';
import { AppUpdate } from './app-update.svelte.ts';

/** The newer build of this page's app. */
export const appUpdate = new AppUpdate({
  register: registerServiceWorker,
  wanted: !import.meta.env.DEV,
  quizOpen: () => database().quizOpen(),
  reload: reloadPage,
  onVisible: (call) =>
    watchVisibility((visible) => {
      if (visible) call();
    }),
  onNetworkReturn,
  nowMs: () => Date.now(),
});
