import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import type { Platform } from './platform.ts';
import type { Portal } from './portal.ts';

const deviceId = 'urn:lo:nsid:e2e:pump';
const place = { lat: 48.1173, lon: -1.6778 };
const devicePath = `/devices/${encodeURIComponent(deviceId)}`;

/** Every view and what shows that it is there, empty and filled. */
const emptyViews: readonly [path: string, shows: string][] = [
  ['/', 'Where to begin'],
  ['/devices', 'No devices yet'],
  ['/devices/map', 'No device has a place yet'],
  ['/devices/counts', 'No devices yet'],
  ['/groups', 'No device in this group'],
  ['/messages', 'No messages yet'],
  ['/routing', 'No policies yet'],
  ['/resources', 'No resources yet'],
  ['/connectors', 'No external connector is connected'],
  ['/lora', 'No gateways yet'],
  ['/lora/map', 'No gateway or LoRa device has a place'],
  ['/lora/frames', 'No frame has come yet'],
  ['/twin', 'LwM2M models'],
  ['/twin/rules', 'No data rules yet'],
  ['/bootstrap', 'No bootstrap entries yet'],
  ['/bootstrap/configs', 'No bootstrap configurations yet'],
  ['/campaigns', 'No campaigns yet'],
  ['/campaigns/new', 'New campaign'],
  ['/simulators', 'No fleets yet'],
  ['/audit', 'Audit log'],
  ['/access', 'API keys'],
  ['/access/users', 'Users'],
  ['/access/certificates', 'No CA certificates yet'],
  ['/access/tenants', 'Tenants'],
  ['/account', 'Your account'],
  ['/connect', 'Connect a device'],
  ['/settings', 'Settings'],
];

async function fill(platform: Platform): Promise<void> {
  await platform.send(deviceId, { rpm: 1200, state: 'open' }, { rpm: 1250, state: 'open' });
  const bad = await platform.device('urn:lo:nsid:e2e:bad');
  await platform.api('PUT', '/api/v1/event2action/actionPolicies/all', {
    name: 'Everything',
    triggers: { dataMessage: { filter: { tags: [['e2e', 'lab'], ['e2e']] } } },
    actions: { fifoPublish: [{ fifoName: 'orders' }] },
  });
  await platform.api('PATCH', `/api/v1/deviceMgt/devices/${encodeURIComponent(deviceId)}`, {
    staticLocation: place,
    tags: ['e2e'],
    properties: { site: 'lab' },
  });
  await bad.publishAsync('dev/data', 'no json', { qos: 1 });
  await platform.send(deviceId, { rpm: 1300, state: 'closed' });
}

/** @returns the id of a fleet whose devices have sent something */
async function startFleet(platform: Platform): Promise<string> {
  const { id } = await platform.api<{ id: string }>('POST', '/bench/v1/simulators', {
    name: 'Axes',
    count: 3,
    idPattern: 'axis-{n}',
    periodMs: 200,
    payload: { kind: 'fields', fields: { n: { kind: 'counter' } } },
  });
  await platform.api('POST', `/bench/v1/simulators/${id}/start`);
  return id;
}

async function checkFleet(portal: Portal, fleet: string): Promise<void> {
  const { page } = portal;
  await portal.open('/simulators');
  await expect(page.getByText('3 of 3')).toBeVisible();
  expect.soft(await serious(page), 'the list of fleets').toEqual([]);
  await portal.open(`/simulators/${fleet}?number=1`);
  const panel = page.getByRole('complementary', { name: 'Device 1' });
  await expect(panel.getByText('acknowledged').first()).toBeVisible();
  await expect(panel.locator('.cm-content')).toBeVisible();
  expect.soft(await serious(page), 'a fleet and one of its devices').toEqual([]);
}

/** Ways to look at a view and let axe look at it. */
function checksOf(portal: Portal) {
  const { page } = portal;
  const check = async (what: string): Promise<void> => expect.soft(await serious(page), what).toEqual([]);
  const step = async (path: string, shows: () => Promise<void>): Promise<void> => {
    await portal.open(path);
    await shows();
    await check(path);
  };
  const heading = (name: string) => () => expect(page.getByRole('heading', { name }).first()).toBeVisible();
  return { page, check, step, heading };
}

async function checkForms(portal: Portal): Promise<void> {
  const { page, step, heading } = checksOf(portal);
  await step('/access?create=yes', heading('New key'));
  await step('/simulators?create=machine', heading('New fleet'));
  await step('/groups?group=root', heading('No device in this group'));
  await step('/settings', () => expect(page.getByText('Transactions written')).toBeVisible());
  await step('/connect', async () => {
    await page.getByRole('button', { name: 'Make a key' }).click();
    await expect(page.getByText('The key is in the lines below')).toBeVisible();
  });
  for (const transport of ['ws', 'http']) {
    await step(`/connect?transport=${transport}`, heading('3. Paste and run'));
  }
}

async function checkFilled(portal: Portal): Promise<void> {
  const { page, check, step, heading } = checksOf(portal);
  await step('/', heading('Last messages'));
  await step('/devices', () => expect(portal.rows('Devices').first()).toBeVisible());
  await step('/devices/counts', () => expect(page.getByRole('link', { name: /lab/ })).toBeVisible());
  const edges = [place.lat, place.lon, place.lat, place.lon].join();
  await step(`/devices/map?here=${edges}`, heading('1 device'));
  await expect(page.getByRole('application').getByRole('link', { name: deviceId })).toBeVisible();
  await check('a device on the map');
  await step(`${devicePath}?panel=edit`, () => expect(page.getByRole('application')).toHaveCount(2));
  for (const tab of ['overview', 'messages', 'interfaces', 'activity', 'json']) {
    await step(`${devicePath}?tab=${tab}`, heading(deviceId));
  }
  await step('/messages', () => portal.rows('Messages').filter({ hasText: 'rpm' }).first().click());
  await expect(
    page.getByRole('complementary').getByText('Put into a FIFO').or(page.getByText('Routed')),
  ).not.toHaveCount(0);
  await check('a message');
  await step('/messages?show=refused', () => portal.rows('Messages').first().click());
  await step('/routing?policy=all', heading('Policy'));
  await step('/routing/fifo/orders?position=1', heading('Content 1'));
  await step('/audit', () => portal.rows('Audit log').first().click());
  await portal.open('/devices');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('dialog').getByText('Settings')).toBeVisible();
  await check('the palette');
}

test('empty views have no serious fault', async ({ portal }) => {
  test.slow();
  for (const [path, shows] of emptyViews) {
    await portal.open(path);
    await expect(portal.page.getByRole('heading', { name: shows }).first()).toBeVisible();
    expect.soft(await serious(portal.page), path).toEqual([]);
  }
});

test('filled views have no serious fault', async ({ portal, platform }) => {
  test.slow();
  await fill(platform);
  await checkFilled(portal);
});

test('forms, settings and the page that connects a device have no serious fault', async ({ portal }) => {
  test.slow();
  await checkForms(portal);
});

test('a fleet and the panel of a simulated device have no serious fault', async ({ portal, platform }) => {
  await checkFleet(portal, await startFleet(platform));
});

test('the sign-in page has no serious fault', async ({ page, platform }) => {
  await page.goto(platform.origin);
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  expect(await serious(page)).toEqual([]);
});
