import type { Page } from '@playwright/test';
import type { Portal } from '../portal.ts';
import { pump, runningCampaign, waitingFifo } from './demo.ts';

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

const siteFilter = encodeURIComponent(
  'groupPath==/site/*;(tags=in=(pump,tank),interfaces.status==CONNECTIVITY_ERROR)',
);

/** A delivery of devices as it comes: most lines are good. */
const delivery = [
  'id,name,tags,group.path',
  'urn:lo:nsid:acme:valve-1,"Valve 1, east",valve,/site/east',
  'urn:lo:nsid:acme:valve-2,"Valve 2, east",valve,/site/east',
  'valve-3,"Valve 3, east",valve,/site/east',
  `${pump.id},"Pump 7",pump,/site/north`,
  '',
].join('\n');

async function checkFile(portal: Portal): Promise<void> {
  await portal.page
    .locator('input[type=file]')
    .setInputFiles({ name: 'delivery.csv', mimeType: 'text/csv', buffer: Buffer.from(delivery) });
  await portal.page.getByRole('table', { name: 'Refused lines' }).waitFor();
}

async function openCampaign({ page }: Portal): Promise<void> {
  await page.getByRole('link', { name: runningCampaign }).click();
  await page.getByRole('heading', { level: 1, name: runningCampaign }).waitFor();
}

async function fillCampaign({ page }: Portal): Promise<void> {
  await page.getByLabel('Name').fill('Night mode of the meters');
  await page.getByRole('combobox', { name: 'Field of condition 1' }).fill('tags');
  await page.getByRole('combobox', { name: 'Value of condition 1' }).fill('energy');
  await page.getByRole('button', { name: 'Configuration' }).click();
  await page.getByLabel('Key of parameter 1').fill('nightMode');
  await page.getByRole('textbox', { name: 'Value of parameter 1' }).fill('22:00-06:00');
  await page.getByRole('button', { name: 'Move up operation 2' }).click();
  await page.getByRole('combobox', { name: 'Take over a request' }).click();
  await page.getByRole('option', { name: 'restart' }).click();
  await page.locator('.campaign-editor').evaluate((form) => form.scrollTo(0, 0));
}

