import { expect, type Locator, type Page } from '@playwright/test';
import type { Platform } from './platform.ts';

/** What is done with the portal, by what a person sees. */
export class Portal {
  readonly page: Page;
  private readonly platform: Platform;

  constructor(page: Page, platform: Platform) {
    this.page = page;
    this.platform = platform;
  }

  async signIn(link = this.platform.portalLink): Promise<void> {
    await this.page.goto(link);
    await this.ready();
  }

  /** Fills in the page that a browser without a session gets. */
  async enterKey(value: string): Promise<void> {
    await this.page.getByRole('radiogroup', { name: 'Sign in with' }).getByText('API key').click();
    await this.page.getByRole('textbox', { name: 'API key' }).fill(value);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  async enterPassword(login: string, password: string): Promise<void> {
    await this.page.getByLabel('User name or e-mail address').fill(login);
    await this.page.getByRole('textbox', { name: 'Password' }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  async ready(): Promise<void> {
    await expect(this.page.locator('#root')).toHaveAttribute('data-app-state', 'ready');
    await expect(this.page.locator('[data-live]')).toHaveAttribute('data-live', 'open');
  }

  /** Opens a view by its address, as a bookmark does. */
  async open(path: string): Promise<void> {
    await this.page.goto(`${this.platform.origin}/#${path}`);
    await this.ready();
  }

  async follow(view: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
  }

  rows(table: string): Locator {
    return this.page
      .getByRole('grid', { name: table })
      .getByRole('row')
      .filter({ has: this.page.getByRole('gridcell') });
  }
}
