import mqtt from 'mqtt';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { masterKey, Platform } from './platform.ts';
import { Portal } from './portal.ts';

test('shows connectors with what they take, and leads to the devices behind them', async ({ page }) => {
  const platform = await Platform.start(['--set', 'connectorPlainOnLoopback=true']);
  const portal = new Portal(page, platform);
  await portal.signIn();
  await portal.follow('External connectors');
  await expect(page.getByRole('heading', { name: 'No external connector is connected' })).toBeVisible();
  await expect(page.getByText('mosquitto_pub', { exact: false })).toBeVisible();
  await expect(page.getByText('From this machine it may connect without TLS')).toBeVisible();
  await expect(page.getByText('It must use TLS')).toHaveCount(0);
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

test('says what to start with where a connector cannot connect', async ({ portal }) => {
  await portal.follow('External connectors');
  await expect(
    portal.page.getByText('It must use TLS, and this platform does not listen with it'),
  ).toBeVisible();
  await expect(portal.page.getByText('From this machine it may connect without TLS')).toHaveCount(0);
});

test('makes a fleet of nodes, and sends for one of them', async ({ page }) => {
  test.slow();
  const platform = await Platform.start(['--set', 'connectorPlainOnLoopback=true']);
  const portal = new Portal(page, platform);
  await portal.signIn();
  await portal.follow('Simulators');
  await page.getByRole('button', { name: 'New fleet' }).click();
  const form = page.getByRole('complementary', { name: 'New fleet' });
  await expect(form.getByRole('textbox', { name: 'Topic' })).toBeVisible();
  await form.getByRole('combobox', { name: 'How they connect' }).click();
  await page.getByRole('option', { name: 'As nodes behind one external connector' }).click();
  await expect(form.getByRole('textbox', { name: 'Node id' })).toHaveValue('node-{n}');
  await expect(form.getByRole('textbox', { name: 'Topic' })).toHaveCount(0);
  await expect(form.getByRole('checkbox', { name: 'Connect with TLS' })).toHaveCount(0);
  expect.soft(await serious(page), 'the form').toEqual([]);
  await form.getByRole('button', { name: 'Create and start' }).click();

  await page.getByRole('link', { name: 'Own fleet' }).click();
  await expect(page.getByRole('columnheader', { name: 'Node id' })).toBeVisible();
  await portal.rows('Devices').first().click();
  const node = page.getByRole('complementary', { name: 'Device 1' });
  await node.getByText('The same from a terminal').click();
  const line = node.getByText('mosquitto_pub -h');
  await expect(line).toContainText('-u connector');
  await expect(line).toContainText("-t 'connector/v1/nodes/node-1/data'");
  expect.soft(await serious(page), 'a node').toEqual([]);

  await node.getByRole('link', { name: 'The device on the platform' }).click();
  await page.getByRole('button', { name: 'Publish as the device' }).click();
  const panel = page.getByRole('complementary', { name: 'Publish as the device' });
  await expect(panel.getByText('connector/v1/nodes/node-1/data').first()).toBeVisible();
  await panel.getByRole('textbox', { name: 'Payload' }).fill('{"value":{"by":"hand"}}');
  await panel.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(panel.getByText('Sent by the simulated connector')).toBeVisible();
  expect.soft(await serious(page), 'publishing for a node').toEqual([]);
  await expect
    .poll(() => platform.api('GET', '/api/v0/data/streams/urn:lo:nsid:x-connector:node-1?limit=1000'))
    .toContainEqual(expect.objectContaining({ value: { by: 'hand' } }));
  await platform.stop();
});