/** Every view as somebody meets it who has worked with it for an hour. */
export const pictures = (fleet: string): Picture[] => [
  { name: 'dashboard', path: '/', dark: true },
  { name: 'devices', path: '/devices', dark: true },
  { name: 'devices-filtered', path: '/devices?tags=pump' },
  { name: 'devices-filter', path: `/devices?advanced=yes&filter=${siteFilter}`, dark: true },
  {
    name: 'devices-rsql',
    path: '/devices?advanced=yes&filter=tags%3D%3Dpump',
    prepare: async ({ page }) => {
      await page.getByText('As RSQL').click();
      await page.getByRole('textbox', { name: 'Filter in RSQL' }).fill('tags==pump;colour==red');
      await page.locator('mark').waitFor();
    },
  },
  { name: 'devices-import', path: '/devices/import', prepare: checkFile, dark: true },
  { name: 'devices-map', path: '/devices/map', dark: true },
  { name: 'devices-map-close', path: '/devices/map?at=48.08,-1.66,10.5' },
  { name: 'devices-counts', path: '/devices/counts', dark: true },
  { name: 'device', path: devicePath, dark: true },
  { name: 'device-messages', path: `${devicePath}?tab=messages`, dark: true },
  { name: 'device-interfaces', path: `${devicePath}?tab=interfaces` },
  { name: 'device-edit', path: `${devicePath}?panel=edit`, dark: true },
  {
    name: 'interface-new',
    path: `${devicePath}?tab=interfaces&panel=add-interface`,
    prepare: async ({ page }) => {
      await page.getByRole('combobox', { name: 'Connector' }).click();
      await page.getByRole('option', { name: 'lora' }).click();
      await page.getByLabel('devEUI').fill('70B3D5E75E0074FF');
    },
  },
  { name: 'device-publish', path: `${devicePath}?panel=publish`, dark: true },
  { name: 'device-activity', path: `${devicePath}?tab=activity`, dark: true },
  { name: 'device-json', path: `${devicePath}?tab=json` },
  {
    name: 'groups',
    path: '/groups',
    dark: true,
    prepare: async (portal) => {
      await portal.page.getByRole('treeitem', { name: 'north' }).click();
      await portal.rows('Devices in /site/north').first().waitFor();
    },
  },
  { name: 'messages', path: '/messages', dark: true },
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
  {
    name: 'message-refused',
    path: '/messages?show=refused',
    prepare: openPanel('Messages', 'gate-1'),
    dark: true,
  },
  { name: 'messages-none', path: '/messages?text=nothing-like-this', dark: true },
  { name: 'message-gone', path: '/messages?message=0123456789abcdef01234567' },
  { name: 'device-gone', path: '/devices/urn:lo:nsid:acme:nobody', dark: true },
  { name: 'routing', path: '/routing', dark: true },
  { name: 'policy', path: '/routing?policy=site', dark: true },
  { name: 'fifo', path: `/routing/fifo/${waitingFifo}`, dark: true },
  { name: 'commands', path: `${devicePath}?tab=commands`, dark: true },
  { name: 'configuration', path: `${devicePath}?tab=configuration` },
  { name: 'device-resources', path: `${devicePath}?tab=resources` },
  { name: 'resources', path: '/resources', dark: true },
  { name: 'connectors', path: '/connectors', dark: true },
  { name: 'campaigns', path: '/campaigns', dark: true },
  { name: 'campaign', path: '/campaigns', dark: true, prepare: openCampaign },
  { name: 'campaign-new', path: '/campaigns/new', prepare: fillCampaign, dark: true },
  { name: 'simulators', path: '/simulators', dark: true },
  { name: 'fleet-new', path: '/simulators', prepare: useTemplate, dark: true },
  { name: 'fleet', path: `/simulators/${fleet}?number=1`, dark: true },
  { name: 'audit', path: '/audit', prepare: openPanel('Audit log', 'gate-1'), dark: true },
  { name: 'access', path: '/access', dark: true },
  { name: 'access-key', path: '/access', prepare: openPanel('API keys', 'Site') },
  { name: 'access-new', path: '/access?create=yes' },
  { name: 'users', path: '/access/users', dark: true, prepare: openPanel('Users', 'anna') },
  { name: 'user-new', path: '/access/users?create=yes' },
  {
    name: 'certificates',
    path: '/access/certificates',
    prepare: openPanel('CA certificates', 'Plant'),
    dark: true,
  },
  { name: 'certificate-new', path: '/access/certificates?create=yes' },
  { name: 'tenants', path: '/access/tenants', dark: true },
  { name: 'account', path: '/account', dark: true },
  {
    name: 'connect',
    path: '/connect',
    dark: true,
    prepare: async ({ page }) => page.getByRole('button', { name: 'Make a key' }).click(),
  },
  { name: 'settings', path: '/settings', dark: true },
  {
    name: 'palette',
    path: '/',
    prepare: async ({ page }) => {
      await page.keyboard.press('ControlOrMeta+k');
      await page.keyboard.type('pump');
      await page.getByRole('dialog').getByText(pump.name).waitFor();
    },
  },
  {
    // Near the end: it stays open over other views.
    name: 'clock',
    path: '/',
    dark: true,
    prepare: async ({ page }) => page.getByRole('button', { name: /^(Real time|Heure réelle)$/ }).click(),
  },
  {
    // The last one: it ends the session of this tab.
    name: 'login',
    path: '/',
    dark: true,
    prepare: async ({ page }) => {
      await page.evaluate('sessionStorage.clear()');
      await page.reload();
      await page.getByRole('button', { name: /^(Sign in|Se connecter)$/ }).waitFor();
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
