import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';

const deviceId = 'urn:lo:nsid:e2e:pump';
const pathOf = (id: string): string => `/devices/${encodeURIComponent(id)}`;
const apiPath = (id: string): string => `/api/v1/deviceMgt${pathOf(id)}`;

interface Device {
  readonly name?: string;
  readonly tags: string[];
  readonly properties: Record<string, string>;
  readonly group: { readonly path: string };
  readonly staticLocation?: object;
  readonly interfaces?: { connector: string; nodeId: string; enabled: boolean; definition: object }[];
}

test('a device is registered, then given a name, properties, a group and a place', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await platform.api('POST', '/api/v1/deviceMgt/groups', { pathNode: 'north' });
  await portal.open('/devices');
  await page.getByRole('button', { name: 'New device' }).click();
  const maker = page.getByRole('complementary', { name: 'New device' });
  await maker.getByLabel('Id').fill('pump');
  await expect(maker.getByText('must be urn:lo:nsid:', { exact: false })).toBeVisible();
  await expect(maker.getByRole('button', { name: 'Create' })).toBeDisabled();
  await maker.getByLabel('Id').fill(deviceId);
  await maker.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { level: 1, name: deviceId })).toBeVisible();

  await page.getByRole('button', { name: 'Edit' }).click();
  const form = page.getByRole('complementary', { name: 'Edit device' });
  await form.getByLabel('Name', { exact: true }).fill('Pump 7');
  await form.getByRole('combobox', { name: 'Group' }).click();
  await page.getByRole('option', { name: '/north' }).click();
  await form.getByRole('combobox', { name: 'Tags' }).fill('critical');
  await form.getByRole('combobox', { name: 'Tags' }).press('Enter');
  await form.getByRole('button', { name: 'Add a property' }).click();
  await form.getByLabel('Name of property 1').fill('site.a');
  await form.getByLabel('Value of property 1').fill('hall 2');
  await expect(form.getByText('must not hold $ or .')).toBeVisible();
  await form.getByLabel('Name of property 1').fill('site');
  await form.getByLabel('Latitude').fill('95');
  await expect(form.getByText('must be from -90 to 90')).toBeVisible();
  await form.getByLabel('Latitude').fill('48.1');
  await form.getByLabel('Longitude').fill('-1.6');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Pump 7' })).toBeVisible();
  await expect(form).toBeHidden();
  await expect(page.getByText('48.1°, -1.6°')).toBeVisible();
  expect(await platform.api<Device>('GET', apiPath(deviceId))).toMatchObject({
    name: 'Pump 7',
    tags: ['critical'],
    properties: { site: 'hall 2' },
    group: { path: '/north' },
    staticLocation: { lat: 48.1, lon: -1.6 },
  });
});

test('another id says what follows, and leads to the page of the new one', async ({ portal, platform }) => {
  const { page } = portal;
  await platform.send(deviceId, { rpm: 1 });
  await portal.open(`${pathOf(deviceId)}?panel=edit`);
  const form = page.getByRole('complementary', { name: 'Edit device' });
  await form.getByLabel('Id').fill(`${deviceId}-2`);
  await expect(form.getByRole('status')).toContainText('keep the old id');
  const notFound: string[] = [];
  page.on('response', (answer) => {
    if (answer.status() === 404) notFound.push(answer.url());
  });
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `${deviceId}-2` })).toBeVisible();
  await expect(form).toBeHidden();
  await page.waitForLoadState('networkidle');
  expect(notFound).toEqual([]);
  const { interfaces } = await platform.api<Device>('GET', apiPath(`${deviceId}-2`));
  expect(interfaces).toMatchObject([{ connector: 'mqtt', nodeId: deviceId, status: 'ONLINE' }]);
});

