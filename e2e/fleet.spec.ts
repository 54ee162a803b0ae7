import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import type { Platform } from './platform.ts';
import type { Portal } from './portal.ts';

const urn = 'urn:lo:nsid:fleet:';
const rennes = { lat: 48.1173, lon: -1.6778 };
const suva = { lat: -18.1416, lon: 178.4419 };

const register = (platform: Platform, id: string, more: object = {}): Promise<unknown> =>
  platform.api('POST', '/api/v1/deviceMgt/devices', { id: `${urn}${id}`, ...more });

const staticLocationOf = async (platform: Platform, id: string): Promise<unknown> =>
  (await platform.api<{ staticLocation?: unknown }>('GET', `/api/v1/deviceMgt/devices/${urn}${id}`))
    .staticLocation;

const map = (page: Page) => page.getByRole('application', { name: 'Map of the devices' });
const inSight = (page: Page) => page.getByText(/ in sight$/);
const clusters = (page: Page) => map(page).getByRole('button', { name: / devices near / });

/** The part of the map that the address names. */
const atOf = (page: Page): string | null => new URLSearchParams(page.url().split('?').at(-1)).get('at');

async function openMap(portal: Portal, query = ''): Promise<void> {
  await portal.open(`/devices/map${query}`);
  await expect(inSight(portal.page)).toBeVisible();
}

test('devices are on the map where they are; one opens, and back leads to the same part of the map', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await register(platform, 'north', { name: 'North pump', staticLocation: rennes });
  await register(platform, 'south', { name: 'South pump', staticLocation: suva });
  await register(platform, 'nowhere', { name: 'Pump without a place' });
  await openMap(portal);
  await expect(page.getByText('2 of 3 devices have a place')).toBeVisible();
  await expect(inSight(page)).toHaveText('2 devices in sight');
  const north = map(page).getByRole('link', { name: 'North pump' });
  const south = map(page).getByRole('link', { name: 'South pump' });
  const [a, b] = [await north.boundingBox(), await south.boundingBox()];
  expect(a?.x).toBeLessThan(b?.x ?? 0);
  expect(a?.y).toBeLessThan(b?.y ?? 0);

  // Closer to the one in the north, until the other is out of sight.
  await north.hover();
  await page.mouse.wheel(0, -1600);
  await expect(inSight(page)).toHaveText('1 device in sight');
  await expect(south).toHaveCount(0);
  const at = atOf(page);
  await north.click();
  await expect(page.getByRole('heading', { level: 1, name: 'North pump' })).toBeVisible();
  await page.goBack();
  await expect(inSight(page)).toHaveText('1 device in sight');
  expect(atOf(page)).toBe(at);
});

test('many devices are counted where they are, a click goes closer, down to a list of one place', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  test.slow();
  const ids = Array.from({ length: 300 }, (_, number) => number);
  for (const number of ids) {
    // All but ten on a grid of some hundred kilometres; ten on one roof.
    const spread = { lat: 44 + (number % 17) * 0.3, lon: 1 + Math.floor(number / 17) * 0.3 };
    const staticLocation = number < 10 ? suva : spread;
    await register(platform, `d${number}`, { staticLocation, tags: [number < 10 ? 'roof' : 'grid'] });
  }
  await openMap(portal);
  await expect(inSight(page)).toHaveText('300 devices in sight');
  const counts = async (): Promise<number> =>
    (await clusters(page).allInnerTexts()).reduce((sum, text) => sum + Number(text), 0);
  const singles = map(page).getByRole('link');
  await expect.poll(async () => (await counts()) + (await singles.count())).toBe(300);
  const before = await clusters(page).count();
  await clusters(page).first().click();
  await expect.poll(() => clusters(page).count()).toBeGreaterThan(before);
  await expect(inSight(page)).toHaveText('290 devices in sight');

  await page.getByRole('button', { name: 'Show everything again' }).click();
  await page.getByRole('textbox', { name: /^Filter in RSQL/ }).fill('tags==roof');
  await expect(inSight(page)).toHaveText('10 devices in sight');
  await map(page)
    .getByRole('button', { name: /^10 devices near/ })
    .click();
  const panel = page.getByRole('complementary', { name: '10 devices here' });
  await expect(panel.getByRole('listitem')).toHaveCount(10);
  await panel.getByRole('link', { name: `${urn}d7` }).click();
  await expect(page.getByRole('heading', { level: 1, name: `${urn}d7` })).toBeVisible();
});

