import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    // One page serves every address: the service worker and the server answer deep links with it.
    adapter: adapter({ pages: 'build', assets: 'build', fallback: 'index.html', precompress: true }),
    serviceWorker: { register: false },
    // No new version is polled for: the service worker alone decides when a new build takes over.
    version: { pollInterval: 0 },
  },
};
