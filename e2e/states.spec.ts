import type { Page } from '@playwright/test';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import type { Platform } from './platform.ts';
import { Portal } from './portal.ts';

async function signIn(page: Page, platform: Platform, roles: readonly string[]): Promise<void> {
  const { value } = await platform.api<{ value: string }>('POST', '/api/v0/apiKeys', { label: 'few', roles });
  await page.goto(platform.origin);
  await new Portal(page, platform).enterKey(value);
  await expect(page.locator('#root')).toHaveAttribute('data-app-state', 'ready');
}

const notThere: readonly [path: string, says: string, way: string][] = [
  [`/devices/${encodeURIComponent('urn:lo:nsid:e2e:nobody')}`, 'There is no such device', 'All devices'],
  ['/simulators/nobody', 'HTTP 404', 'Simulators'],
  ['/campaigns/nobody', 'There is no such campaign', 'All campaigns'],
  ['/routing/fifo/nobody', 'There is no FIFO nobody', 'FIFOs & routing'],
  ['/nowhere', 'There is no such view', 'Go to the dashboard'],
];

test('what is not there says so, and leads on', async ({ portal }) => {
  const { page } = portal;
  for (const [path, says, way] of notThere) {
    await portal.open(path);
    const view = page.getByRole('main');
    await expect(view.getByText(says)).toBeVisible();
    await expect(view.getByRole('link', { name: way })).toBeVisible();
    expect.soft(await serious(page), path).toEqual([]);
  }
  await portal.open('/messages?message=0123456789abcdef01234567');
  const panel = page.getByRole('complementary', { name: 'Message' });
  await expect(panel.getByText('This message is not stored')).toBeVisible();
  expect.soft(await serious(page), 'a message that is gone').toEqual([]);
});

test('a key that may see little is told what it lacks, view by view', async ({ page, platform }) => {
  await signIn(page, platform, ['DEVICE_R']);
  // What the key may see comes live all the same.
  await expect(page.locator('[data-live]')).toHaveAttribute('data-live', 'open');
  const lacks = {
    ...{ messages: 'DATA_R', routing: 'BUS_CONFIG_R', campaigns: 'CAMPAIGN_R' },
    ...{ access: 'API_KEY_R', audit: 'LOGS_R' },
  };
  for (const [view, role] of Object.entries(lacks)) {
    await page.goto(`${platform.origin}/#/${view}`);
    await expect(page.getByRole('main')).toContainText(`is needed: ${role}`);
    expect.soft(await serious(page), view).toEqual([]);
  }
  await page.goto(`${platform.origin}/#/devices`);
  await expect(page.getByRole('heading', { name: 'No devices yet' })).toBeVisible();
});

test('when the program is gone, what was shown stays, and the rest says why', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await platform.send('urn:lo:nsid:e2e:last', { word: 'remembered' });
  await portal.follow('Messages');
  await expect(portal.rows('Messages').first()).toContainText('remembered');
  // The code of a view comes ahead, its data do not.
  const fetched = `performance.getEntriesByType('resource').some(({ name }) => name.includes('access-view'))`;
  await expect.poll(() => page.evaluate(fetched)).toBe(true);
  await platform.end();
  await expect(page.getByRole('status').getByText('Not live')).toBeVisible();
  await expect(portal.rows('Messages').first()).toContainText('remembered');
  expect.soft(await serious(page), 'a list that is not live').toEqual([]);
  await portal.follow('Access');
  const failure = page.getByRole('main').getByRole('alert');
  await expect(failure).toContainText('The platform did not answer');
  await expect(failure.getByRole('button', { name: 'Try again' })).toBeVisible();
  await page.locator('[data-live]').click();
  await expect(page.getByText('The window tries again by itself')).toBeVisible();
  expect.soft(await serious(page), 'a view that could not be loaded').toEqual([]);
});
