import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import type { Platform } from './platform.ts';
import type { Portal } from './portal.ts';

const deviceId = 'urn:lo:nsid:e2e:pump';
const devicePath = `/devices/${encodeURIComponent(deviceId)}`;

/** Every view and what shows that it is there, empty and filled. */
const emptyViews: readonly [path: string, shows: string][] = [
  ['/', 'Where to begin'],
  ['/devices', 'No devices yet'],
  ['/groups', 'There are no groups yet'],
  ['/messages', 'No messages yet'],
  ['/routing', 'No policies yet'],
  ['/simulators', 'No fleets yet'],
  ['/audit', 'Audit log'],
  ['/access', 'API keys'],
  ['/connect', 'Connect a device'],
  ['/settings', 'Settings'],
];

async function serious(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

async function fill(platform: Platform): Promise<void> {
  await platform.send(deviceId, { rpm: 1200, state: 'open' }, { rpm: 1250, state: 'open' });
  const bad = await platform.device('urn:lo:nsid:e2e:bad');
  await platform.api('PUT', '/api/v1/event2action/actionPolicies/all', {
    name: 'Everything',
    triggers: { dataMessage: { filter: { tags: [['e2e', 'lab'], ['e2e']] } } },
    actions: { fifoPublish: [{ fifoName: 'orders' }] },
  });
  await bad.publishAsync('dev/data', 'no json', { qos: 1 });
  await platform.send(deviceId, { rpm: 1300, state: 'closed' });
}

async function checkFilled(portal: Portal): Promise<void> {
  const { page } = portal;
  const check = async (what: string): Promise<void> => expect.soft(await serious(page), what).toEqual([]);
  const step = async (path: string, shows: () => Promise<void>): Promise<void> => {
    await portal.open(path);
    await shows();
    await check(path);
  };
  const heading = (name: string) => () => expect(page.getByRole('heading', { name }).first()).toBeVisible();
  await step('/', heading('Last messages'));
  await step('/devices', () => expect(portal.rows('Devices').first()).toBeVisible());
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
  await step('/access?create=yes', heading('New key'));
  await step('/simulators?create=machine', heading('New fleet'));
  await portal.open('/devices');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('dialog').getByText('Settings')).toBeVisible();
  await check('the palette');
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('empty views have no serious fault', async ({ portal }) => {
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

    test('the sign-in page has no serious fault', async ({ page, platform }) => {
      await page.goto(platform.origin);
      await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
      expect(await serious(page)).toEqual([]);
    });
  });
}
