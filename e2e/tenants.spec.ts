import { expect, test } from './fixtures.ts';
import { Portal } from './portal.ts';

test('a tenant is made, switched to, and shows nothing of the other', async ({
  portal,
  platform,
  browser,
}) => {
  const { page } = portal;
  await platform.send('urn:lo:nsid:e2e:pump', { rpm: 1 });
  await portal.open('/access/tenants');
  await page.getByRole('button', { name: 'New tenant' }).click();
  const form = page.getByRole('complementary', { name: 'New tenant' });
  await form.getByLabel('Name').fill('default');
  await expect(form.getByText('There is a tenant of this name')).toBeVisible();
  await form.getByLabel('Name').fill('acme');
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('region', { name: 'Master key' })).toHaveText(/^[0-9a-f]{32}$/);
  const password = (await page.getByRole('region', { name: /^Password of admin-acme/ }).innerText()).trim();
  await page.getByRole('button', { name: 'I have copied it' }).click();

  await page.getByRole('button', { name: 'Tenant default' }).click();
  await page.getByRole('menuitem', { name: 'acme' }).click();
  await expect(page.getByRole('button', { name: 'Tenant acme' })).toBeVisible();
  await portal.ready();
  for (const [view, nothing] of [
    ['Devices', 'No devices yet'],
    ['Messages', 'No messages yet'],
    ['Groups', 'No device in this group'],
  ] as const) {
    await portal.follow(view);
    await expect(page.getByRole('heading', { name: nothing })).toBeVisible();
  }
  await platform.send('urn:lo:nsid:e2e:pump', { rpm: 2 });
  await portal.open('/access/users');
  await expect(portal.rows('Users')).toHaveCount(1);
  await expect(portal.rows('Users')).toContainText('admin-acme');

  await page.getByRole('button', { name: 'Tenant acme' }).click();
  await page.getByRole('menuitem', { name: 'default' }).click();
  await expect(page.getByRole('button', { name: 'Tenant default' })).toBeVisible();
  await portal.follow('Messages');
  await expect(portal.rows('Messages')).toHaveCount(2);

  const theirs = await (await browser.newContext()).newPage();
  await theirs.goto(platform.origin);
  const other = new Portal(theirs, platform);
  await other.enterPassword('admin-acme', password);
  await other.ready();
  await expect(theirs.getByRole('banner')).toContainText('acme');
  await expect(theirs.getByRole('button', { name: 'Tenant acme' })).toHaveCount(0);
  await other.open('/access/tenants');
  await expect(theirs.getByRole('main')).toContainText('Tenants are seen by who runs this instance');
  await theirs.context().close();
});
