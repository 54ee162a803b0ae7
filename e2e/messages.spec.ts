import { expect, test } from './fixtures.ts';
import { Portal } from './portal.ts';

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

test('what is stored is there after a restart: in the list, on the dashboard, by its link and its stream', async ({
  page,
  platform,
}) => {
  await platform.send(deviceId, { rpm: 1 }, { rpm: 2 });
  const bad = await platform.device('urn:lo:nsid:e2e:bad');
  await bad.publishAsync('dev/data', 'no json', { qos: 1 });
  const again = await platform.restart();
  try {
    const portal = new Portal(page, again);
    await portal.signIn();
    const last = page.locator('section.card').filter({ hasText: 'Last messages' });
    await expect(last.getByText('rpm 2')).toBeVisible();
    await portal.follow('Messages');
    const rows = portal.rows('Messages');
    await expect(rows).toHaveCount(2);
    await expect(rows.first()).toContainText('e2e_v1');
    await expect(page.getByText('All stored messages, back to')).toBeVisible();

    // Everything on the device's page leads on.
    await portal.open(`/devices/${encodeURIComponent(deviceId)}`);
    await page.getByRole('link', { name: 'Bytes and trace' }).click();
    const panel = page.getByRole('complementary', { name: 'Message' });
    await expect(panel.getByRole('region', { name: 'Decoded, as stored' })).toContainText('"rpm": 2');
    await expect(
      panel.getByText('Its trace is not kept any more, because traces are in memory'),
    ).toBeVisible();
    await portal.open(`/devices/${encodeURIComponent(deviceId)}`);
    await page.locator('.stream-line').filter({ hasText: '2 messages' }).getByRole('link').click();
    await expect(rows).toHaveCount(2);

    // What was refused is told to be in the audit log, and is there.
    await portal.open('/messages?show=refused');
    await page.getByRole('link', { name: 'The audit log keeps the reasons' }).click();
    await expect(portal.rows('Audit log').filter({ hasText: 'Data message refused' })).toHaveCount(1);
  } finally {
    await again.stop();
  }
});

test('filters find what is stored far below what a page holds, decoded and marked', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  const devices = Array.from({ length: 20 }, (_, n) => `urn:lo:nsid:sim:crowd-${n}`);
  for (const id of devices) {
    await platform.api('POST', '/api/v1/deviceMgt/devices', {
      ...{ id, tags: ['lab'], properties: { simulated: 'true' } },
    });
  }
  for (const id of devices) await platform.send(id, { n: 1 }, { n: 2 });
  const hay = Array.from({ length: 1500 }, (_, n) => ({ streamId: `other-${n % 30}`, value: { n } }));
  await platform.api('POST', '/api/v0/data/bulk', hay);
  const rows = portal.rows('Messages');
  const grid = page.getByRole('grid', { name: 'Messages' });

  await portal.open('/messages?tag=lab');
  await expect(grid).toHaveAttribute('aria-rowcount', '41');
  await expect(rows.filter({ hasNot: page.getByRole('img', { name: 'simulated' }) })).toHaveCount(0);
  await portal.open('/messages?device=crowd-13&model=E2E_V1');
  await expect(rows).toHaveCount(2);
  await portal.open('/messages?stream=crowd-7');
  await expect(rows).toHaveCount(2);

  // Without a filter the list says how far it reaches, and goes further when asked.
  await portal.open('/messages');
  await expect(grid).toHaveAttribute('aria-rowcount', '501');
  await expect(page.getByText('Looked back to')).toBeVisible();
  for (const count of [1001, 1501, 1541]) {
    await page.getByRole('button', { name: 'Look further back' }).click();
    await expect(grid).toHaveAttribute('aria-rowcount', String(count));
  }
  await expect(page.getByText('All stored messages, back to')).toBeVisible();
});
