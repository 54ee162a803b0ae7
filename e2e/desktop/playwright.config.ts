import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.desktop.ts',
  outputDir: '../../node_modules/.cache/playwright-desktop',
  reporter: [['list']],
  // Each test starts a program or two; more at a time would wait for each other.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env.CI !== undefined,
  retries: 0,
});
