import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Properties look at hundreds of values: patience for a machine that is busy, no measure of speed.
  test: { include: ['src/**/*.test.ts'], testTimeout: 60_000 },
});
