import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';

test('messages of a moment are found, filtered, and left again for those of now', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await platform.send('urn:lo:nsid:e2e:early', { step: 'first' });
  const between = new Date().toISOString();
  await platform.send('urn:lo:nsid:e2e:late', { step: 'second' });
  const rows = portal.rows('Messages');
  await portal.open(`/messages?at=${between}`);
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('first');
  await expect(page.getByText('Messages that came before')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeHidden();
  expect.soft(await serious(page), 'a moment').toEqual([]);

  // Nothing comes in beside it.
  await platform.send('urn:lo:nsid:e2e:third', { step: 'third' });
  await page.getByLabel('Time to jump to').fill('2099-01-01T00:00:00');
  await page.getByRole('button', { name: 'Jump to time' }).click();
  await expect(rows).toHaveCount(3);
  await page.getByRole('textbox', { name: 'Device' }).fill('late');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('second');
  await page.getByRole('textbox', { name: 'Device' }).fill('');
  await expect(rows).toHaveCount(3);
  // All there is fits, so there is nothing further back to look for.
  await expect(page.getByRole('button', { name: 'Look further back' })).toBeHidden();
  await page.getByLabel('Time to jump to').fill('2001-01-01T00:00:00');
  await page.getByRole('button', { name: 'Jump to time' }).click();
  await expect(page.getByRole('heading', { name: 'No message came before that moment' })).toBeVisible();
  await page.getByRole('button', { name: 'Back to now' }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(rows.first()).toContainText('third');
});

test('the list of devices shows the last value of each, keeps up, and keeps its columns', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await platform.send('urn:lo:nsid:e2e:one', { rpm: 100 }, { rpm: 200 });
  await platform.send('urn:lo:nsid:e2e:two', { rpm: 300 });
  await portal.open('/devices');
  const row = portal.rows('Devices').filter({ hasText: 'urn:lo:nsid:e2e:one' });
  await expect(row).toContainText('rpm 200');
  await expect(portal.rows('Devices').filter({ hasText: 'urn:lo:nsid:e2e:two' })).toContainText('rpm 300');
  const contact = row.locator('time');
  await contact.hover();
  await expect(contact).toHaveAttribute('title', /UTC$/);
  expect.soft(await serious(page), 'devices with values').toEqual([]);
  await platform.send('urn:lo:nsid:e2e:one', { rpm: 999 });
  await expect(row).toContainText('rpm 999');

  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Last value' }).uncheck();
  await expect(row).not.toContainText('rpm');
  await page.reload();
  await portal.ready();
  await expect(row).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Last value' })).toBeHidden();
});
