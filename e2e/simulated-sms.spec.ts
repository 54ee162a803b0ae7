import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';

test('a message that is typed on a simulated handset arrives on another one', async ({ portal }) => {
  const { page } = portal;
  await portal.open('/simulators?create=handset');
  const form = page.getByRole('complementary', { name: 'New fleet' });
  await form.getByRole('button', { name: 'Create and start' }).click();
  await page.getByRole('link', { name: 'Handset', exact: true }).click();
  await expect(page.getByText('2 of 2')).toBeVisible();
  await portal.rows('Devices').first().click();
  const panel = page.getByRole('complementary', { name: 'Device 1' });
  await panel.getByRole('textbox', { name: 'To' }).fill('33600000002');
  await panel.getByRole('textbox', { name: 'Message' }).fill('Echo from Łódź');
  await expect(panel.getByText('UCS-2, 1 SMS, 56 left')).toBeVisible();
  await panel.getByRole('button', { name: 'Send message' }).click();
  await expect(panel.getByText('delivered')).toBeVisible();
  await expect(panel.getByText('I am handset-2')).toBeVisible();
  expect(await serious(page)).toEqual([]);
});
