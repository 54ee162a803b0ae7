import { test as base, expect, type Page } from '@playwright/test';
import { Platform } from './platform.ts';

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

/** What tests do with the portal, by what a person sees. */
export class Portal {
  readonly page: Page;
  private readonly platform: Platform;

  constructor(page: Page, platform: Platform) {
    this.page = page;
    this.platform = platform;
  }

  async signIn(): Promise<void> {
    await this.page.goto(this.platform.portalLink);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.page.locator('#root')).toHaveAttribute('data-app-state', 'ready');
    await expect(this.page.getByRole('status').getByText('Live', { exact: true })).toBeVisible();
  }

  /** Opens a view by its address, as a bookmark does. */
  async open(path: string): Promise<void> {
    await this.page.goto(`${this.platform.origin}/#${path}`);
    await this.ready();
  }

  async follow(view: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
  }

  rows(table: string) {
    return this.page
      .getByRole('grid', { name: table })
      .getByRole('row')
      .filter({ has: this.page.getByRole('gridcell') });
  }
}
