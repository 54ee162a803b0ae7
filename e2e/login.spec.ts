import type { Page } from '@playwright/test';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import type { Platform } from './platform.ts';
import { Portal } from './portal.ts';

const password = 'Right-Pa55word';

async function arrive(page: Page, platform: Platform, roles: readonly string[]): Promise<Portal> {
  await platform.api('POST', '/api/v0/users', { login: 'ada', email: 'ada@example.org', password, roles });
  await page.goto(platform.origin);
  return new Portal(page, platform);
}

test('a user with few roles signs in, sees what the roles allow, and logs out', async ({
  page,
  platform,
}) => {
  const portal = await arrive(page, platform, ['DEVICE_R', 'DATA_R', 'USER_R']);
  await platform.send('urn:lo:nsid:e2e:pump', { rpm: 1 });
  await portal.enterPassword('ada', password);
  await portal.ready();
  const views = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
  await expect(views).toHaveText([
    ...['Fleetbench', 'Dashboard', 'Devices', 'Groups', 'Messages', 'Resources', 'Simulators'],
    ...['Connect a device', 'External connectors', 'LoRa network', 'LwM2M models & rules'],
    ...['LwM2M bootstrap', 'Access'],
    'Settings',
  ]);
  await portal.follow('Messages');
  await expect(portal.rows('Messages').first()).toContainText('rpm');
  await portal.open('/audit');
  await expect(page.getByRole('main')).toContainText('is needed: LOGS_R');
  await portal.follow('Access');
  await expect(page.getByRole('heading', { name: 'Users' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Parts of Access' }).getByRole('link')).toHaveText(
    'Users',
  );
  const create = page.getByRole('button', { name: 'New user' });
  await expect(create).toHaveAttribute('aria-disabled', 'true');
  await create.hover();
  await expect(page.getByRole('tooltip')).toContainText('USER_W');

  const key = await page.evaluate<string>("JSON.parse(sessionStorage.getItem('fleetbench.session')).key");
  await page.getByRole('button', { name: 'Signed in: ada' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  const whoami = () => fetch(`${platform.origin}/api/v0/whoami`, { headers: { 'X-API-Key': key } });
  await expect.poll(async () => (await whoami()).status).toBe(403);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});

test('a wrong password says so, and too many of them lock the user out until an administrator ends it', async ({
  page,
  platform,
  browser,
}) => {
  test.slow();
  const portal = await arrive(page, platform, ['DEVICE_R']);
  await portal.enterPassword('ada', 'wrong');
  await expect(page.getByRole('alert')).toContainText('The user name or the password is wrong');
  for (;;) {
    const { status } = await fetch(`${platform.origin}/api/v0/auth`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ login: 'ada', password: 'wrong' }),
    });
    if (status === 403) break;
    expect(status).toBe(401);
  }
  await portal.enterPassword('ada', password);
  await expect(page.getByRole('alert')).toContainText('locked out after too many failed sign-ins');
  await expect(page.getByRole('alert').getByRole('time')).toHaveText(/in \d+ min/);
  expect(await serious(page)).toEqual([]);

  const admin = await (await browser.newContext()).newPage();
  const adminPortal = new Portal(admin, platform);
  await adminPortal.signIn();
  await adminPortal.open('/access/users');
  await adminPortal.rows('Users').filter({ hasText: 'ada' }).click();
  const panel = admin.getByRole('complementary', { name: 'ada' });
  await expect(panel.getByText('locked out', { exact: true })).toBeVisible();
  await panel.getByRole('button', { name: 'Unlock' }).click();
  await expect(panel.getByText('enabled', { exact: true })).toBeVisible();
  await admin.context().close();

  await portal.enterPassword('ada@example.org', password);
  await portal.ready();
});

test('a user changes the own password; a wrong old one ends nothing', async ({ page, platform }) => {
  const portal = await arrive(page, platform, ['DEVICE_R']);
  await portal.enterPassword('ada', password);
  await portal.ready();
  await portal.open('/account');
  const next = 'Next-Pa55word';
  await page.getByRole('textbox', { name: 'Old password' }).fill('wrong');
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill('next');
  await expect(page.getByRole('list', { name: 'A password must have' })).toContainText('a digitmissing');
  await expect(page.getByRole('button', { name: 'Change password' })).toBeDisabled();
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill(next);
  await page.getByRole('textbox', { name: 'New password again' }).fill(next);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByRole('alert')).toContainText('The old password is wrong');
  await page.getByRole('textbox', { name: 'Old password' }).fill(password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByRole('status').getByText('The password is changed')).toBeVisible();
  await page.getByRole('button', { name: 'Log out' }).click();
  await portal.enterPassword('ada', next);
  await portal.ready();
});

test('an administrator makes a user, hands over the password, and deletes the user again', async ({
  portal,
  platform,
  browser,
}) => {
  const { page } = portal;
  await portal.open('/access/users');
  await page.getByRole('button', { name: 'New user' }).click();
  const editor = page.getByRole('complementary', { name: 'New user' });
  await editor.getByLabel('User name').fill('b');
  await expect(editor.getByText('Must have 3 to 254')).toBeVisible();
  await editor.getByLabel('User name').fill('bob');
  await editor.getByText('Administrator', { exact: true }).click();
  await editor.getByRole('button', { name: 'Create' }).click();
  const made = page.getByRole('complementary', { name: 'bob' });
  const given = await made.getByRole('region', { name: 'Password' }).innerText();
  await made.getByRole('button', { name: 'I have copied it' }).click();

  const bobs = await (await browser.newContext()).newPage();
  const bob = new Portal(bobs, platform);
  await bobs.goto(platform.origin);
  await bob.enterPassword('bob', given.trim());
  await bob.ready();

  await portal.rows('Users').filter({ hasText: 'bob' }).click();
  await page.getByRole('complementary', { name: 'bob' }).getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('One open session of the user ends.');
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(portal.rows('Users').filter({ hasText: 'bob' })).toHaveCount(0);
  await expect(bobs.locator('#root')).toHaveAttribute('data-app-state', 'signed-out');
  await bobs.context().close();
});
