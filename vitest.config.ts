import { defineConfig } from 'vitest/config';

/** Tests of functions: they start nothing and leave nothing behind, so that a process serves many files. */
const pure = [
  'core/contract/**/*.test.ts',
  'core/data/**/*.test.ts',
  'core/protocols/{lorawan,lwm2m,semtech-udp}/**/*.test.ts',
  'core/twin/models/**/*.test.ts',
  'renderer/**/*.test.{ts,tsx}',
  'simulators/generators/**/*.test.ts',
];

const shared = {
  environment: 'node',
  // Processes and not threads: tests start workers of their own, send signals and watch for open handles.
  pool: 'forks',
  testTimeout: 20_000,
  hookTimeout: 20_000,
} as const;

const excluded = ['**/node_modules/**', 'dist/**', 'scripts/fixtures/**'];

export default defineConfig({
  test: {
    globalSetup: ['scripts/vitest-setup.ts'],
    // A test that passes only the second time is a bug in the test or in the product.
    retry: 0,
    projects: [
      { test: { ...shared, name: 'functions', isolate: false, include: pure, exclude: excluded } },
      {
        test: {
          ...shared,
          name: 'platform',
          include: ['{core,host,electron,docs,simulators,scripts}/**/*.test.ts'],
          exclude: [...excluded, ...pure],
        },
      },
    ],
  },
});
