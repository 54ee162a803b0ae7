import { test as base, expect } from '@playwright/test';
import { Platform } from './platform.ts';
import { Portal } from './portal.ts';

/** Each test has a platform of its own, and a page that is signed in to it by the printed link. */
export const test = base.extend<{ platform: Platform; portal: Portal }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from it
  platform: async ({}, use) => {
    const platform = await Platform.start();
    await use(platform);
    await platform.stop();
  },
  portal: async ({ page, platform }, use) => {
    const portal = new Portal(page, platform);
    await portal.signIn();
    await use(portal);
  },
});

export { expect };
