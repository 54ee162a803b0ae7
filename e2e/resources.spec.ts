import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { MqttClient } from 'mqtt';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';

const deviceId = 'urn:lo:nsid:e2e:updated';
const tab = `/devices/${encodeURIComponent(deviceId)}?tab=resources`;
const content = Buffer.alloc(200_000, 'the new firmware ');
const md5 = createHash('md5').update(content).digest('hex');

interface Request {
  readonly cid: number;
  readonly m: { readonly uri: string; readonly size: number; readonly md5: string };
}

/** The next request that the device gets. */
const nextRequest = (device: MqttClient): Promise<Request> =>
  new Promise((resolve) =>
    device.once('message', (_topic, payload) => resolve(JSON.parse(String(payload)) as Request)),
  );
const say = (device: MqttClient, topic: string, body: object) =>
  device.publishAsync(topic, JSON.stringify(body), { qos: 1 });

test('uploads firmware, asks a device for it, and follows it to the new version', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  const device = await platform.device(deviceId);
  await say(device, 'dev/rsc', { rsc: { X11_firmware: { v: '1.1' } } });
  await device.subscribeAsync('dev/rsc/upd', { qos: 1 });

  await portal.open('/resources');
  await expect(page.getByRole('heading', { name: 'No resources yet' })).toBeVisible();
  expect.soft(await serious(page), 'the empty repository').toEqual([]);
  await page.getByRole('button', { name: 'New resource' }).click();
  const form = page.getByRole('form', { name: 'New resource' });
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(form.getByText('must not be empty')).toBeVisible();
  expect.soft(await serious(page), 'the form of a resource').toEqual([]);
  await form.getByRole('textbox', { name: 'Resource' }).fill('X11_firmware');
  await form.getByRole('textbox', { name: 'Label' }).fill('Firmware of the X11');
  await form.getByRole('button', { name: 'Create' }).click();

  const panel = page.getByRole('complementary', { name: 'Firmware of the X11' });
  await panel.getByRole('button', { name: 'Upload a version' }).click();
  const upload = panel.getByRole('form', { name: 'Upload a version' });
  await upload.getByRole('button', { name: 'Upload', exact: true }).click();
  await expect(upload.getByRole('alert')).toHaveText('Choose the file of this version');
  const drop = upload.getByRole('region', { name: 'Drop a file here' });
  const tooLarge = await page.evaluateHandle(
    `(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(10 * 1024 * 1024 + 1)], 'x11-9.bin'));
      return transfer;
    })()`,
  );
  await drop.dispatchEvent('drop', { dataTransfer: tooLarge });
  await expect(upload.getByRole('alert')).toHaveText(
    'It has 10,485,761 bytes; a version has at most 10,485,760 (setting resourceMaxFileBytes).',
  );
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await upload.getByRole('textbox', { name: 'Version' }).fill('9');
  await upload.getByRole('button', { name: 'Upload', exact: true }).click();
  await expect(upload.getByRole('alert')).toBeVisible();
  expect(sent.filter((each) => each.startsWith('POST /api/v0/rm'))).toEqual([]);
  await upload.getByRole('textbox', { name: 'Version' }).fill('');
  // Dropped, as from the desktop.
  const dropped = await page.evaluateHandle(
    `(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([${JSON.stringify(content.toString())}], 'x11-1.2.bin'));
      return transfer;
    })()`,
  );
  await drop.dispatchEvent('drop', { dataTransfer: dropped });
  await expect(upload.getByText('x11-1.2.bin, 195 KiB')).toBeVisible();
  await expect(upload.getByRole('textbox', { name: 'Version' })).toHaveValue('1.2');
  await upload.getByRole('textbox', { name: 'For devices with' }).fill('1.0, 1.1');
  expect.soft(await serious(page), 'the form of a version').toEqual([]);
  await upload.getByRole('button', { name: 'Upload', exact: true }).click();
  const version = panel.getByRole('row', { name: /1\.2/ });
  await expect(version).toContainText('195 KiB');
  await expect(version).toContainText('1.0, 1.1');
  expect.soft(await serious(page), 'a resource with a version').toEqual([]);

  await portal.open('/resources?resource=modem');
  const unknown = page.getByRole('complementary', { name: 'modem' });
  await expect(unknown).toContainText('The repository has no such resource');
  await unknown.getByRole('button', { name: 'Make it' }).click();
  await expect(form.getByRole('textbox', { name: 'Resource' })).toHaveValue('modem');

  await portal.open(tab);
  const row = page.getByRole('table', { name: 'Resources' }).getByRole('row', { name: /X11_firmware/ });
  await expect(row).toContainText('1.1');
  await row.getByRole('button', { name: 'Update X11_firmware' }).click();
  const ask = page.getByRole('form', { name: 'Ask for an update' });
  await expect(ask.getByRole('combobox', { name: 'Version' })).toHaveValue('1.2');
  expect.soft(await serious(page), 'the form of an update').toEqual([]);
  const asked = nextRequest(device);
  await ask.getByRole('button', { name: 'Ask for it' }).click();
  await expect(row).toContainText('SENT');
  const { cid, m } = await asked;
  await say(device, 'dev/rsc/upd/res', { res: 'OK', cid });
  await fetch(m.uri, { headers: { Range: 'bytes=0-99999' } }).then((part) => part.arrayBuffer());
  await expect(row).toContainText('50 %');
  await expect(row.getByRole('progressbar', { name: 'Fetched by the device' })).toBeVisible();
  expect.soft(await serious(page), 'an update under way').toEqual([]);
  const whole = Buffer.from(await (await fetch(m.uri)).arrayBuffer());
  expect(createHash('md5').update(whole).digest('hex')).toBe(md5);
  expect(m).toMatchObject({ md5, size: content.length });
  await say(device, 'dev/rsc', { rsc: { X11_firmware: { v: '1.2' } } });
  await expect(row).toContainText('DONE');
  await expect(row.getByRole('cell').first()).toContainText('1.2');

  // What it has is not what a person asks for first, and asking for it is no update.
  await row.getByRole('button', { name: 'Update X11_firmware' }).click();
  await expect(ask.getByRole('combobox', { name: 'Version' })).toHaveValue('1.2 (the device has it)');
  await ask.getByRole('button', { name: 'Ask for it' }).click();
  await expect(ask.getByRole('status')).toHaveText(
    'The device has 1.2 already: there is nothing to ask for.',
  );
  expect.soft(await serious(page), 'what the device has already').toEqual([]);
});

