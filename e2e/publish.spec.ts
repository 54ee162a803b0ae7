import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import type { Platform } from './platform.ts';

const deviceId = 'urn:lo:nsid:e2e:pump';
const page = (more = ''): string => `/devices/${encodeURIComponent(deviceId)}${more}`;

interface Message {
  readonly value: Record<string, unknown>;
}

const messages = (platform: Platform): Promise<Message[]> =>
  platform.api('GET', `/api/v0/data/streams/${encodeURIComponent(deviceId)}`);
const keys = async (platform: Platform): Promise<string[]> =>
  (await platform.api<{ data: { label: string }[] }>('GET', '/api/v0/apiKeys?showSessionKeys=true')).data.map(
    ({ label }) => label,
  );

/** A device that is known and not connected. */
async function atRest(platform: Platform): Promise<void> {
  await platform.api('POST', '/api/v1/deviceMgt/devices', {
    id: deviceId,
    interfaces: [{ connector: 'mqtt', definition: { clientId: deviceId } }],
  });
}

test('publishes as a device over a connection of its own, with a key that is gone afterwards', async ({
  portal,
  platform,
}) => {
  await atRest(platform);
  const before = await keys(platform);
  await portal.open(page());
  await portal.page.getByRole('button', { name: 'Publish as the device' }).click();
  const panel = portal.page.getByRole('complementary', { name: 'Publish as the device' });
  await panel.getByRole('textbox', { name: 'Payload' }).fill('{"value":{"rpm":77}}');
  await panel.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(panel.getByText('Acknowledged by the platform (PUBACK)')).toBeVisible();
  expect(await messages(platform)).toMatchObject([{ value: { rpm: 77 }, metadata: { source: deviceId } }]);
  expect(await keys(platform)).toEqual(before);
  await panel.getByRole('link', { name: 'Bytes and trace' }).click();
  await expect(portal.page.getByRole('complementary', { name: 'Message' })).toContainText('"rpm": 77');
});

test('says why what was published is refused, though it is acknowledged', async ({ portal, platform }) => {
  await atRest(platform);
  await portal.open(page('?panel=publish'));
  const panel = portal.page.getByRole('complementary', { name: 'Publish as the device' });
  await panel.getByRole('textbox', { name: 'Payload' }).fill('{"value":');
  await panel.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(panel.getByText('Acknowledged, and refused')).toBeVisible();
  await expect(panel.getByText('JSON', { exact: false }).last()).toBeVisible();
  expect(await messages(platform)).toEqual([]);
  // The last trace of the device is that of the refusal.
  await portal.open(page());
  await portal.page.getByRole('button', { name: 'Open last trace' }).click();
  await expect(portal.page.getByRole('complementary', { name: 'Refused' })).toContainText('sent 9 bytes');
});

test('ends the session of a connected device only when it was agreed to', async ({ portal, platform }) => {
  const client = await platform.device(deviceId);
  await client.publishAsync('dev/data', '{"value":{"rpm":1}}', { qos: 1 });
  const ended = new Promise<void>((resolve) => void client.once('close', () => resolve()));
  await portal.open(page('?panel=publish'));
  const panel = portal.page.getByRole('complementary', { name: 'Publish as the device' });
  const publish = panel.getByRole('button', { name: 'Publish', exact: true });
  await expect(publish).toHaveAttribute('aria-disabled', 'true');
  await panel.getByRole('checkbox', { name: 'End the session that the device has open' }).check();
  await panel.getByRole('textbox', { name: 'Payload' }).fill('{"value":{"rpm":2}}');
  await publish.click();
  await expect(panel.getByText('Acknowledged by the platform (PUBACK)')).toBeVisible();
  await ended;
  expect((await messages(platform)).map(({ value }) => value.rpm)).toEqual([2, 1]);
});

test('a connection that is refused says so, and leaves no key behind', async ({ portal, platform }) => {
  await atRest(platform);
  await portal.open(page('?panel=publish'));
  const panel = portal.page.getByRole('complementary', { name: 'Publish as the device' });
  await panel.getByRole('textbox', { name: 'API key' }).fill('0'.repeat(32));
  await panel.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(panel.getByRole('alert')).toContainText('Connection refused');
  expect(await messages(platform)).toEqual([]);
});

