import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';

test('a FIFO shows its depth and rate, who consumes it, and is drained by hand', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await platform.api('POST', '/api/v0/topics/fifo', { name: 'orders' });
  for (const n of [1, 2, 3]) await platform.api('POST', '/api/v0/topics/fifo/orders', { n });
  await portal.open('/routing/fifo/orders');
  const depth = page.getByRole('figure').filter({ hasText: 'Messages in it' });
  await expect(depth.getByRole('listitem').filter({ hasText: 'waiting' })).toContainText('3');
  await expect(depth.locator('canvas')).toBeVisible();
  const rate = page.getByRole('figure').filter({ hasText: 'Messages per second' });
  await expect(rate.getByRole('listitem').filter({ hasText: 'lost' })).toContainText('0/s');
  await expect(page.getByText('Nobody is subscribed')).toBeVisible();
  expect.soft(await serious(page), 'a FIFO').toEqual([]);

  await page.getByRole('button', { name: 'Drain', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Drain the FIFO orders?' });
  await expect(dialog).toContainText('3 messages that wait in it (21 B) are lost');
  expect.soft(await serious(page), 'the question').toEqual([]);
  await dialog.getByRole('button', { name: 'Drain it' }).click();
  await expect(page.getByText('3 messages removed')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Nothing waits' })).toBeVisible();
  await expect(depth.getByRole('listitem').filter({ hasText: 'waiting' })).toContainText('0');
  await expect(page.getByRole('button', { name: 'Drain', exact: true })).toBeDisabled();

  await platform.consume('orders');
  await expect(page.getByRole('listitem').filter({ hasText: 'holds 0 messages' })).toBeVisible();
});

test('the popover of endpoints tells which listen, and of those that are off why', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await page.getByRole('button', { name: 'Endpoints' }).click();
  const list = page.getByRole('dialog', { name: 'Endpoints' });
  await expect(list).toContainText(platform.mqttUrl);
  await expect(list.getByText('listening', { exact: true })).toHaveCount(7);
  await expect(list).toContainText('start with --mqtts-port');
  expect.soft(await serious(page), 'all as it should be').toEqual([]);
  // No client can make a listener of this machine fail at will: the answer of one that does is put in.
  await page.route('**/bench/v1/listeners', (route) =>
    route.fulfill({
      json: [
        {
          name: 'mqtt',
          state: 'failing',
          url: platform.mqttUrl,
          reason: 'The last client could not be taken: accept EMFILE.',
        },
      ],
    }),
  );
  await page.reload();
  await portal.ready();
  await page.getByRole('button', { name: '1 endpoint fails' }).click();
  await expect(page.getByRole('dialog', { name: '1 endpoint fails' })).toContainText('accept EMFILE');
  expect.soft(await serious(page), 'one that fails').toEqual([]);
});
