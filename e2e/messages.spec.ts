import { expect, test } from './fixtures.ts';

const deviceId = 'urn:lo:nsid:e2e:pump';

test('messages come live above those of before, stand still while paused, and go on', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await platform.send(deviceId, { rpm: 1 }, { rpm: 2 });
  await portal.open('/messages');
  const rows = portal.rows('Messages');
  await expect(rows).toHaveCount(2);
  const client = await platform.device(deviceId);
  const send = (rpm: number) => client.publishAsync('dev/data', `{"value":{"rpm":${rpm}}}`, { qos: 1 });
  await send(3);
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText('rpm 3');
  await page.getByRole('button', { name: 'Pause' }).click();
  await send(4);
  await send(5);
  await expect(page.getByRole('button', { name: '2 new' })).toBeVisible();
  await expect(rows).toHaveCount(3);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(rows).toHaveCount(5);
  await expect(rows.first()).toContainText('rpm 5');
});

test('a message shows its bytes beside what was stored, and a field as a chart', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await platform.send(deviceId, { rpm: 1 }, { rpm: 2 });
  await portal.open('/messages');
  await portal.rows('Messages').first().click();
  const panel = page.getByRole('complementary', { name: 'Message' });
  await expect(panel.getByRole('region', { name: 'Raw, as sent' })).toContainText('"value":{"rpm":2}');
  await panel.getByRole('radiogroup', { name: 'Raw, as sent' }).getByText('Hex').click();
  await expect(panel.getByRole('region', { name: 'Raw, as sent' })).toContainText('7b 22');
  await expect(panel.getByRole('region', { name: 'Decoded, as stored' })).toContainText('"rpm": 2');
  await panel.getByRole('button', { name: 'Chart rpm' }).click();
  await expect(panel.getByRole('img', { name: /rpm/ }).locator('canvas')).toBeVisible();
});
