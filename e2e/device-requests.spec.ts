import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';

const deviceId = 'urn:lo:nsid:e2e:asked';
const tab = (name: string): string => `/devices/${encodeURIComponent(deviceId)}?tab=${name}`;

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

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
      const row = page.getByRole('row', { name: /period/ });
      await expect(row).toContainText('SENT');
      const { cid } = await asked;
      const answer = { cfg: { period: { t: 'u32', v: 30 } }, cid };
      await device.publishAsync('dev/cfg', JSON.stringify(answer), { qos: 1 });
      await expect(row).toContainText('FAILED');
      await expect(row.getByRole('cell').nth(1)).toContainText('60');
      await expect(row.getByRole('cell').nth(2)).toContainText('30');
      expect.soft(await serious(page), 'what differs').toEqual([]);
      await row.getByRole('button', { name: 'Delete period' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
      await expect(page.getByRole('heading', { name: 'No parameters yet' })).toBeVisible();
    });
  });
}
