import { expect, test } from './fixtures.ts';

const deviceId = 'urn:lo:nsid:sim:crowd-1';

test('a simulated device is marked where only its id or its data is shown', async ({ portal, platform }) => {
  const { page } = portal;
  await platform.api('POST', '/api/v1/deviceMgt/devices', {
    id: deviceId,
    properties: { simulated: 'true' },
  });
  await platform.api('POST', '/api/v0/topics/fifo', { name: 'marked' });
  await platform.api('POST', '/api/v1/event2action/actionPolicies', {
    ...{ name: 'all', enabled: true, triggers: { dataMessage: {} } },
    actions: { fifoPublish: [{ fifoName: 'marked' }] },
  });
  await platform.send(deviceId, { n: 1 });
  const client = await platform.device(deviceId);
  await client.publishAsync('dev/data', 'no json', { qos: 1 });
  const mark = page.getByRole('img', { name: 'simulated' });

  await portal.open('/messages');
  const refused = portal.rows('Messages').filter({ hasText: 'refused' });
  await expect(refused.filter({ has: mark })).toHaveCount(1);
  await page.reload();
  await portal.ready();
  await expect(refused.filter({ has: mark })).toHaveCount(1);

  await portal.open('/routing/fifo/marked');
  await expect(page.getByRole('grid').getByRole('row').filter({ has: mark })).toHaveCount(1);

  await portal.open('/audit?text=refused');
  await expect(portal.rows('Audit log').filter({ has: mark }).first()).toBeVisible();

  await page.keyboard.press('Control+K');
  await page.getByRole('textbox', { name: 'Search views, devices, actions' }).fill('crowd-1');
  await expect(page.getByRole('dialog').getByText('simulated')).toBeVisible();
});
