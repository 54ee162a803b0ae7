import mqtt from 'mqtt';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { masterKey, Platform } from './platform.ts';
import { Portal } from './portal.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('shows connectors with what they take, and leads to the devices behind them', async ({ page }) => {
      const platform = await Platform.start(['--set', 'connectorPlainOnLoopback=true']);
      const portal = new Portal(page, platform);
      await portal.signIn();
      await portal.follow('External connectors');
      await expect(page.getByRole('heading', { name: 'No external connector is connected' })).toBeVisible();
      await expect(page.getByText('mosquitto_pub', { exact: false })).toBeVisible();
      const client = await mqtt.connectAsync(platform.mqttUrl, {
        ...{ clientId: 'backend', username: 'connector', password: masterKey, reconnectPeriod: 0 },
      });
      await client.subscribeAsync('connector/v1/requests/command', { qos: 1 });
      const status = JSON.stringify({ status: 'ONLINE', capabilities: { command: { available: true } } });
      await client.publishAsync('connector/v1/nodes/node-1/status', status, { qos: 1 });
      const row = page.getByRole('row', { name: /backend/ });
      await expect(row).toContainText('commands');
      await expect(row).toContainText('1 of 1');
      expect.soft(await serious(page), 'connected').toEqual([]);
      await page.getByRole('link', { name: 'Devices behind them' }).click();
      await expect(portal.rows('Devices').first()).toContainText('urn:lo:nsid:x-connector:node-1');
      client.end(true);
      await platform.stop();
    });
  });
}
