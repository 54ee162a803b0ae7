import type { Page } from '@playwright/test';
import type { Portal } from '../portal.ts';
import { pump, waitingFifo } from './demo.ts';

export interface Picture {
  readonly name: string;
  readonly path: string;
  /** Brings the view into the state to show. */
  readonly prepare?: (portal: Portal) => Promise<void>;
  /** Also with dark colours. */
  readonly dark?: boolean;
}

const devicePath = `/devices/${encodeURIComponent(pump.id)}`;

const openPanel = (table: string, text: string) => async (portal: Portal) => {
  await portal.rows(table).filter({ hasText: text }).first().click();
  await portal.page.getByRole('complementary').waitFor();
};

async function useTemplate({ page }: Portal): Promise<void> {
  await page.getByRole('button', { name: 'Use Machine' }).click();
  await page.getByRole('complementary').waitFor();
}

/** Every view as somebody meets it who has worked with it for an hour. */
export const pictures = (fleet: string): Picture[] => [
  { name: 'dashboard', path: '/', dark: true },
  { name: 'devices', path: '/devices' },
  { name: 'devices-filtered', path: '/devices?tags=pump' },
  { name: 'device', path: devicePath, dark: true },
  { name: 'device-messages', path: `${devicePath}?tab=messages` },
  { name: 'device-interfaces', path: `${devicePath}?tab=interfaces` },
  { name: 'device-activity', path: `${devicePath}?tab=activity` },
  { name: 'device-json', path: `${devicePath}?tab=json` },
  { name: 'groups', path: '/groups' },
  { name: 'messages', path: '/messages' },
  {
    name: 'message',
    path: '/messages',
    dark: true,
    prepare: async (portal) => {
      await openPanel('Messages', 'pump-7')(portal);
      await portal.page.getByRole('button', { name: 'Chart flowM3h' }).click();
      await portal.page.getByRole('heading', { name: 'Message', exact: true }).hover();
      await portal.page.locator('.panel-body').evaluate((body) => body.scrollTo(0, 0));
    },
  },
  { name: 'message-refused', path: '/messages?show=refused', prepare: openPanel('Messages', 'gate-1') },
  { name: 'routing', path: '/routing' },
  { name: 'policy', path: '/routing?policy=site' },
  { name: 'fifo', path: `/routing/fifo/${waitingFifo}` },
  { name: 'simulators', path: '/simulators' },
  { name: 'fleet-new', path: '/simulators', prepare: useTemplate },
  { name: 'fleet', path: `/simulators/${fleet}?number=1`, dark: true },
  { name: 'audit', path: '/audit', prepare: openPanel('Audit log', 'gate-1') },
  { name: 'access', path: '/access' },
  { name: 'access-new', path: '/access?create=yes' },
  {
    name: 'connect',
    path: '/connect',
    dark: true,
    prepare: async ({ page }) => page.getByRole('button', { name: 'Make a key' }).click(),
  },
  { name: 'settings', path: '/settings' },
  {
    name: 'palette',
    path: '/',
    prepare: async ({ page }) => {
      await page.keyboard.press('ControlOrMeta+k');
      await page.keyboard.type('pump');
      await page.getByRole('dialog').getByText(pump.name).waitFor();
    },
  },
];

/** Nothing moves any more, nothing is still to be fetched, and the pointer points at nothing. */
export async function settle(page: Page): Promise<void> {
  await page.mouse.move(700, 4);
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.waitForTimeout(600);
}
