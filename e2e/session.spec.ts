import { expect, test } from './fixtures.ts';
import { masterKey } from './platform.ts';
import { Portal } from './portal.ts';

test('the link signs in once, leaves the address bar, and outlives a reload', async ({
  portal,
  platform,
  browser,
}) => {
  const { page } = portal;
  expect(page.url()).not.toContain('code');
  await page.reload();
  await portal.ready();
  const other = await browser.newContext();
  const stranger = await other.newPage();
  await stranger.goto(platform.portalLink);
  await expect(stranger.getByRole('alert')).toContainText('This link does not sign in');
  await other.close();
});

test('a pasted key signs in, and the view that was asked for opens', async ({ page, platform }) => {
  await page.goto(`${platform.origin}/#/devices?text=pump`);
  await new Portal(page, platform).enterKey(masterKey);
  await expect(page.getByRole('heading', { name: 'No device matches these filters' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: /^Name, or id/ })).toHaveValue('pump');
});

test('an unknown key is turned away with the reason', async ({ page, platform }) => {
  await page.goto(platform.origin);
  await new Portal(page, platform).enterKey('0'.repeat(32));
  await expect(page.getByRole('alert')).toBeVisible();
});

test('a key that is deleted while it is used leads back to the sign-in page', async ({ page, platform }) => {
  const key = await platform.api<{ id: string; value: string }>('POST', '/api/v0/apiKeys', {
    label: 'short',
    roles: ['DATA_R', 'DEVICE_R', 'LOGS_R'],
  });
  await page.goto(platform.origin);
  await new Portal(page, platform).enterKey(key.value);
  await expect(page.locator('#root')).toHaveAttribute('data-app-state', 'ready');
  await platform.api('DELETE', `/api/v0/apiKeys/${key.id}`);
  await expect(page.locator('#root')).toHaveAttribute('data-app-state', 'signed-out');
  await expect(page.getByRole('alert')).toContainText('This page is no longer signed in');
});
