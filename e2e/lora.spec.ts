import { loraDefinition, loraDeviceId } from '../core/testing/lora-definition.ts';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { gatewayId, LoraNetwork } from './lora-network.ts';

const devicePath = `/devices/${loraDeviceId}?tab=lora`;

test('shows gateways as they come, frames with every field, and what was dropped and why', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await portal.open('/lora');
  await expect(page.getByText('No gateways yet')).toBeVisible();
  await expect(page.getByRole('main')).toContainText('serv_port_up');
  const network = await LoraNetwork.start(platform);
  await network.register();
  const row = portal.rows('LoRa gateways').filter({ hasText: gatewayId });
  await expect(row).toContainText('online');

  await row.click();
  const panel = page.getByRole('complementary', { name: gatewayId });
  await expect(panel).toContainText('no: it was heard, and nobody registered it');
  await panel.getByRole('button', { name: 'Edit' }).click();
  const form = page.getByRole('form', { name: `Edit ${gatewayId}` });
  await form.getByLabel('Name').fill('Roof');
  await form.getByLabel('Latitude, degrees').fill('148');
  await form.getByLabel('Longitude, degrees').fill('-1.6');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toContainText('must be from -90 to 90');
  await form.getByLabel('Latitude, degrees').fill('48.1');
  await form.getByRole('combobox', { name: 'Region' }).click();
  await page.getByRole('option', { name: 'EU868' }).click();
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(panel.or(page.getByRole('complementary', { name: 'Roof' }))).toContainText('EU868 (chosen)');
  await expect(row).toContainText('Roof');

  await portal.open('/lora/frames');
  await expect(page.getByText('No frame has come yet')).toBeVisible();
  const frames = portal.rows('LoRa frames');
  await network.join();
  await expect(frames.filter({ hasText: 'JOIN_ACCEPT' })).toBeVisible();
  const commands = [{ name: 'DevStatusAns', battery: 200, margin: -3 }] as const;
  await network.hear(network.device.uplink({ port: 5, payload: '0167011b', adr: true, commands }));
  await frames.filter({ hasText: 'FPort 5: 0167011b' }).click();
  const frame = page.getByRole('complementary', { name: 'LoRa frame' });
  for (const text of [
    ...['ADR 1, ADRACKReq 0, ACK 0, FOptsLen 3', 'battery = 200, margin = -3', '0167011b', 'right'],
    ...['868.1 MHz', 'SF9BW125', 'DR3', '-97 dBm', '7.5 dB', gatewayId],
  ]) {
    await expect(frame).toContainText(text);
  }
  expect.soft(await serious(page), 'with an opened frame').toEqual([]);
  await frame.getByRole('link', { name: 'Its message and its way through the platform' }).click();
  await page.getByRole('link', { name: 'The LoRa frame that it came in' }).click();
  await expect(page.getByRole('complementary', { name: 'LoRa frame' })).toContainText('0167011b');

  // A frame that somebody has bent.
  await portal.open('/lora/frames?loraDropped=yes');
  await expect(page.getByText('Nothing fits these filters')).toBeVisible();
  const bent = network.device.uplink({ port: 5, payload: 'ff' });
  bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1;
  await network.hear(bent);
  await frames.filter({ hasText: 'wrong MIC' }).click();
  await expect(frame.getByRole('note')).toContainText('MIC is not by the keys of the session');
  await expect(frame).toContainText('not decrypted: it is not by the keys');
  await page.keyboard.press('Escape');
  await expect(frame).toBeHidden();

  await portal.open('/lora/map');
  await expect(page.getByRole('link', { name: 'Roof' })).toBeVisible();
  const link = portal.rows('Who heard whom last').filter({ hasText: gatewayId });
  await expect(link).toContainText('-97 dBm');
  expect.soft(await serious(page), 'the map').toEqual([]);

  await portal.open(`/lora?gateway=${gatewayId}`);
  await expect(page.getByRole('complementary', { name: 'Roof' })).toContainText(
    'Duty cycle of the last hour',
  );
  expect.soft(await serious(page), 'with an opened gateway').toEqual([]);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No gateways yet')).toBeVisible();
  await network.close();
});

