import type { Page } from '@playwright/test';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { KeysOnly } from './keys-only.ts';
import type { Platform } from './platform.ts';

const campaignsUrl = '/api/v0/deviceMgt/campaigns';

/** Simulated MQTT devices with the tag `name`, connected. @returns the id of the fleet */
async function startFleet(platform: Platform, name: string, count: number, responders?: unknown) {
  const { id } = await platform.api<{ id: string }>('POST', '/bench/v1/simulators', {
    ...{ name, count, idPattern: `urn:lo:nsid:${name}:d{n}`, tags: [name], periodMs: 3_600_000 },
    payload: { kind: 'fields', fields: { n: { kind: 'counter' } } },
    ...(responders !== undefined && { responders }),
  });
  await platform.api('POST', `/bench/v1/simulators/${id}/start`);
  await expect
    .poll(
      async () => (await platform.api<{ connected: number }>('GET', `/bench/v1/simulators/${id}`)).connected,
    )
    .toBe(count);
  return id;
}

const command = (req: string) => ({
  action: 'command',
  definition: { request: { connector: 'mqtt', value: { req, arg: {} } } },
});
const period = (value: number) => ({
  action: 'configure',
  definition: { assetParameters: { period: { type: 'INT32', valueInt32: value } } },
});

const makeCampaign = (platform: Platform, body: object): Promise<{ id: string }> =>
  platform.api('POST', campaignsUrl, body);

/** Puts another text into the JSON editor that has the focus, or is given one. */
async function typeJson(page: Page, text: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

test('a campaign is planned in four steps, and watched until all devices are done', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await startFleet(platform, 'valve', 12);
  await portal.follow('Campaigns');
  await expect(page.getByRole('heading', { name: 'No campaigns yet' })).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'New campaign' }).first().click();
  const summary = page.getByRole('region', { name: '4. What will happen' });
  await expect(summary.getByRole('status')).toBeVisible();
  await expect(page.locator('.field-error')).toHaveCount(0);

  // Nothing is sent as long as something is missing, and each fault stands at its field.
  await page.getByRole('button', { name: 'Plan campaign' }).click();
  await expect(page.getByLabel('Name')).toBeFocused();
  await expect(page.getByText('3 things are missing')).toBeVisible();
  await expect(page.getByText('Give a condition, or take all devices.')).toBeVisible();
  await page.getByLabel('Name').fill('Restart valves');

  const devices = page.getByRole('region', { name: '1. Which devices' });
  await devices.getByRole('combobox', { name: 'Field of condition 1' }).fill('tags');
  await devices.getByRole('combobox', { name: 'Value of condition 1' }).fill('valve');
  await expect(devices.getByRole('link', { name: '12 devices fit now' })).toBeVisible();

  const operations = page.getByRole('region', { name: '2. What is done on each' });
  await operations.locator('.cm-content').click();
  await typeJson(page, JSON.stringify(command('reboot').definition));
  await operations.getByRole('button', { name: 'Configuration' }).click();
  await operations.getByLabel('Key of parameter 1').fill('period');
  await operations.getByRole('combobox', { name: 'Type of parameter 1' }).click();
  await page.getByRole('option', { name: 'UINT32' }).click();
  await operations.getByLabel('Value of parameter 1').fill('often');
  await expect(operations.getByText('as UINT32 is')).toBeVisible();
  await operations.getByLabel('Value of parameter 1').fill('60');
  await operations.getByRole('button', { name: 'Move up operation 2' }).click();
  await expect(operations.getByRole('group', { name: '1. Ask for values' })).toBeFocused();

  const review = page.getByRole('region', { name: '4. What will happen' });
  await expect(review).toContainText('It begins as soon as it is planned.');
  await expect(review).toContainText('12 devices fit now.');
  await expect(review.getByRole('listitem').first()).toContainText('period = 60');
  await expect(review.getByRole('listitem').last()).toContainText('{"req":"reboot","arg":{}} over mqtt');
  await review.getByRole('button', { name: 'Plan campaign' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Restart valves' })).toBeVisible();
  await expect(page.locator('.view-note').getByText('complete')).toBeVisible();
  await expect(page.getByRole('img', { name: 'Restart valves: 12 success' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Devices of the campaign by status, over time' })).toBeVisible();
  await expect(portal.rows('Devices')).toHaveCount(12);
  await portal.rows('Devices').first().click();
  const panel = page.getByRole('complementary', { name: 'Device' });
  await expect(panel.getByRole('heading', { name: '2. command' })).toBeVisible();
  // The devices did it: the platform holds their answers.
  await expect(panel.getByRole('region', { name: 'Command', exact: true })).toContainText('PROCESSED');
  const [{ id } = { id: '' }] = (await platform.api<{ data: { id: string }[] }>('GET', campaignsUrl)).data;
  const made = await platform.api<Record<string, unknown>>('GET', `${campaignsUrl}/${id}`);
  expect(made.totalTargetsPerStatus).toMatchObject({ success: 12 });
  expect(made.operations).toMatchObject([
    { action: 'configure', definition: { assetParameters: { period: { type: 'UINT32', valueUInt32: 60 } } } },
    { action: 'command', definition: { request: command('reboot').definition.request } },
  ]);
});

test('what runs is canceled: what waits is taken back, and by force what is at work too', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  // They take the command and never answer it.
  await startFleet(platform, 'silent', 3, []);
  const offline = 'urn:lo:nsid:silent:away';
  await platform.api('POST', '/api/v1/deviceMgt/devices', {
    ...{ id: offline, tags: ['silent'] },
    interfaces: [{ connector: 'mqtt', definition: { clientId: offline } }],
  });
  const body = { name: 'Never answered', targets: { filterQuery: 'tags==silent' } };
  const policy = { ackMode: 'APPLICATIVE', ackTimeoutInSeconds: 3600 };
  const { id } = await makeCampaign(platform, {
    ...body,
    operations: [{ action: 'command', definition: { ...command('x').definition, policy } }],
  });
  await portal.open(`/campaigns/${id}`);
  await expect(page.getByRole('img', { name: 'Never answered: 3 at work, 1 waiting' })).toBeVisible();

  await page.getByRole('button', { name: 'Cancel campaign' }).click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('1 device has an operation waiting for it, which is taken back.');
  await expect(question).toContainText('3 devices are at work: each may end its operation');
  await question.getByRole('button', { name: 'Cancel campaign' }).click();
  await expect(page.locator('.view-note').getByText('canceling')).toBeVisible();
  await expect(page.getByRole('img', { name: 'Never answered: 1 canceled, 3 at work' })).toBeVisible();

  await page.getByRole('button', { name: 'Cancel by force' }).click();
  await expect(question).toContainText('3 devices are at work: their operations are taken back too.');
  await question.getByRole('button', { name: 'Cancel by force' }).click();
  await expect(page.locator('.view-note').getByText('canceled')).toBeVisible();
  await expect(page.getByRole('img', { name: 'Never answered: 4 canceled' })).toBeVisible();

  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(question).toContainText('What became of each of its 4 devices is lost.');
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'No campaigns yet' })).toBeVisible();
});