test('the lines have the real address and, after one was made, a key that works', async ({
  portal,
  platform,
}) => {
  await atRest(platform);
  await portal.open(page('?panel=publish'));
  const panel = portal.page.getByRole('complementary', { name: 'Publish as the device' });
  await panel.getByRole('textbox', { name: 'Payload' }).fill(`{"value":{"name":"it's 7"}}`);
  const line = panel.getByRole('region', { name: 'mosquitto_pub' });
  await expect(line).toContainText('-P YOUR_API_KEY');
  await expect(panel.getByText('Put a key with the role DEVICE_ACCESS')).toBeVisible();
  await panel.getByRole('button', { name: 'Make a key for these lines' }).click();
  await expect(line).not.toContainText('YOUR_API_KEY');
  await promisify(execFile)('sh', ['-c', (await line.textContent()) ?? '']);
  expect(await messages(platform)).toMatchObject([{ value: { name: "it's 7" } }]);

  await panel.getByRole('tab', { name: 'curl' }).click();
  const curl = panel.getByRole('region', { name: 'curl' });
  await expect(curl).toContainText(`${platform.origin}/api/v0/data/streams/`);
  // A key of a device does not open the API, so the place of the key stays one.
  await expect(curl).toContainText('X-API-Key: YOUR_API_KEY');
  await expect(panel.getByText('Put a key with the role DATA_W')).toBeVisible();
});

test('a simulated device sends over the connection that it has', async ({ portal, platform }) => {
  const { id } = await platform.api<{ id: string }>('POST', '/bench/v1/simulators', {
    name: 'Pumps',
    count: 2,
    idPattern: 'urn:lo:nsid:e2e:pump{n}',
    periodMs: 60_000,
    payload: { kind: 'fields', fields: { n: { kind: 'counter' } } },
  });
  await platform.api('POST', `/bench/v1/simulators/${id}/start`);
  const connected = async () =>
    (await platform.api<{ connected: number }>('GET', `/bench/v1/simulators/${id}`)).connected;
  await expect.poll(connected).toBe(2);
  await portal.open(`/devices/${encodeURIComponent(`${deviceId}2`)}?panel=publish`);
  const panel = portal.page.getByRole('complementary', { name: 'Publish as the device' });
  await expect(panel.getByText('Goes over the open connection of the simulated device.')).toBeVisible();
  await panel.getByRole('textbox', { name: 'Payload' }).fill('{"value":{"by":"hand"}}');
  await panel.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(panel.getByText('Acknowledged by the platform (PUBACK)')).toBeVisible();
  const device = await platform.api<{ frames: { payload: string; state: string }[]; state: string }>(
    'GET',
    `/bench/v1/simulators/${id}/devices/2`,
  );
  expect(device).toMatchObject({ state: 'connected' });
  expect(device.frames).toContainEqual(
    expect.objectContaining({ payload: '{"value":{"by":"hand"}}', state: 'acknowledged' }),
  );
  await portal.open(`/simulators/${id}?number=2`);
  const simulator = portal.page.getByRole('complementary', { name: 'Device 2' });
  await simulator.getByText('The same from a terminal').click();
  await simulator.getByRole('tab', { name: 'curl' }).click();
  await expect(simulator.getByRole('region', { name: 'curl' })).toContainText(
    `${platform.origin}/bench/v1/simulators/${id}/devices/2/send`,
  );
});

test('axe finds nothing serious in the panel', async ({ portal, platform }) => {
  await platform.send(deviceId, { rpm: 1 });
  await portal.open(page('?panel=publish'));
  const panel = portal.page.getByRole('complementary', { name: 'Publish as the device' });
  await expect(panel.getByRole('region', { name: 'mosquitto_pub' })).toBeVisible();
  expect(await serious(portal.page)).toEqual([]);
});
