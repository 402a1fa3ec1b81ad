import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'units', include: ['embedded/**/*.test.ts', 'src/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 } },
      { test: { name: 'contract', include: ['contract/**/*.contract.ts'], testTimeout: 30_000, hookTimeout: 60_000 } },
    ],
  },
});
