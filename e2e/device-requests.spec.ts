import { serious } from './axe.ts';
import { cutOff } from './cut-off.ts';
import { expect, test } from './fixtures.ts';

const deviceId = 'urn:lo:nsid:e2e:asked';
const tab = (name: string): string => `/devices/${encodeURIComponent(deviceId)}?tab=${name}`;

test('sends a command, sees its way live and its answer, and cancels another', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  const device = await platform.device(deviceId);
  await device.subscribeAsync('dev/cmd', { qos: 1 });
  const asked = new Promise<{ cid: number; arg: object }>((resolve) =>
    device.once('message', (_topic, payload) => resolve(JSON.parse(String(payload)))),
  );
  await portal.open(tab('commands'));
  await expect(page.getByRole('heading', { name: 'No commands yet' })).toBeVisible();
  const form = page.getByRole('form', { name: 'Send a command' });
  await expect(form.getByRole('button', { name: 'Send' })).toHaveAttribute('aria-disabled', 'true');
  await form.getByLabel('Request (req)').fill('buzz');
  await form.getByRole('textbox', { name: 'Arguments (arg)' }).fill('{"freqHz":800}');
  expect.soft(await serious(page), 'the form').toEqual([]);
  await form.getByRole('button', { name: 'Send' }).click();
  const details = page.getByRole('region', { name: 'Command', exact: true });
  const way = details.getByRole('list');
  await expect(way).toContainText('DELIVERED');
  const { cid, arg } = await asked;
  expect(arg).toEqual({ freqHz: 800 });
  await device.publishAsync('dev/cmd/res', JSON.stringify({ res: { done: true }, cid }), { qos: 1 });
  await expect(way.getByRole('listitem').last()).toContainText('PROCESSED');
  await expect(details.getByRole('region', { name: 'Response' })).toContainText('"done": true');
  expect.soft(await serious(page), 'a command that was answered').toEqual([]);

  // What was sent once is offered again, and as raw JSON.
  await form.getByText('Raw JSON').click();
  await form.getByRole('textbox', { name: 'Value' }).fill('{"req":"buzz","arg":{"freqHz":1}}');
  await form.getByRole('button', { name: 'Send' }).click();
  await expect(way).toContainText('DELIVERED');
  await expect(details.getByRole('button', { name: 'Cancel the command' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await details.getByRole('button', { name: 'Cancel by force' }).click();
  await expect(way.getByRole('listitem').last()).toContainText('CANCELED');
  await expect(page.getByRole('region', { name: 'Commands' }).getByRole('button')).toHaveCount(2);
});

test('asks for a value, and shows what the device reports beside it', async ({ portal, platform }) => {
  const { page } = portal;
  const device = await platform.device(deviceId);
  await device.subscribeAsync('dev/cfg/upd', { qos: 1 });
  const asked = new Promise<{ cid: number }>((resolve) =>
    device.once('message', (_topic, payload) => resolve(JSON.parse(String(payload)))),
  );
  await portal.open(tab('configuration'));
  await expect(page.getByRole('heading', { name: 'No parameters yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Ask for a parameter' }).click();
  const form = page.getByRole('form', { name: 'Ask for a parameter' });
  await form.getByRole('textbox', { name: 'Parameter' }).fill('period');
  await form.getByRole('textbox', { name: 'Value' }).fill('60 s');
  await form.getByRole('combobox', { name: 'Type' }).click();
  await page.getByRole('option', { name: 'UINT32', exact: true }).click();
  await form.getByRole('button', { name: 'Ask for it' }).click();
  await expect(form.getByText('must be a whole number')).toBeVisible();
  expect.soft(await serious(page), 'the form').toEqual([]);
  await form.getByRole('textbox', { name: 'Value' }).fill('60');
  await form.getByRole('button', { name: 'Ask for it' }).click();
  await expect(form).toHaveCount(0);
  const row = page.getByRole('row', { name: /period/ });
  await expect(row).toContainText('SENT');
  const { cid } = await asked;
  const answer = { cfg: { period: { t: 'u32', v: 30 } }, cid };
  await device.publishAsync('dev/cfg', JSON.stringify(answer), { qos: 1 });
  await expect(row).toContainText('FAILED');
  await expect(row.getByRole('cell').nth(0)).toContainText('60 UINT32');
  await expect(row.getByRole('cell').nth(1)).toContainText('30 UINT32');
  expect.soft(await serious(page), 'what differs').toEqual([]);

  // The same value in another type is another value.
  await device.publishAsync('dev/cfg', JSON.stringify({ cfg: { period: { t: 'f64', v: 60 } } }), {
    qos: 1,
  });
  await expect(row.getByRole('cell').nth(1)).toContainText('60 FLOAT');
  await expect(row.getByRole('cell').nth(1)).toHaveClass('differs');

  // One form at a time, which goes when it is left, also beside a FIFO that is told of changes.
  const add = page.getByRole('button', { name: 'Ask for a parameter' });
  const forms = page.getByRole('form');
  await add.click();
  await expect(forms).toHaveCount(1);
  await form.getByRole('button', { name: 'Cancel' }).click();
  await expect(forms).toHaveCount(0);
  await add.click();
  await add.click();
  await row.getByRole('button', { name: 'Change period' }).click();
  await expect(forms).toHaveCount(1);
  await forms.getByRole('button', { name: 'Cancel' }).click();
  await expect(forms).toHaveCount(0);
  await row.getByRole('button', { name: 'Delete period' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'No parameters yet' })).toBeVisible();
});

for (const width of [1440, 1100, 720]) {
  test(`shows each command in full, ${width} pixels wide`, async ({ portal, platform }) => {
    const { page } = portal;
    await page.setViewportSize({ width, height: 900 });
    const device = await platform.device(deviceId);
    await device.subscribeAsync('dev/cmd', { qos: 1 });
    const answered = new Promise((resolve) => {
      device.on('message', (_topic, payload) => {
        const { cid } = JSON.parse(String(payload)) as { cid: number };
        resolve(device.publishAsync('dev/cmd/res', JSON.stringify({ res: {}, cid }), { qos: 1 }));
      });
    });
    await platform.command(deviceId, { req: 'openTheValve', arg: { percent: 40 } });
    await answered;
    await portal.open(tab('commands'));
    const row = page.getByRole('region', { name: 'Commands' }).getByRole('button');
    await expect(row).toContainText('openTheValve');
    await expect(row).toContainText('REPLIED');
    await expect(page.getByRole('region', { name: 'Response' })).toBeVisible();
    expect(await cutOff(page, '.commands-tab')).toEqual([]);
  });
}

test('says of the policy what does not fit, and sends what fits', async ({ portal, platform }) => {
  const { page } = portal;
  await platform.device(deviceId);
  await portal.open(tab('commands'));
  const form = page.getByRole('form', { name: 'Send a command' });
  await expect(form.getByText('Arguments (arg)', { exact: true })).toBeVisible();
  await form.getByLabel('Request (req)').fill('buzz');
  await form.getByText('Policy', { exact: true }).click();
  await form.getByLabel('Attempts').fill('-');
  await expect(form.getByText('A whole number from 1 to 5; empty: by default')).toBeVisible();
  const send = form.getByRole('button', { name: 'Send' });
  await expect(send).toHaveAttribute('aria-disabled', 'true');
  await form.getByLabel('Attempts').fill('3');
  await form.getByLabel('Expiration, s').fill('4');
  await expect(send).toHaveAttribute('aria-disabled', 'true');
  await form.getByLabel('Expiration, s').fill('');
  await send.click();
  const facts = page.getByRole('region', { name: 'Command', exact: true });
  await expect(facts.getByText('Attempts').locator('..')).toContainText('3');
});

test('opens a command that the list is too short for, and says when there is none', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  const device = await platform.device(deviceId);
  await device.subscribeAsync('dev/cmd', { qos: 1 });
  const policy = { ackMode: 'NONE' };
  const { id } = await platform.command(deviceId, { req: 'theOldest', arg: { first: true } }, policy);
  // One at a time, so that each is out before the next one comes: no more than ten may wait.
  for (let number = 0; number < 50; number++) {
    await platform.command(deviceId, { req: 'newer', arg: { number } }, policy);
  }
  await portal.open(`${tab('commands')}&command=${id}`);
  const rows = page.getByRole('region', { name: 'Commands' }).getByRole('button');
  await expect(rows).toHaveCount(50);
  const details = page.getByRole('region', { name: 'Command', exact: true });
  await expect(details.getByRole('region', { name: 'Request' })).toContainText('theOldest');
  await expect(page.locator('.command-row[aria-current]')).toHaveCount(0);
  await rows.first().click();
  await expect(details.getByRole('region', { name: 'Request' })).toContainText('newer');
  await portal.open(`${tab('commands')}&command=6123456789abcdef01234567`);
  await expect(details).toContainText('The device has no command 6123456789abcdef01234567.');
});