test('shows the session of a device, and a command on its way from the queue to the air', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  const network = await LoraNetwork.start(platform);
  await network.register();
  await network.command('0A30F5', { ackMode: 'NETWORK' });
  await portal.open(devicePath);
  const queue = page.getByRole('region', { name: 'Downlink queue' });
  await expect(queue).toContainText('the device to join and send its first frame');
  await expect(page.getByRole('region', { name: 'Session' })).toContainText('The device has not joined.');
  await network.join();
  const { device, gateway } = network;
  await expect(page.getByRole('region', { name: 'Session' })).toContainText('A join was answered');
  await network.hear(device.uplink({ port: 1, payload: '2a' }));
  expect(device.hear((await gateway.sent()).data)).toMatchObject({ port: 7, payload: '0a30f5' });
  await expect(queue).toContainText('the device to acknowledge it, in its next frame (sent once)');
  const session = page.getByRole('region', { name: 'Session' });
  await expect(session).toContainText(
    'RX1 1 s after an uplink; RX2 2 s after an uplink, 869.525 MHz SF9BW125',
  );
  await expect(page.getByRole('region', { name: 'Definition' })).toContainText('orange-cs/CP_Basic');
  await expect(page.getByRole('region', { name: 'Radio' })).toContainText(gatewayId);

  await network.command('c0ffee');
  await expect(queue.getByRole('row').filter({ hasText: 'c0ffee' })).toContainText('the one before it');
  expect.soft(await serious(page), 'with a queue').toEqual([]);
  await queue.getByRole('button', { name: 'Cancel c0ffee' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel command' }).click();
  await expect(queue.getByRole('row').filter({ hasText: 'c0ffee' })).toBeHidden();
  await network.hear(device.uplink({ port: 1, payload: '2b', ack: true }));
  await expect(queue).toContainText('No command waits.');
  await expect(portal.rows('LoRa frames').filter({ hasText: 'CONFIRMED_DATA_DOWN' }).first()).toBeVisible();
  await network.close();
});

test('a device is registered, joins, sends a message, and acknowledges a command, all of it in the portal (manual 3.2)', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await portal.open('/devices?create=yes');
  const maker = page.getByRole('complementary', { name: 'New device' });
  await maker.getByLabel('Id').fill(loraDeviceId);
  await maker.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { level: 1, name: loraDeviceId })).toBeVisible();
  await portal.open(devicePath);
  await page.getByRole('button', { name: 'Add an interface' }).click();
  const form = page.getByRole('complementary', { name: 'Add interface' });
  await form.getByRole('combobox', { name: 'Connector' }).click();
  await page.getByRole('option', { name: 'lora' }).click();
  const { devEUI, appEUI, appKey } = loraDefinition;
  const given = { devEUI, appEUI, appKey, profile: 'Generic_classA_RX2SF12' };
  for (const [name, value] of Object.entries(given)) await form.getByLabel(name).fill(value);
  await form.getByLabel('connectivityPlan').fill('orange-cs/CP_Basic');
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('region', { name: 'Session' })).toContainText('The device has not joined.');
  const network = await LoraNetwork.start(platform);
  const { device, gateway } = network;
  await network.join();
  await expect(page.getByRole('region', { name: 'Definition' })).toContainText('initialized');
  await network.hear(device.uplink({ port: 5, payload: '0167011b' }));
  await expect(page.getByRole('region', { name: 'Definition' })).toContainText('activated');
  // The network asks for the battery.
  await gateway.sent();
  await portal.rows('LoRa frames').filter({ hasText: 'FPort 5: 0167011b' }).click();
  await page.getByRole('link', { name: 'Its message and its way through the platform' }).click();
  const message = page.getByRole('complementary', { name: 'Message' });
  await message.getByText('Whole message').click();
  for (const text of ['"lora"', devEUI, '"gatewayCnt": 1', '"sf": 9'])
    await expect(message).toContainText(text);

  await portal.open(`/devices/${loraDeviceId}?tab=commands`);
  const command = page.getByRole('form', { name: 'Send a command' });
  await command.getByLabel('Data, in hexadecimal digits').fill('0A 30 F');
  await expect(command).toContainText('bytes of two hexadecimal digits each');
  await command.getByLabel('Data, in hexadecimal digits').fill('0A 30 F5');
  await command.getByLabel('Port (FPort)').fill('7');
  await command.getByText('Policy').click();
  await command.getByRole('combobox', { name: 'Acknowledgement' }).click();
  await page.getByRole('option', { name: 'NETWORK' }).click();
  expect.soft(await serious(page), 'the form of a command').toEqual([]);
  await command.getByRole('button', { name: 'Send' }).click();
  const way = page.getByRole('region', { name: 'Command', exact: true });
  await expect(way).toContainText('PENDING');
  await network.hear(device.uplink({ port: 5, payload: '0167011c' }));
  expect(device.hear((await gateway.sent()).data)).toMatchObject({ port: 7, payload: '0a30f5' });
  await network.hear(device.uplink({ port: 5, payload: '0167011d', ack: true }));
  await expect(way.getByRole('list').getByRole('listitem').last()).toContainText('PROCESSED');
  await network.close();
});
