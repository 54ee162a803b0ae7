import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { KeysOnly } from './keys-only.ts';
import { Platform } from './platform.ts';
import { Portal } from './portal.ts';

const deviceId = 'urn:lo:nsid:sms:33600000001';

test('what is typed on a handset becomes a message of its device, and a command arrives on its screen', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await portal.open('/simulators?create=handset');
  const form = page.getByRole('complementary', { name: 'New fleet' });
  await form.getByRole('button', { name: 'Create and start' }).click();
  await page.getByRole('link', { name: 'Handset', exact: true }).click();
  await expect(page.getByText('2 of 2')).toBeVisible();
  const fleetUrl = page.url().split('#')[1] ?? '';
  await portal.rows('Devices').first().click();
  const panel = page.getByRole('complementary', { name: 'Device 1' });

  // From one handset to another one.
  await panel.getByRole('textbox', { name: 'To' }).fill('33600000002');
  await panel.getByRole('textbox', { name: 'Message' }).fill('Echo from Łódź');
  await expect(panel.getByText('UCS-2, 1 SMS, 56 left')).toBeVisible();
  await panel.getByRole('button', { name: 'Send message' }).click();
  await expect(panel.getByText('delivered')).toBeVisible();
  await expect(panel.getByText('I am handset-2')).toBeVisible();

  // To the platform, which is a client of the simulated centre.
  await panel.getByRole('textbox', { name: 'To' }).fill('20259');
  await panel.getByRole('textbox', { name: 'Message' }).fill('Temp 21 °C');
  await panel.getByRole('button', { name: 'Send message' }).click();
  await portal.follow('Messages');
  const row = portal.rows('Messages').filter({ hasText: 'Temp 21 °C' });
  await row.first().click();
  const message = page.getByRole('complementary').filter({ hasText: deviceId });
  await expect(message).toContainText('20259');
  await expect(message.getByRole('listitem').filter({ hasText: 'Stored' })).toBeVisible();

  // A command, as manual 3.4 sends one: the device, its commands, a new one.
  await portal.follow('Devices');
  await portal.rows('Devices').filter({ hasText: '33600000001' }).first().click();
  await page.getByRole('tab', { name: 'Commands' }).click();
  const command = page.getByRole('form', { name: 'Send a command' });
  await command.getByRole('textbox', { name: 'Text' }).fill('reboot');
  await expect(command.getByText('GSM 7-bit, 1 SMS, 154 left')).toBeVisible();
  await command.getByText('Policy').click();
  await command.getByRole('combobox', { name: 'Acknowledgement' }).click();
  await page.getByRole('option', { name: 'NETWORK' }).click();
  expect.soft(await serious(page), 'the form').toEqual([]);
  await command.getByRole('button', { name: 'Send' }).click();
  const way = page.getByRole('region', { name: 'Command', exact: true }).getByRole('list');
  await expect(way.getByRole('listitem').last()).toContainText('PROCESSED');
  await expect(way.getByRole('listitem').last()).toContainText('DELIVERED');
  await portal.open(`${fleetUrl}?number=1`);
  await expect(panel.getByText('reboot')).toBeVisible();
  await page.getByText('Short message centre: clients, queue, counters').click();
  const clients = page.getByRole('table', { name: 'SMPP clients' });
  await expect(clients.getByRole('row', { name: /fleetbench.*transceiver/ })).toBeVisible();
  expect.soft(await serious(page), 'the handset').toEqual([]);

  // The interface tells when it was heard and written to; its number can only be one that the platform has.
  await portal.open(`/devices/${encodeURIComponent(deviceId)}?tab=interfaces`);
  await expect(page.getByText('Last message from the device')).toBeVisible();
  await expect(page.getByText('Last message to the device')).toBeVisible();
  await page.getByRole('region', { name: 'sms:33600000001' }).getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('combobox', { name: 'serverPhoneNumber' }).click();
  await expect(page.getByRole('option', { name: '+3320259' })).toBeVisible();
  await page.keyboard.press('Escape');
  expect.soft(await serious(page), 'the interface').toEqual([]);

  const { state } = await platform.api<{ state: string }>('GET', '/bench/v1/sms/centre');
  expect(state).toBe('BOUND');
});

test('what handsets answer by themselves is a form, for a fleet and for one of them, with the keyboard alone', async ({
  portal,
  page,
}) => {
  const keys = new KeysOnly(page);
  await portal.open('/simulators?create=handset');
  const form = page.getByRole('complementary', { name: 'New fleet' });
  const answer = (name: string) => page.getByRole('group', { name });
  await expect(answer('2. Keyword: a message that begins with it')).toBeVisible();
  await keys.use('Remove answer 2');
  await expect(answer('1. Keyword: a message that begins with it')).toBeFocused();
  await keys.fill('Keyword', ' ');
  await expect(form.getByText('must not be empty')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Keyword' })).toHaveAttribute('aria-invalid', 'true');
  await keys.fill('Keyword', 'LEVEL');
  await keys.fill('Answer', 'It is 7');
  await keys.fill('Answers after, in ms', '0');
  await keys.use('Create and start');
  await expect(form).toBeHidden();
  await page.getByRole('link', { name: 'Handset', exact: true }).click();
  await expect(page.getByText('2 of 2')).toBeVisible();
  const url = page.url().split('#')[1] ?? '';
  await portal.open(`${url}?number=2`);
  const own = page.getByRole('region', { name: 'What it answers by itself' });
  await expect(own).toContainText('“LEVEL…”: It is 7');

  // This one shall answer differently, whatever it gets.
  await keys.use('Change the answers');
  await keys.use('Add an answer');
  await expect(answer('2. Keyword: a message that begins with it')).toBeFocused();
  await keys.use('Move up answer 2');
  await expect(answer('1. Keyword: a message that begins with it')).toBeFocused();
  await keys.reachNamed('combobox', 'To what, and with what');
  await keys.press('Enter', 'ArrowDown', 'ArrowDown', 'Enter');
  await keys.fill('Written before what came', 'Again: ');
  expect.soft(await serious(page), 'the form of answers').toEqual([]);
  await keys.use('Save');
  await expect(own).toContainText('back, with “Again: ” before it');
  await expect(own.getByRole('status')).toHaveText('It answers so from now on.');

  await portal.open(`${url}?number=1`);
  const phone = page.getByRole('region', { name: 'Phone 33600000001' });
  await keys.fill('To', '33600000002');
  await keys.fill('Message', 'level?');
  await keys.use('Send message');
  await expect(phone.getByText('Again: level?')).toBeVisible();
});

test('without a centre the portal says so where one would use it', async ({ page }) => {
  const platform = await Platform.start(['--set', 'smppHost=127.0.0.1', '--set', 'smppPort=9']);
  try {
    const portal = new Portal(page, platform);
    await portal.signIn();
    await expect(page.getByText('Short message centre: not bound')).toBeVisible();
    const interfaces = [{ connector: 'sms', definition: { msisdn: '33600000001' } }];
    await platform.api('POST', '/api/v1/deviceMgt/devices', { id: deviceId, interfaces });
    await portal.open(`/devices/${encodeURIComponent(deviceId)}?tab=commands`);
    const note = page.getByRole('form', { name: 'Send a command' }).getByRole('note');
    await expect(note).toContainText('Short message centre: not bound');
    await expect(note).toContainText('127.0.0.1:9');
    expect(await serious(page)).toEqual([]);
  } finally {
    await platform.stop();
  }
});
