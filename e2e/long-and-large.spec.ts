import { expect, test } from './fixtures.ts';
import type { Platform } from './platform.ts';

const devicesUrl = '/api/v1/deviceMgt/devices';
const longId = `urn:lo:nsid:plant:${'very-long-name-of-a-pump-'.repeat(4).slice(0, 90)}`;

test('a long id is cut in its middle and can be copied', async ({ portal, platform }) => {
  const { page } = portal;
  await platform.send(longId, { n: 1 });
  await page.setViewportSize({ width: 1024, height: 700 });
  await portal.open(`/devices/${encodeURIComponent(longId)}`);
  await expect(page.getByRole('heading', { level: 1 }).getByRole('button', { name: /^Copy/ })).toBeVisible();
  await expect(page.locator('.stream-line').getByRole('link', { name: longId })).toBeVisible();
  const overflows = `[...document.querySelectorAll('h1, .stream-line, .overview > section, .view-header')]
    .filter((each) => each.scrollWidth > each.clientWidth + 1).map(({ className, tagName }) => tagName + className)`;
  expect(await page.evaluate(overflows)).toEqual([]);
});

test('of a large payload the panel says how much is kept, and the copy does too', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await platform.send('urn:lo:nsid:e2e:large', { text: 'x'.repeat(20_000) });
  await portal.open('/messages');
  await portal.rows('Messages').first().click();
  const panel = page.getByRole('complementary', { name: 'Message' });
  await expect(
    panel.getByText('Only the first 4.0 KiB of 20 KiB are kept (setting tracePayloadBytes)'),
  ).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Copy only the first 4.0 KiB' })).toBeVisible();
});

test('nothing is cut in a small window, in the longer language', async ({ browser, platform }) => {
  const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1024, height: 700 } });
  const page = await context.newPage();
  await platform.api('POST', '/api/v0/topics/fifo', { name: 'small' });
  await platform.api('POST', '/api/v0/topics/fifo/small', { type: 'dataMessage', value: { n: 1 } });
  const lora = { devEUI: '0123456789abcdef', appEUI: '0123456789abcdef', appKey: 'ab'.repeat(16) };
  const definition = { ...lora, profile: 'any', connectivityPlan: 'any' };
  const statuses = { registered: true, deactivated: false, reactivated: false };
  for (const [index, [name, enabled]] of Object.entries(statuses).entries()) {
    const devEUI = `0123456789abcde${index}`;
    const interfaces = [{ connector: 'lora', enabled, definition: { ...definition, devEUI } }];
    await platform.api('POST', devicesUrl, { id: `urn:lo:nsid:e2e:${name}`, interfaces });
  }
  const lastPath = `${devicesUrl}/urn:lo:nsid:e2e:reactivated/interfaces/lora:0123456789ABCDE2`;
  await platform.api('PATCH', lastPath, { enabled: true });
  await page.goto(platform.portalLink);
  await expect(page.locator('#root')).toHaveAttribute('data-app-state', 'ready');
  const wide = `[...document.querySelectorAll('[role=grid], .palette-button kbd')]
    .filter((each) => each.scrollWidth > each.clientWidth + 1 || (each.matches('kbd') && each.clientHeight > 24))
    .map(({ ariaLabel, tagName }) => ariaLabel ?? tagName)`;
  for (const path of ['/access', '/routing/fifo/small', '/routing/fifo/small?position=1']) {
    await page.goto(`${platform.origin}/#${path}`);
    await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
    expect.soft(await page.evaluate(wide), path).toEqual([]);
  }
  await page.goto(`${platform.origin}/#/devices`);
  for (const word of ['enregistré', 'désactivé', 'réactivé'])
    await expect(page.getByRole('grid').getByText(word)).toBeVisible();
  const cutWords = `[...document.querySelectorAll('[role=grid] .status, [role=grid] [role=gridcell]:has(.status)')]
    .filter((each) => each.scrollWidth > each.clientWidth).map(({ textContent }) => textContent)`;
  expect(await page.evaluate(cutWords)).toEqual([]);
  await context.close();
});

