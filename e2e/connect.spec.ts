import { expect, test } from './fixtures.ts';

test('a client id is offered as the platform takes it, and one that it refuses has no lines to copy', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await portal.open('/connect');
  const id = page.getByRole('textbox', { name: 'Device id or client id' });
  const lines = page.getByRole('region', { name: 'mosquitto_pub' });
  for (const taken of ['my-own', '-x']) {
    await id.fill(taken);
    await expect(lines).toContainText(taken);
    await expect(page.getByText(`Its device is urn:lo:nsid:mqtt:${taken}`)).toBeVisible();
  }
  await platform.send('-x', { n: 1 });
  await expect(page.getByText('The first message is here')).toBeVisible();
  await id.fill('not allowed');
  await expect(page.getByText('1 to 128 letters, digits')).toBeVisible();
  await expect(lines).toHaveCount(0);
  await expect(page.getByText('The lines come when the id above')).toBeVisible();
  await page.getByRole('radiogroup', { name: '1. How it connects' }).getByText('HTTP').click();
  await page.getByRole('textbox', { name: 'Stream' }).fill('any/stream.name');
  await expect(page.getByRole('region', { name: 'curl' })).toContainText('any');
});
