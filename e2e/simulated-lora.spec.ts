import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';

const devEui = '02F1EE7B0C000001';
const device = `urn:lo:nsid:lora:${devEui}`;

test('a LoRa fleet joins, its messages say what the network knows, and a command is in the inbox of its device', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await portal.open('/simulators?create=lora-climate');
  const form = page.getByRole('complementary', { name: 'New fleet' });
  await form.getByLabel('Devices', { exact: true }).fill('1');
  await form.getByRole('textbox', { name: 'DevEUI' }).fill('02F1EE7B0C{n}');
  await form.getByLabel('Time between two messages of a device, in ms').fill('10000');
  await form.getByRole('combobox', { name: 'Region' }).click();
  await page.getByRole('option', { name: 'US915' }).click();
  await form.getByRole('combobox', { name: 'Reading to add' }).click();
  await page.getByRole('option', { name: 'Air pressure' }).click();
  await form.getByRole('button', { name: 'Add to the Cayenne payload' }).click();
  await form.getByRole('button', { name: 'Create and start' }).click();
  await page.getByRole('link', { name: 'LoRa climate' }).click();
  await expect(page.getByText('1 of 1')).toBeVisible({ timeout: 30_000 });
  const messages = () =>
    platform.api<{ value: { payload: string }; metadata: { network: { lora: { devEUI: string } } } }[]>(
      'GET',
      `/api/v0/data/streams/${device}`,
    );
  await expect.poll(async () => (await messages())[0]?.metadata.network.lora.devEUI).toBe(devEui);
  // Temperature, humidity, position, and the air pressure that was added.
  expect((await messages())[0]?.value.payload).toMatch(/^0167.{4}0268.{2}0388.{18}0273.{4}$/);
  await platform.api('POST', `/api/v1/deviceMgt/devices/${device}/commands`, {
    request: { connector: 'lora', value: { data: '0A30F5', port: 7 } },
  });
  await portal.rows('Devices').first().click();
  const panel = page.getByRole('complementary', { name: 'Device 1' });
  const inbox = panel.getByRole('region', { name: 'Inbox, newest first' });
  await expect(inbox.getByText('0a30f5')).toBeVisible({ timeout: 30_000 });
  await expect(inbox.getByText('port 7')).toBeVisible();
  await expect(
    panel.getByRole('region', { name: 'Gateways, at its last uplink' }).getByRole('listitem'),
  ).toHaveCount(3);
  await panel.getByRole('button', { name: 'Ask for the link' }).click();
  await expect(panel.getByText(/heard by \d, \d+ dB above/).first()).toBeVisible({ timeout: 30_000 });
  expect(await serious(page)).toEqual([]);
});