test('what is long or crowded loses nothing that tells it apart', async ({ browser, platform }) => {
  const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1024, height: 700 } });
  const page = await context.newPage();
  await platform.send(longId, { n: 1 });
  await platform.api('POST', '/api/v1/deviceMgt/devices', {
    id: 'urn:lo:nsid:e2e:silent',
    tags: ['a-tag-of-thirty-two-characters-!', 'second'],
  });
  const refused = await platform.device('urn:lo:nsid:e2e:refused');
  await refused.publishAsync('dev/data', 'no JSON', { qos: 1 });
  await platform.api('POST', '/api/v0/apiKeys', { label: 'Twenty-four characters 1', roles: ['DATA_R'] });
  const { id } = await platform.api<{ id: string }>('POST', '/bench/v1/simulators', {
    name: 'Sensors',
    count: 12,
    idPattern: `urn:lo:nsid:plant:${'sensor-of-the-hall-'.repeat(4)}{n}`,
    payload: { kind: 'fields', fields: { n: { kind: 'counter' } } },
  });
  await platform.api('POST', `/bench/v1/simulators/${id}/start`);
  await page.goto(platform.portalLink);
  await expect(page.locator('#root')).toHaveAttribute('data-app-state', 'ready');
  const cut = (selector: string): Promise<unknown> =>
    page.evaluate(`[...document.querySelectorAll('${selector}')]
      .filter((each) => each.scrollWidth > each.clientWidth + 1).map(({ textContent }) => textContent)`);
  const open = async (path: string, rows: number): Promise<void> => {
    await page.goto(`${platform.origin}/#${path}`);
    await expect(page.getByRole('grid').getByRole('row').nth(rows)).toBeVisible();
  };

  // Each id keeps its end, by which it differs from the others.
  await open(`/simulators/${id}`, 12);
  const ends = page.locator('[role=gridcell] .id-tail');
  await expect(ends).toHaveCount(12);
  expect(new Set(await ends.allTextContents()).size).toBe(12);
  await open('/access', 2);
  expect(await cut('[role=gridcell] strong')).toEqual([]);
  for (const path of ['/devices', '/audit']) {
    await open(path, 1);
    expect
      .soft(await cut('[role=columnheader], [role=gridcell]:has(> .status), [role=gridcell]:has(> .time)'))
      .toEqual([]);
  }
  await open('/devices?text=e2e:silent', 1);
  await expect(page.locator('.tag').first()).toHaveCSS('text-overflow', 'ellipsis');
  await open('/messages', 1);
  await page.goto(`${platform.origin}/#/messages?message=${await lastOf(platform, longId)}`);
  await expect(
    page.getByRole('complementary').locator('.facts .simulated, .facts .id').first(),
  ).toBeVisible();
  expect(await cut('.panel-body, .history-end button')).toEqual([]);
  expect(await cut('.palette-button .mantine-Button-inner')).toEqual([]);
  await context.close();
});

/** The id of the last message of a device. */
async function lastOf(platform: Platform, deviceId: string): Promise<string | undefined> {
  const path = `/api/v0/data/streams/${encodeURIComponent(deviceId)}`;
  const [message] = await platform.api<{ id: string }[]>('GET', path);
  return message?.id;
}

test('charts and the time to jump to are in UTC when the person wants that', async ({
  browser,
  platform,
}) => {
  const context = await browser.newContext({ timezoneId: 'Asia/Tokyo' });
  const page = await context.newPage();
  await platform.send('urn:lo:nsid:e2e:pump', { rpm: 1 }, { rpm: 2 });
  await page.goto(platform.portalLink);
  await expect(page.locator('#root')).toHaveAttribute('data-app-state', 'ready');
  await page.goto(`${platform.origin}/#/messages`);
  const field = page.getByLabel('Time to jump to');
  const hours = async () => (await field.inputValue()).slice(11, 13);
  const local = await hours();
  await page.evaluate(`localStorage.setItem('fleetbench.preferences',
    JSON.stringify({ state: { utc: true, language: 'en' }, version: 0 }))`);
  await page.reload();
  await expect.poll(async () => (Number(local) - Number(await hours()) + 24) % 24).toBe(9);
  await context.close();
});

test('devices are counted by connector too, and lead to their list', async ({ portal, platform }) => {
  const { page } = portal;
  await platform.send('urn:lo:nsid:e2e:pump', { rpm: 1 });
  await portal.open('/');
  const card = page.locator('section.card').filter({ hasText: 'Devices by status and connector' });
  await card.getByRole('link', { name: 'mqtt 1' }).click();
  await expect(portal.rows('Devices')).toHaveCount(1);
  expect(page.url()).toContain('connector=mqtt');
});

test('what is empty offers the action that fills it', async ({ portal }) => {
  const { page } = portal;
  await portal.open('/routing');
  const empty = (title: string) => page.locator('.state').filter({ hasText: title });
  await expect(empty('No FIFOs yet').getByRole('button', { name: 'Declare a FIFO' })).toBeVisible();
  await empty('No policies yet').getByRole('button', { name: 'New policy' }).click();
  await expect(page.getByRole('complementary')).toBeVisible();
  await portal.open('/audit?text=nothing-of-this-kind');
  await page.locator('.state').getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).not.toHaveURL(/nothing-of-this-kind/);
});