test('shows why an update failed, cancels one, and says what a deletion takes along', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  const device = await platform.device(deviceId);
  await device.subscribeAsync('dev/rsc/upd', { qos: 1 });
  await platform.api('POST', '/api/v0/rm', { resourceId: 'fw' });
  const license = await readFile('LICENSE');
  await platform.api('POST', '/api/v0/rm/fw/version', {
    ...{ resourceVersionId: '2.0', file: license.toString('base64') },
  });
  const ask = (): Promise<unknown> =>
    platform.api('POST', `/api/v1/deviceMgt/devices/${deviceId}/resources/fw/updates`, {
      requestedVersion: '2.0',
    });
  await portal.open(tab);
  await expect(page.getByRole('heading', { name: 'No resources yet' })).toBeVisible();

  // A resource that only the device knows is not swapped for one of the repository.
  await say(device, 'dev/rsc', { rsc: { modem: { v: '7' } } });
  await page.getByRole('button', { name: 'Update modem' }).click();
  const form = page.getByRole('form', { name: 'Ask for an update' });
  await expect(form.getByRole('combobox', { name: 'Resource' })).toHaveValue('modem');
  await expect(form).toContainText('The repository has no modem.');
  await expect(form.getByRole('combobox', { name: 'Version' })).toHaveCount(0);
  await expect(form.getByRole('button', { name: 'Ask for it' })).toBeDisabled();
  expect.soft(await serious(page), 'a resource that is not kept').toEqual([]);
  await form.getByRole('button', { name: 'Cancel' }).click();

  const first = nextRequest(device);
  await ask();
  await say(device, 'dev/rsc/upd/res', { res: 'OK', cid: (await first).cid });
  await say(device, 'dev/rsc/upd/err', { errorCode: 'E7', errorDetails: 'bad CRC' });
  const history = page.getByRole('table', { name: 'Updates' }).getByRole('row');
  await expect(history.nth(1)).toContainText('FAILED');
  await expect(history.nth(1)).toContainText('ASSET_ORIGINATED_ERROR · E7');
  await expect(history.nth(1)).toContainText('bad CRC');
  expect.soft(await serious(page), 'a failed update').toEqual([]);
  const second = nextRequest(device);
  await ask();
  await second;
  await page.getByRole('button', { name: 'Cancel the update of fw, though the device was asked' }).click();
  await expect(history.nth(1)).toContainText('CANCELED');

  // The device never had it, so nothing is left of it but what was tried.
  const names = page.getByRole('table', { name: 'Resources', exact: true }).getByRole('rowheader');
  await expect(names).toHaveText(['modem']);
  await history.nth(1).getByRole('link', { name: 'fw' }).click();
  const panel = page.getByRole('complementary', { name: 'fw' });
  await panel.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('dialog')).toContainText('Its 1 version goes with it');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await panel.getByRole('button', { name: 'Delete 2.0' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(panel.getByRole('heading', { name: 'No versions yet' })).toBeVisible();
});
