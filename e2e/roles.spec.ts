import type { Locator, Page } from '@playwright/test';
import { test as base, expect } from './fixtures.ts';
import type { Platform } from './platform.ts';
import { Portal } from './portal.ts';

const deviceId = 'urn:lo:nsid:e2e:pump';
const device = `/devices/${encodeURIComponent(deviceId)}`;

/** A page of somebody whose key has these roles only. */
async function portalWith(platform: Platform, page: Page, roles: readonly string[]): Promise<Portal> {
  const { value } = await platform.api<{ value: string }>('POST', '/api/v0/apiKeys', {
    label: 'some',
    roles,
  });
  await page.goto(platform.origin);
  const portal = new Portal(page, platform);
  await portal.enterKey(value);
  await portal.ready();
  return portal;
}

const test = base.extend<{ reader: Portal }>({
  reader: async ({ page, platform }, use) => {
    await use(
      await portalWith(platform, page, ['DEVICE_R', 'DATA_R', 'BUS_CONFIG_R', 'LOGS_R', 'CAMPAIGN_R']),
    );
  },
});

/** It is there, it does nothing, and it says why, also to the keyboard. */
async function expectReason(page: Page, button: Locator, role: string): Promise<void> {
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  // Come to by key, as who has no pointer comes; anew when a part of the page has come in between.
  await expect(async () => {
    await button.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await expect(button).toBeFocused({ timeout: 1000 });
  }).toPass();
  await expect(button).toHaveAccessibleDescription(`This needs the role ${role}, which you do not have.`);
  await button.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await button.blur();
}

test('who may only read is told of each action which role it needs', async ({ reader, platform }) => {
  test.slow();
  const { page } = reader;
  await platform.send(deviceId, { rpm: 1 });
  await platform.api('POST', '/api/v1/deviceMgt/groups', { pathNode: 'north' });
  await platform.api('POST', '/api/v0/topics/fifo', { name: 'orders' });
  await platform.api('PUT', '/api/v1/event2action/actionPolicies/all', {
    name: 'Everything',
    triggers: { dataMessage: { filter: {} } },
    actions: { fifoPublish: [{ fifoName: 'orders' }] },
  });
  const { id } = await platform.api<{ id: string }>('POST', '/bench/v1/simulators', {
    name: 'Axes',
    count: 1,
    payload: { kind: 'fields', fields: { n: { kind: 'counter' } } },
  });
  const actions: readonly [path: string, role: string, ...buttons: string[]][] = [
    ['/devices', 'DEVICE_W', 'New device'],
    ['/devices?create=yes', 'DEVICE_W', 'Create'],
    [device, 'DEVICE_W', 'Edit', 'Delete device'],
    [`${device}?tab=interfaces`, 'DEVICE_W', 'Add interface', 'Edit', 'Disable', 'Move', 'Delete'],
    [`${device}?panel=publish`, 'API_KEY_W', 'Make a key for these lines'],
    ['/groups', 'DEVICE_W', 'New group'],
    ['/routing', 'BUS_CONFIG_W', 'New policy', 'Delete Everything', 'Declare a FIFO'],
    ['/routing/fifo/orders', 'BUS_CONFIG_W', 'Drain', 'Delete FIFO'],
    ['/routing/fifo/orders', 'BUS_W', 'Publish'],
    ['/simulators', 'DEVICE_W', 'New fleet', 'Start Axes', 'Delete Axes'],
    [`/simulators/${id}`, 'DEVICE_W', 'Start Axes', 'Delete Axes'],
    ['/lora', 'DEVICE_W', 'New gateway'],
    ['/connect', 'API_KEY_W', 'Make a key'],
  ];
  for (const [path, role, ...buttons] of actions) {
    await reader.open(path);
    for (const name of buttons) {
      await test.step(`${path}: ${name}`, async () => {
        const button = page
          .getByRole('main')
          .getByRole('button', { name, exact: name !== 'Delete device' })
          .last();
        if (role === 'API_KEY_W') await expect(button).toHaveAttribute('aria-disabled', 'true');
        else await expectReason(page, button, role);
      });
    }
  }
  await reader.open('/devices/import');
  await expect(page.getByRole('main')).toContainText('This needs the role DEVICE_W');
  await reader.open('/routing/fifo/orders');
  await expect(page.getByRole('main')).toContainText('This needs the role BUS_R');
});

