import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/**
 * What axe finds on the page that keeps somebody from using it, in the light and in the dark colours. Only the
 * contrast can differ between them, so that the rest is looked for once.
 */
export async function serious(page: Page): Promise<string[]> {
  const light = await found(page, 'light', new AxeBuilder({ page }));
  const dark = await found(page, 'dark', new AxeBuilder({ page }).withRules(['color-contrast']));
  await colours(page, 'light');
  return [...light, ...dark];
}

/** Ends what changes, but not what turns on and on. Text, as these sources are checked without a DOM. */
const settle = `document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
  .forEach((change) => change.finish())`;

type ColorScheme = 'light' | 'dark';

async function found(page: Page, colorScheme: ColorScheme, axe: AxeBuilder): Promise<string[]> {
  await colours(page, colorScheme);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    );
}

/** Shows the page in these colours, without the moment in which it changes to them. */
async function colours(page: Page, colorScheme: ColorScheme): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
  await page.evaluate(settle);
}