test('a filter that cannot be read says where, and one that fits nothing says so', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await register(platform, 'a', { staticLocation: rennes });
  await portal.open('/devices/map?filter=name==');
  await expect(page.getByRole('alert')).toContainText('at character 7');
  await page.getByRole('textbox', { name: /^Filter in RSQL/ }).fill('name==nobody');
  await expect(
    page.getByRole('heading', { name: 'No device with a place matches this filter' }),
  ).toBeVisible();
});

test('a place is picked on the map of the form by a click, by the keyboard, or typed', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await register(platform, 'pump');
  await portal.open(`/devices/${encodeURIComponent(`${urn}pump`)}?panel=edit`);
  const form = page.getByRole('complementary', { name: 'Edit device' });
  const picker = form.getByRole('application', { name: /^Map/ });
  await picker.click({ position: { x: 100, y: 60 } });
  await expect(form.getByLabel('Latitude (°)')).not.toHaveValue('');
  const clicked = Number(await form.getByLabel('Latitude (°)').inputValue());
  expect(clicked).toBeGreaterThan(0);

  await picker.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(form.getByLabel('Latitude (°)')).not.toHaveValue(String(clicked));

  await form.getByLabel('Latitude (°)').fill(String(rennes.lat));
  await form.getByLabel('Longitude (°)').fill(String(rennes.lon));
  await expect(picker).toHaveAccessibleName(/48\.1173°, -1\.6778°/);
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
  expect(await staticLocationOf(platform, 'pump')).toEqual(rennes);
  await expect(page.getByRole('application', { name: /48\.1173°, -1\.6778°/ })).toBeVisible();
});

test('a bar of the figures leads to the devices it counts', async ({ portal, platform }) => {
  const { page } = portal;
  await register(platform, 'a', { tags: ['pump'], properties: { site: 'Rennes, ouest' } });
  await register(platform, 'b', { tags: ['pump', 'old'], properties: { site: 'Suva' } });
  await register(platform, 'c', { tags: ['gate'] });
  await portal.open('/devices/counts');
  await expect(page.getByText('3 devices')).toBeVisible();
  await expect(page.getByRole('region', { name: 'By tag' }).getByRole('listitem').first()).toHaveText(
    /pump\s*2/,
  );
  await page.getByRole('region', { name: 'By tag' }).getByRole('link', { name: /pump/ }).click();
  await expect(portal.rows('Devices')).toHaveCount(2);

  // The filter comes along to the other ways to look, and a bar narrows it.
  await page.getByRole('navigation', { name: 'Ways to look at the fleet' }).getByText('Counts').click();
  await expect(page.getByText('2 devices')).toBeVisible();
  await page
    .getByRole('region', { name: 'By property' })
    .getByRole('link', { name: /Rennes, ouest/ })
    .click();
  await expect(portal.rows('Devices')).toHaveCount(1);
  await expect(portal.rows('Devices')).toContainText(`${urn}a`);
});

test('no request of the maps leaves this machine', async ({ portal, platform, page }) => {
  const hosts = new Set<string>();
  page.on('request', (request) => hosts.add(new URL(request.url()).origin));
  await register(platform, 'a', { staticLocation: rennes });
  await openMap(portal);
  await page.getByRole('button', { name: 'Closer' }).click();
  await portal.open(`/devices/${encodeURIComponent(`${urn}a`)}`);
  await expect(page.getByRole('application', { name: /48\.1173/ })).toBeVisible();
  expect([...hosts]).toEqual([platform.origin]);
});
