import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: [
      'core/**/*.test.ts',
      'host/**/*.test.ts',
      'electron/**/*.test.ts',
      'docs/**/*.test.ts',
      'simulators/**/*.test.ts',
      'renderer/**/*.test.{ts,tsx}',
      'scripts/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', 'dist/**', 'scripts/fixtures/**'],
    globalSetup: ['scripts/vitest-setup.ts'],
    // Processes and not threads: tests start workers of their own, send signals and watch for open handles.
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // A test that passes only the second time is a bug in the test or in the product.
    retry: 0,
  },
});
