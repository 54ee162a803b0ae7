import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from './fixtures.ts';

const run = promisify(execFile);

test('from first start to the messages of a simulated fleet', async ({ portal }) => {
  const { page } = portal;
  await expect(page.getByRole('heading', { name: 'Where to begin' })).toBeVisible();
  await page.getByRole('link', { name: 'Simulate a fleet' }).click();
  await page.getByRole('button', { name: 'Use Machine' }).click();
  await page.getByRole('button', { name: 'Create and start' }).click();
  await expect(page.getByText('5 of 5')).toBeVisible();
  await portal.follow('Messages');
  await expect(portal.rows('Messages').first()).toContainText('pieces');
  await expect(portal.rows('Messages').first().getByRole('img', { name: 'simulated' })).toBeVisible();
});

test('from first start to the demo, in one click', async ({ portal }) => {
  const { page } = portal;
  await page.getByRole('button', { name: 'Load a demo' }).click();
  await expect(portal.rows('Messages').first()).toContainText('temperature', { timeout: 30_000 });
  await portal.follow('FIFOs & routing');
  await page.getByRole('link', { name: 'demo', exact: true }).click();
  await expect(portal.rows('What waits in it, oldest first').first()).toContainText('dataMessage');
});

test('from the pasted lines of a real client to its message, read from a FIFO', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await portal.follow('FIFOs & routing');
  await page.getByRole('button', { name: 'New policy' }).click();
  await page.getByLabel('Name', { exact: true }).fill('To the application');
  await page.getByRole('combobox', { name: 'FIFOs to publish to' }).fill('orders');
  await page.getByRole('combobox', { name: 'FIFOs to publish to' }).press('Enter');
  const editor = page.getByRole('complementary', { name: 'New policy' });
  await expect(editor.getByText('When a data message arrives, publish it to fifo/orders.')).toBeVisible();
  await editor.getByRole('button', { name: 'Create' }).click();
  await expect(editor).toBeHidden();

  await portal.follow('Connect a device');
  await expect(page.getByText('Waiting for the first message')).toBeVisible();
  await page.getByRole('button', { name: 'Make a key' }).click();
  await expect(page.getByText('The key is in the lines below')).toBeVisible();
  const lines = await page.getByRole('region', { name: 'mosquitto_pub' }).innerText();
  await run('bash', ['-c', lines]);
  await expect(page.getByRole('heading', { name: 'The first message is here' })).toBeVisible();

  await portal.open('/routing/fifo/orders');
  await expect(portal.rows('What waits in it, oldest first').first()).toContainText('temperature');
  const { value } = await platform.api<{ value: string }>('POST', '/api/v0/apiKeys', {
    label: 'reader',
    roles: ['BUS_R'],
  });
  const { hostname, port } = new URL(platform.mqttUrl);
  const address = ['-h', hostname, '-p', port, '-u', 'application', '-P', value];
  const { stdout } = await run('mosquitto_sub', [
    ...address,
    '-q',
    '1',
    '-t',
    'fifo/orders',
    '-C',
    '1',
    '-W',
    '20',
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ type: 'dataMessage', value: { temperature: 21.5 } });
  await expect(page.getByRole('heading', { name: 'Nothing waits' })).toBeVisible();
});

test('a refused publication is shown with its reason and its way', async ({ portal, platform }) => {
  const device = await platform.device('urn:lo:nsid:e2e:bad');
  await portal.follow('Messages');
  await device.publishAsync('dev/data', '{"value":{"a.b":1}}', { qos: 1 });
  await portal.rows('Messages').filter({ hasText: 'refused' }).first().click();
  const panel = portal.page.getByRole('complementary', { name: 'Refused publication' });
  await expect(panel.getByRole('note')).toContainText('no dot in a key');
  await expect(panel.getByRole('listitem').filter({ hasText: 'Checked' })).toContainText('rejected');
  await panel.getByText('Hex', { exact: true }).click();
  await expect(panel.getByRole('region', { name: 'Raw, as sent' })).toContainText('7b 22 76');
});
