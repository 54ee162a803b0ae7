import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';

/** Every view and what its heading says in French. */
const views: readonly [path: string, heading: string][] = [
  ['/', 'Tableau de bord'],
  ['/devices', 'Appareils'],
  ['/groups', 'Groupes'],
  ['/messages', 'Messages'],
  ['/routing', 'FIFO et routage'],
  ['/simulators', 'Simulateurs'],
  ['/audit', 'Journal d’audit'],
  ['/access', 'Clés d’API'],
  ['/settings', 'Réglages'],
  ['/connect', 'Connecter un appareil'],
];

test.describe('in a French browser', () => {
  test.use({ locale: 'fr-FR' });

  test('the portal speaks French in every view', async ({ portal, platform }) => {
    test.slow();
    const { page } = portal;
    await platform.send('urn:lo:nsid:e2e:pump', { rpm: 1 });
    for (const [path, heading] of views) {
      await portal.open(path);
      await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
    }
    expect(await serious(page)).toEqual([]);

    // The platform tells each template in English: the portal has its own words for all of them.
    const templates = await platform.api<{ description: string }[]>('GET', '/bench/v1/simulators/templates');
    await portal.open('/simulators');
    await expect(page.locator('.gallery-entry')).toHaveCount(templates.length);
    const shown = await page.locator('.gallery-entry').allInnerTexts();
    for (const { description } of templates) expect(shown.join('\n')).not.toContain(description);

    // The longest entry fits its place also while it is the bold one.
    await portal.open('/connectors');
    const entry = page.getByRole('navigation').getByRole('link', { name: 'Connecteurs externes' });
    const [words, place] = [await entry.locator('span').boundingBox(), await entry.boundingBox()];
    if (!words || !place) throw new Error('the entry is not there');
    expect(words.x + words.width).toBeLessThanOrEqual(place.x + place.width - 8);
  });
});

test('the language is chosen in the settings, at once and for the next time', async ({ portal }) => {
  const { page } = portal;
  await portal.open('/settings');
  await page.getByText('Français').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Réglages' })).toBeVisible();
  await page.reload();
  await portal.ready();
  await expect(page.getByRole('navigation').getByText('Appareils')).toBeVisible();
});
