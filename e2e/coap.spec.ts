import { pskKeyOf } from '../core/connectors/lwm2m/psk-key.ts';
import { methods } from '../core/protocols/coap/codes.ts';
import { TestLwm2mDevice } from '../core/testing/lwm2m-device.ts';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';

const deviceId = 'urn:lo:nsid:lwm2m:wire';

test('shows what goes over the wire of an LwM2M device as it comes, decoded, and holds still when asked', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  const security = { mode: 'PSK', pskInfo: { identity: 'wire', secret: 'aa' } };
  await platform.api('POST', '/api/v1/deviceMgt/devices', {
    id: deviceId,
    interfaces: [{ connector: 'lwm2m', definition: { endpointName: 'wire', security } }],
  });
  await portal.open(`/devices/${deviceId}?tab=coap`);
  await expect(page.getByText('Nothing has come over the wire yet')).toBeVisible();
  expect.soft(await serious(page), 'without messages').toEqual([]);

  const { coaps = '' } = await platform.api<{ coaps?: string }>('GET', '/bench/v1/endpoints');
  const given = { port: Number(new URL(coaps).port), identity: 'wire', key: pskKeyOf('aa') };
  const client = await TestLwm2mDevice.connect(given);
  await client.register(['ep=wire', 'lt=300', 'lwm2m=1.1'], '</>;rt="oma.lwm2m",</3/0>');
  const grid = page.getByRole('grid', { name: 'CoAP and DTLS' });
  await expect(grid.getByText('ClientHello')).toBeVisible();
  await grid.getByText('CON POST /rd').click();
  const panel = page.getByRole('complementary', { name: 'CoAP message or DTLS event' });
  await expect(panel).toContainText('Uri-Query (15): ep=wire');
  await expect(panel).toContainText('PSK_WITH_AES_128_CCM_8');
  await expect(panel.getByText('Device', { exact: true })).toBeVisible();
  expect.soft(await serious(page), 'with an opened message').toEqual([]);
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();

  const send = (vs: string) =>
    client.send({
      ...{ method: methods.POST, path: '/dp', contentFormat: 110 },
      payload: Buffer.from(JSON.stringify([{ bn: '/3/0/', n: '0', vs }])),
    });
  await send('First maker');
  await expect(grid.getByText('Device / Manufacturer = First maker')).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await send('Second maker');
  await page.getByRole('textbox', { name: 'Any text' }).fill('maker');
  await expect(grid.getByText('ClientHello')).toBeHidden();
  await expect(grid.getByText('Device / Manufacturer = First maker')).toBeVisible();
  await expect(grid.getByText('Second maker')).toBeHidden();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(grid.getByText('Device / Manufacturer = Second maker')).toBeVisible();
  await client.close();
});