test('devices that fail are found by their state, with code and details', async ({ portal, platform }) => {
  const { page } = portal;
  await startFleet(platform, 'pump', 1);
  const gone = 'urn:lo:nsid:pump:gone';
  const { id } = await makeCampaign(platform, {
    ...{ name: 'Half', targets: { idList: ['urn:lo:nsid:pump:d1', gone] } },
    operations: [command('reboot')],
  });
  await portal.open('/campaigns');
  const row = portal.rows('Campaigns').filter({ hasText: 'Half' });
  await expect(row).toContainText('incomplete');
  await expect(row).toContainText('2 of 2');
  await row.getByRole('link', { name: 'Half' }).click();
  await page.getByRole('main').getByRole('link', { name: 'failure' }).click();
  await expect(portal.rows('Devices')).toHaveCount(1);
  await expect(portal.rows('Devices')).toContainText('DM_DEVICE_NOT_FOUND');
  expect(new URL(page.url()).hash).toContain('status=failure');
  await page.reload();
  await portal.ready();
  await expect(portal.rows('Devices')).toContainText(gone);
  // Nothing was told to this page: the curve comes from what is kept.
  await expect(page.getByRole('img', { name: 'Devices of the campaign by status, over time' })).toBeVisible();
  await portal.rows('Devices').getByText('DM_DEVICE_NOT_FOUND').click();
  await expect(page.getByRole('complementary', { name: 'Device' })).toContainText('DM_DEVICE_NOT_FOUND');
  await page.getByRole('tab', { name: 'JSON' }).click();
  await expect(page.getByRole('region', { name: 'JSON' })).toContainText(id);
});

