import type { Locator, Page } from '@playwright/test';

type Role = Parameters<Page['getByRole']>[0];

/** Most presses of Tab from one control of a view to any other. */
const mostPresses = 120;

/** A person who uses the keys of the keyboard and nothing else. */
export class KeysOnly {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Opens a view, or does what the command palette offers. */
  async choose(words: string): Promise<void> {
    await this.press('ControlOrMeta+k');
    await this.type(words);
    await this.press('Enter');
  }

  /** Walks on with Tab until this has the focus. */
  async reach(wanted: Locator): Promise<void> {
    const focused = this.page.locator(':focus');
    for (let presses = 0; presses < mostPresses; presses++) {
      if ((await wanted.and(focused).count()) > 0) return;
      await this.press('Tab');
    }
    throw new Error(`${wanted} does not take the focus`);
  }

  async reachNamed(role: Role, name: string | RegExp): Promise<void> {
    await this.reach(this.page.getByRole(role, { name, exact: typeof name === 'string' }));
  }

  async fill(name: string, text: string, role: Role = 'textbox'): Promise<void> {
    await this.reachNamed(role, name);
    await this.press('ControlOrMeta+a');
    await this.type(text);
  }

  /** Reaches a button, or a link, and presses Enter. */
  async use(name: string | RegExp, role: Role = 'button'): Promise<void> {
    await this.reachNamed(role, name);
    await this.press('Enter');
  }

  /** Reaches the rows of a table. */
  async reachRows(): Promise<void> {
    await this.reach(this.page.getByRole('row'));
  }
}