test('who may only read sees requests and campaigns, and which role it takes to make them', async ({
  reader,
  platform,
}) => {
  test.slow();
  const { page } = reader;
  const main = page.getByRole('main');
  const api = `/api/v1/deviceMgt/devices/${deviceId}`;
  await platform.send(deviceId, { rpm: 1 });
  const request = { connector: 'mqtt', value: { req: 'reboot', arg: {} } };
  await platform.api('POST', `${api}/commands`, { request });
  const parameters = { period: { type: 'INT32', value: 60 } };
  await platform.api('POST', `${api}/config`, { parameters, notifyTo: 'fifo/orders' });
  await platform.api('POST', '/api/v0/rm', { resourceId: 'fw' });
  await platform.api('POST', '/api/v0/rm/fw/version', { resourceVersionId: '1.2', file: 'dGVzdA==' });
  await platform.api('POST', `${api}/resources/fw/updates`, { requestedVersion: '1.2' });
  const { id } = await platform.api<{ id: string }>('POST', '/api/v0/deviceMgt/campaigns', {
    ...{ name: 'later', planning: { startDate: '2100-01-01T00:00:00Z' }, targets: { idList: [deviceId] } },
    operations: [{ action: 'command', definition: { request } }],
  });
  const actions: readonly [path: string, role: string, ...buttons: string[]][] = [
    [`${device}?tab=commands`, 'DEVICE_W', 'Send', 'Cancel the command'],
    [`${device}?tab=configuration`, 'DEVICE_W', 'Ask for a parameter', 'Change period', 'Save'],
    [`${device}?tab=configuration`, 'DEVICE_W', 'Take back the request for period', 'Delete period'],
    [`${device}?tab=resources`, 'DEVICE_W', 'Ask for an update', 'Update fw', 'Cancel the update of fw'],
    ['/resources?resource=fw', 'DEVICE_W', 'New resource', 'Upload a version', 'Delete', 'Delete 1.2'],
    ['/campaigns', 'CAMPAIGN_W', 'New campaign'],
    ['/campaigns/new', 'CAMPAIGN_W', 'Plan campaign'],
    [`/campaigns/${id}`, 'CAMPAIGN_W', 'Edit', 'New like this', 'Cancel campaign', 'Delete'],
  ];
  for (const [path, role, ...buttons] of actions) {
    await reader.open(path);
    for (const name of buttons) {
      await test.step(`${path}: ${name}`, () =>
        expectReason(page, main.getByRole('button', { name, exact: true }).last(), role));
    }
  }
  await reader.open(`${device}?tab=configuration`);
  const told = main.getByLabel('FIFO that is told of changes');
  await expect(told).toHaveValue('fifo/orders');
  await expect(told).not.toBeEditable();
  await expect(main).toContainText('There is no FIFO orders');
});

test('who may see no data is told so in its place, and not as a failure', async ({ page, platform }) => {
  await platform.send(deviceId, { rpm: 1 });
  const portal = await portalWith(platform, page, ['DEVICE_R']);
  const main = page.getByRole('main');
  await expect(main.getByText('This needs the role DATA_R')).toHaveCount(2);
  await expect(main.getByText('This needs the role LOGS_R')).toHaveCount(1);
  await portal.open(device);
  await expect(main.getByRole('tab', { name: 'Overview', selected: true })).toBeVisible();
  await expect(main.getByText('This needs the role DATA_R')).toBeVisible();
  await portal.open(`${device}?tab=activity`);
  await expect(main.getByText('This needs the role LOGS_R')).toBeVisible();
  await expect(main.getByText('Device registered')).toBeVisible();
  await expect(main.getByRole('alert')).toHaveCount(0);
});