test('a scheduled campaign is changed in the same form, and only what is different is sent', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  const { id } = await makeCampaign(platform, {
    ...{ name: 'Later', targets: { filterQuery: 'tags==none' }, operations: [period(5)] },
    planning: { startDate: '2099-01-01T00:00:00Z', endDate: '2099-01-02T00:00:00Z' },
  });
  await portal.open(`/campaigns/${id}`);
  await page.getByRole('button', { name: 'Edit' }).click();
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await page.getByLabel('Ends').fill('2098-01-01T00:00:00');
  await expect(page.getByText('must be after startDate')).toBeVisible();
  await page.getByLabel('Ends').fill('');
  await page.getByLabel('Value of parameter 1').fill('7');
  const sent = page.waitForRequest((request) => request.method() === 'PATCH');
  await page.getByRole('button', { name: 'Save' }).click();
  expect((await sent).postDataJSON()).toMatchObject({
    planning: { endDate: null },
    operations: [{ definition: { assetParameters: { period: { valueInt32: 7 } } } }],
  });
  expect(Object.keys((await sent).postDataJSON())).toEqual(['planning', 'operations']);
  await page.getByRole('tab', { name: 'What it does' }).click();
  await expect(page.getByRole('row', { name: 'period' })).toContainText('7');
  await page.getByRole('button', { name: 'Cancel campaign' }).click();
  await expect(page.getByRole('dialog')).toContainText('no device was touched');
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it as it is' }).click();
  await page.getByRole('button', { name: 'New like this' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New campaign' })).toBeVisible();
  await expect(page.getByLabel('Value of parameter 1')).toHaveValue('7');
});

test('a list of devices leads to a campaign with its filter', async ({ portal, platform }) => {
  const { page } = portal;
  await startFleet(platform, 'lamp', 2);
  await portal.open('/devices?tags=lamp');
  await page.getByRole('link', { name: 'Campaign with these' }).click();
  await expect(page.getByRole('link', { name: '2 devices fit now' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Value of condition 1' })).toHaveValue('lamp');
});

test('by keyboard alone: plan a campaign and see it complete', async ({ portal, platform }) => {
  test.slow();
  const { page } = portal;
  await startFleet(platform, 'fan', 2);
  await makeCampaign(platform, {
    ...{ name: 'Earlier', targets: { idList: ['urn:lo:nsid:fan:d1'] }, operations: [command('spin')] },
  });
  const keys = new KeysOnly(page);
  /** Walks forward to what has this name. */
  const tabTo = (role: 'textbox' | 'button' | 'combobox', name: string) =>
    keys.reach(page.getByRole('main').getByRole(role, { name, exact: true }));
  await keys.choose('new campaign');
  await expect(page.getByRole('heading', { level: 1, name: 'New campaign' })).toBeVisible();
  await tabTo('textbox', 'Name');
  await page.keyboard.type('Spin the fans');
  await tabTo('button', 'All devices');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: '2 devices fit now' })).toBeVisible();
  // The request of the campaign before is taken over, so no JSON has to be typed.
  await tabTo('combobox', 'Take over a request');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const review = page.getByRole('region', { name: '4. What will happen' });
  await expect(review.getByRole('listitem')).toContainText('{"req":"spin","arg":{}}');
  // Enter in a field sends nothing: a campaign is begun by its button only.
  await tabTo('textbox', 'Repetitions when it fails');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'New campaign' })).toBeVisible();
  await tabTo('button', 'Plan campaign');
  expect(await platform.api('GET', campaignsUrl)).toMatchObject({ totalCount: 1 });
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Spin the fans' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Spin the fans: 2 success' })).toBeVisible();
});

test('list, form and page have no serious fault, and say what cannot be loaded', async ({
  portal,
  platform,
}) => {
  test.slow();
  const { page } = portal;
  const check = async (what: string): Promise<void> => expect.soft(await serious(page), what).toEqual([]);
  await portal.open('/campaigns');
  await expect(page.getByRole('heading', { name: 'No campaigns yet' })).toBeVisible();
  await check('an empty list');
  await portal.open('/campaigns/nobody');
  await expect(page.getByRole('main').getByText('There is no such campaign')).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: 'All campaigns' })).toBeVisible();
  await check('a campaign that is not there');
  await portal.open('/campaigns?sort=colour');
  await expect(page.getByRole('main').getByRole('alert')).toContainText('query.sort');

  await startFleet(platform, 'mast', 2);
  const { id } = await makeCampaign(platform, {
    ...{ name: 'Mixed', targets: { idList: ['urn:lo:nsid:mast:d1', 'urn:lo:nsid:mast:none'] } },
    operations: [command('blink'), period(3)],
  });
  await portal.open('/campaigns');
  await expect(portal.rows('Campaigns')).toContainText('incomplete');
  await check('a list');
  await page.setViewportSize({ width: 1100, height: 900 });
  await portal.open(`/campaigns/${id}`);
  const last = await page.getByRole('columnheader', { name: 'Last change' }).boundingBox();
  expect((last?.x ?? 1100) + (last?.width ?? 0), 'the last column').toBeLessThanOrEqual(1100);
  await page.setViewportSize({ width: 1440, height: 900 });
  await portal.open(`/campaigns/${id}?device=urn%3Alo%3Ansid%3Amast%3Ad1`);
  const panel = page.getByRole('complementary', { name: 'Device' });
  await expect(panel.getByRole('region', { name: 'Command', exact: true })).toContainText('PROCESSED');
  await check('a page with a device');
  await portal.open(`/campaigns/${id}?tab=does`);
  await expect(page.getByRole('row', { name: 'period' })).toBeVisible();
  await check('what a campaign does');
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await check('a question');
  await portal.open(`/campaigns/new?like=${id}`);
  await expect(page.locator('.cm-content')).toBeVisible();
  await expect(page.getByText('1 of them is not there now')).toBeVisible();
  await page.getByLabel('Value of parameter 1').fill('often');
  await page.getByRole('button', { name: 'Plan campaign' }).click();
  await expect(page.getByLabel('Value of parameter 1')).toBeFocused();
  await check('a form with a fault');
});
