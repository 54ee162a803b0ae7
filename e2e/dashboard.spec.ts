import { expect, test } from './fixtures.ts';

const deviceId = 'urn:lo:nsid:e2e:pump';

test('each connector has its rate, and what was refused too, with the way to it', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await platform.send(deviceId, { rpm: 1 });
  const stream = `/api/v0/data/streams/${encodeURIComponent(deviceId)}`;
  await platform.api('POST', stream, { value: { rpm: 2 } });
  const bad = await platform.device('urn:lo:nsid:e2e:bad');
  await bad.publishAsync('dev/data', 'no json', { qos: 1 });
  await portal.open('/');
  const count = (name: string) =>
    page.getByRole('img', { name: `${name}: 1 messages in the last five minutes` });
  await expect(count('mqtt')).toBeVisible();
  await expect(count('http')).toBeVisible();
  await expect(count('refused')).toBeVisible();
  const card = page.locator('section.card').filter({ hasText: 'Messages per second' });
  await card.getByRole('link', { name: 'http' }).click();
  await expect(portal.rows('Messages')).toHaveCount(1);
});

test('what fails is named with its reason, and leads to it', async ({ portal, platform }) => {
  const { page } = portal;
  await portal.open('/');
  const failing = page.getByRole('region', { name: 'What fails' });
  await expect(failing.getByText('Nothing fails now.')).toBeVisible();
  await expect(failing.getByText('No error in the audit log.')).toBeVisible();

  const bad = await platform.device('urn:lo:nsid:e2e:bad');
  await bad.publishAsync('dev/data', 'no json', { qos: 1 });
  const refused = failing.getByRole('link', { name: '1 message refused in the last five minutes' });
  await expect(refused).toBeVisible();
  await expect(failing.getByText('JSON', { exact: false }).first()).toBeVisible();
  await refused.click();
  await expect(portal.rows('Messages')).toHaveCount(1);

  await portal.open('/');
  await failing.getByRole('link', { name: 'urn:lo:nsid:e2e:bad' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'urn:lo:nsid:e2e:bad' })).toBeVisible();
});