test('an interface is added from the fields of its connector, changed, disabled, moved and deleted', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await platform.api('POST', '/api/v1/deviceMgt/devices', { id: deviceId });
  await platform.api('POST', '/api/v1/deviceMgt/devices', { id: `${deviceId}-spare` });
  const interfaces = async (id = deviceId) =>
    (await platform.api<Device>('GET', apiPath(id))).interfaces ?? [];
  await portal.open(`${pathOf(deviceId)}?tab=interfaces`);
  await page.getByRole('button', { name: 'Add interface' }).click();
  const maker = page.getByRole('complementary', { name: 'Add interface' });
  await maker.getByRole('combobox', { name: 'Connector' }).click();
  await page.getByRole('option', { name: 'lora' }).click();
  await maker.getByLabel('devEUI').fill('0123456789abcde');
  await expect(maker.getByText('must be 16 hexadecimal digits')).toBeVisible();
  await maker.getByLabel('devEUI').fill('0123456789abcdef');
  await maker.getByLabel('appEUI').fill('0123456789abcdef');
  await maker.getByLabel('appKey').fill('0123456789abcdef0123456789abcdef');
  await maker.getByLabel('profile').fill('Generic_classA_RX2SF12');
  await expect(maker.getByRole('button', { name: 'Create' })).toBeDisabled();
  await maker.getByLabel('connectivityPlan').fill('CP_Basic');
  await maker.getByRole('button', { name: 'Create' }).click();
  const shown = page.getByRole('region', { name: 'lora:0123456789ABCDEF' });
  await expect(shown.getByText('Never shown: appKey.')).toBeVisible();

  await shown.getByRole('button', { name: 'Edit' }).click();
  const editor = page.getByRole('complementary', { name: 'Edit interface' });
  await expect(editor.getByLabel('appKey')).toHaveValue('');
  await editor.getByLabel('encoding').fill('text');
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(editor).toBeHidden();
  expect(await interfaces()).toMatchObject([
    { definition: { encoding: 'text', profile: 'Generic_classA_RX2SF12' } },
  ]);

  await shown.getByRole('button', { name: 'Move' }).click();
  const mover = page.getByRole('complementary', { name: 'Move interface' });
  await mover.getByRole('combobox', { name: 'To device' }).fill('spare');
  await page.getByRole('option', { name: `${deviceId}-spare` }).click();
  await mover.getByRole('button', { name: 'Move' }).click();
  await mover.getByRole('link', { name: `${deviceId}-spare` }).click();
  await expect(page.getByRole('heading', { level: 1, name: `${deviceId}-spare` })).toBeVisible();
  expect(await interfaces()).toEqual([]);

  await shown.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'It has no interface' })).toBeVisible();
  expect(await interfaces(`${deviceId}-spare`)).toEqual([]);
});

test('disabling an interface without a session speaks of none', async ({ portal, platform }) => {
  const { page } = portal;
  const sms = { connector: 'sms', definition: { msisdn: '33601201201' } };
  await platform.api('POST', '/api/v1/deviceMgt/devices', { id: deviceId, interfaces: [sms] });
  await portal.open(`${pathOf(deviceId)}?tab=interfaces`);
  const shown = page.getByRole('region', { name: 'sms:33601201201' });
  await expect(shown.getByText('online')).toBeVisible();
  for (const action of ['Delete', 'Disable']) {
    await shown.getByRole('button', { name: action }).click();
    await expect(page.getByRole('dialog').locator('p')).not.toContainText('is connected');
    if (action === 'Delete') await page.getByRole('button', { name: 'Cancel' }).click();
  }
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await expect(shown.getByText('deactivated')).toBeVisible();
});

test('disabling an interface says that its session ends, and ends it', async ({ portal, platform }) => {
  const { page } = portal;
  const client = await platform.device(deviceId);
  const ended = new Promise<void>((resolve) => void client.once('close', () => resolve()));
  await portal.open(`${pathOf(deviceId)}?tab=interfaces`);
  await page.getByRole('button', { name: 'Disable' }).click();
  const asks = page.getByRole('dialog');
  await expect(asks).toContainText('its session ends at once');
  await asks.getByRole('button', { name: 'Disable' }).click();
  await ended;
  await page.getByRole('button', { name: 'Enable', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Disable' })).toBeVisible();
  await platform.device(deviceId);
});

test('the activity tells what was asked of the device, also while one looks', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await platform.send(deviceId, { rpm: 1 });
  await platform.api('POST', `${apiPath(deviceId)}/config`, {
    parameters: { rate: { type: 'INT32', value: 5 } },
  });
  await portal.open(`${pathOf(deviceId)}?tab=activity`);
  await expect(page.getByText('Configuration asked for: rate = 5')).toBeVisible();
  await platform.api('POST', `${apiPath(deviceId)}/commands`, {
    request: { connector: 'mqtt', value: { req: 'reboot', arg: {} } },
  });
  await expect(page.getByText('PENDING Command')).toBeVisible();
});

test('axe finds nothing serious in the forms of a device', async ({ portal, platform }) => {
  const { page } = portal;
  await platform.send(deviceId, { rpm: 1 });
  const of = encodeURIComponent(`mqtt:${deviceId}`);
  const forms: Record<string, string> = {
    'panel=edit': 'Edit device',
    'tab=interfaces&panel=add-interface': 'Add interface',
    [`tab=interfaces&panel=interface&of=${of}`]: 'Edit interface',
    [`tab=interfaces&panel=move&of=${of}`]: 'Move interface',
  };
  for (const [search, title] of Object.entries(forms)) {
    await portal.open(`${pathOf(deviceId)}?${search}`);
    await expect(page.getByRole('complementary', { name: title })).toBeVisible();
    expect.soft(await serious(page), title).toEqual([]);
  }
  await page.getByRole('button', { name: 'Disable' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  expect.soft(await serious(page), 'the question before it is disabled').toEqual([]);
});
