import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [sveltekit()],
  test: {
    include: ['src/**/*.test.ts', 'e2e/harness/*.test.ts'],
    environment: 'node',
    // A password is checked slowly on purpose.
    testTimeout: 20_000,
  },
});
