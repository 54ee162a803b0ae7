import { expect, test } from './fixtures.ts';
import { KeysOnly } from './keys-only.ts';
import type { Platform } from './platform.ts';
import type { Portal } from './portal.ts';

interface Task {
  readonly view: string;
  readonly task: string;
  before?(platform: Platform): Promise<unknown>;
  run(keys: KeysOnly, portal: Portal, platform: Platform): Promise<void>;
}

const heading = (portal: Portal, name: string | RegExp, level = 1) =>
  portal.page.getByRole('heading', { level, name });
const device = 'urn:lo:nsid:e2e:pump';

/** The main task of each view. Messages, devices, groups and campaigns have theirs beside their other tests. */
const tasks: readonly Task[] = [
  {
    view: 'dashboard',
    task: 'load the demo and see its messages come',
    run: async (keys, portal) => {
      await keys.choose('dashboard');
      await keys.use('Load a demo');
      await expect(heading(portal, 'Messages')).toBeVisible();
      await expect(portal.rows('Messages').first()).toContainText('room-');
    },
  },
  {
    view: 'a device',
    task: 'send a command and see where it stands',
    before: (platform) => platform.send(device, { rpm: 1 }),
    run: async (keys, portal) => {
      const { page } = portal;
      await keys.press('ControlOrMeta+k');
      await keys.type('pump');
      await page.getByRole('dialog').getByText(device).waitFor();
      await keys.press('ArrowDown', 'Enter');
      await expect(heading(portal, device)).toBeVisible();
      await keys.reachNamed('tab', 'Overview');
      await keys.press('ArrowRight', 'ArrowRight');
      await expect(page.getByRole('tab', { name: 'Commands' })).toHaveAttribute('aria-selected', 'true');
      await keys.fill('Request (req)', 'reboot', 'combobox');
      await keys.use('Send');
      await expect(page.getByRole('region', { name: 'Commands', exact: true })).toContainText('reboot');
    },
  },
  {
    view: 'FIFOs & routing',
    task: 'make a policy, and see what waits in its FIFO',
    run: async (keys, portal, platform) => {
      const { page } = portal;
      await keys.choose('FIFOs');
      await expect(heading(portal, 'FIFOs & routing')).toBeVisible();
      await keys.use('New policy');
      await keys.fill('Name', 'everything');
      await keys.reachNamed('combobox', 'FIFOs to publish to');
      await keys.type('orders');
      await keys.press('Enter');
      await keys.use('Create');
      await expect(page.getByRole('link', { name: 'orders' }).first()).toBeVisible();
      await platform.send(device, { rpm: 7 });
      await keys.use('orders', 'link');
      await expect(page.getByText('"rpm": 7').or(page.getByText('rpm 7')).first()).toBeVisible();
    },
  },
  {
    view: 'resources',
    task: 'make one and come to its page',
    run: async (keys, portal) => {
      const { page } = portal;
      await keys.choose('resources');
      await keys.use('New resource');
      await keys.fill('Resource', 'firmware');
      await keys.use('Create');
      await expect(page.getByText('firmware').first()).toBeVisible();
      await expect(page.getByRole('form', { name: 'New resource' })).toBeHidden();
    },
  },
  {
    view: 'external connectors',
    task: 'copy the line that connects one',
    run: async (keys, { page }) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await keys.choose('external connectors');
      await keys.use('Copy Line that tells of a node');
      await expect
        .poll(() => page.evaluate('navigator.clipboard.readText()'))
        .toContain('connector/v1/nodes/');
    },
  },
  {
    view: 'simulators',
    task: 'start a fleet, open it, and stop it',
    run: async (keys, portal) => {
      const { page } = portal;
      await keys.choose('simulators');
      await keys.use('Use Room climate');
      await keys.fill('Devices', '3');
      await keys.use('Create and start');
      await keys.use('Room climate', 'link');
      await expect(heading(portal, 'Room climate')).toBeVisible();
      await keys.use(/^Stop/);
      await expect(page.getByRole('button', { name: /^Start/ })).toBeVisible();
    },
  },
  {
    view: 'audit log',
    task: 'open a refusal and read why',
    before: async (platform) => {
      const client = await platform.device(device);
      await client.publishAsync('dev/data', 'no JSON', { qos: 1 });
      await client.endAsync();
    },
    run: async (keys, portal) => {
      const { page } = portal;
      await keys.choose('audit');
      await expect(heading(portal, 'Audit log')).toBeVisible();
      await keys.reachRows();
      await keys.press('Enter');
      await expect(page.getByRole('complementary')).toContainText('the payload is not JSON');
      await keys.press('Escape');
      await expect(page.getByRole('complementary')).toBeHidden();
    },
  },
  {
    view: 'access',
    task: 'make a key and copy its secret',
    run: async (keys, { page }) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await keys.choose('access');
      await keys.use('New key');
      await keys.fill('Label', 'site');
      await keys.use('Create');
      await keys.use(/^Copy .*(key|secret|value)/i);
      await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toMatch(/^[0-9a-f]{32}$/);
    },
  },
  {
    view: 'users',
    task: 'make one who may sign in',
    run: async (keys, { page }) => {
      await keys.choose('access');
      await keys.use('Users', 'link');
      await keys.use('New user');
      await keys.fill('User name', 'ada');
      await keys.fill('Password', 'Engine-1842');
      await keys.use('Create');
      await expect(page.getByRole('row').filter({ hasText: 'ada' })).toBeVisible();
    },
  },
  {
    view: 'CA certificates',
    task: 'paste what is none, and read why it is not taken',
    run: async (keys, { page }) => {
      await keys.choose('access');
      await keys.use('CA certificates', 'link');
      await keys.use('Add a CA certificate');
      await keys.fill('Or paste it', 'no certificate');
      await keys.use('Add');
      await expect(page.getByRole('alert')).toContainText('certificate');
      await keys.press('Escape');
      await expect(page.getByRole('complementary')).toBeHidden();
    },
  },
  {
    view: 'tenants',
    task: 'make one and go there',
    run: async (keys, { page }) => {
      await keys.choose('access');
      await keys.use('Tenants', 'link');
      await keys.use('New tenant');
      await keys.fill('Name', 'acme');
      await keys.use('Create');
      await keys.use('I have copied it');
      await keys.use('Tenant default');
      const other = page.getByRole('menuitem', { name: 'acme' });
      await expect(other).toBeVisible();
      while ((await other.and(page.locator(':focus')).count()) === 0) await keys.press('ArrowDown');
      await keys.press('Enter');
      await expect(page.getByRole('button', { name: 'Tenant acme' })).toBeVisible();
    },
  },
  {
    view: 'filter of devices',
    task: 'build one of a field and a value',
    before: async (platform) => {
      for (const site of ['north', 'south']) {
        const id = `urn:lo:nsid:e2e:${site}`;
        await platform.api('POST', '/api/v1/deviceMgt/devices', { id, properties: { site } });
      }
    },
    run: async (keys, portal) => {
      const { page } = portal;
      await keys.choose('devices');
      await expect(portal.rows('Devices')).toHaveCount(2);
      await keys.use('Advanced filter');
      await keys.fill('Field of condition 1', 'property.site', 'combobox');
      await keys.fill('Value of condition 1', 'south', 'combobox');
      await keys.press('Enter');
      await expect(portal.rows('Devices')).toHaveCount(1);
      expect(page.url()).toContain('south');
    },
  },
  {
    view: 'settings',
    task: 'choose French and UTC',
    run: async (keys, portal) => {
      const { page } = portal;
      await keys.choose('settings');
      await keys.reachNamed('radio', 'English');
      await keys.press('ArrowRight');
      await expect(heading(portal, 'Réglages')).toBeVisible();
      await keys.reachNamed('radio', 'Locales');
      await keys.press('ArrowRight');
      await expect(page.getByRole('radio', { name: 'UTC' })).toBeChecked();
    },
  },
  {
    view: 'connect a device',
    task: 'make a key and get lines that hold it',
    run: async (keys, { page }) => {
      await keys.choose('connect a device');
      await keys.use('Make a key');
      await expect(page.getByRole('region', { name: 'mosquitto_pub' })).toContainText(/-P [0-9a-f]{32}/);
      await keys.reachNamed('tab', 'mosquitto_pub');
      await keys.press('ArrowRight');
      await expect(page.getByRole('tab', { name: 'mqtt.js' })).toHaveAttribute('aria-selected', 'true');
    },
  },
  {
    view: 'clock',
    task: 'freeze time and let it go',
    run: async (keys, { page }) => {
      await keys.use('Real time');
      await keys.use('Freeze');
      await expect(page.getByRole('button', { name: /^Frozen/ })).toBeVisible();
      await keys.use('Back to real time');
      await keys.press('Escape');
      await expect(page.getByRole('button', { name: 'Real time' })).toBeVisible();
    },
  },
];

for (const { view, task, before, run } of tasks) {
  test(`${view}, by keyboard alone: ${task}`, async ({ portal, platform }) => {
    await before?.(platform);
    await run(new KeysOnly(portal.page), portal, platform);
  });
}
