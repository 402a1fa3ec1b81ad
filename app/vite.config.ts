import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [sveltekit()],
  worker: { format: 'es' },
  build: { target: 'es2022' },
  server: {
    // `npm run dev -w @darasa/app` beside a running server: the app from Vite, the data from the server.
    proxy: Object.fromEntries(['/v1', '/db', '/couch', '/.well-known'].map((path) => [path, 'http://localhost:3000'])),
  },
});
