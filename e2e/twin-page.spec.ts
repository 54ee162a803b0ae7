import { itemXml, objectXml } from '../core/testing/object-xml.ts';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { KeysOnly } from './keys-only.ts';
import { masterKey, type Platform } from './platform.ts';
import { Portal } from './portal.ts';

const device = 'urn:lo:nsid:lwm2m:tank-1';
const url = `/api/v1/deviceMgt/devices/${device}`;
const page = (at: string): string => `/devices/${encodeURIComponent(device)}?tab=twin${at}`;

/** A simulated device with a temperature, which is connected. */
async function simulate(platform: Platform, more: readonly object[] = []): Promise<void> {
  const fleet = { name: 'Tanks', connector: 'lwm2m', count: 1, idPattern: 'tank-{n}', periodMs: 3_600_000 };
  const { id } = await platform.api<{ id: string }>('POST', '/bench/v1/simulators', {
    ...{ ...fleet, objects: [{ id: 3303 }, ...more] },
  });
  await platform.api('POST', `/bench/v1/simulators/${id}/start`);
  const status = async () => {
    const known = await platform
      .api<{ interfaces?: { status: string }[] }>('GET', url)
      .catch(() => undefined);
    return known?.interfaces?.[0]?.status;
  };
  await expect.poll(status).toBe('ONLINE');
}

test.describe('dark', () => {
  test.use({ colorScheme: 'dark' });

  test('a twin is empty, then read, written and observed by keys alone, and tells what failed', async ({
    portal,
    platform,
  }) => {
    test.slow();
    const { page: view } = portal;
    await platform.api('POST', '/api/v1/deviceMgt/devices', {
      id: 'urn:lo:nsid:lwm2m:still',
      interfaces: [
        {
          ...{ connector: 'lwm2m', enabled: true },
          definition: {
            endpointName: 'still',
            security: { mode: 'PSK', pskInfo: { identity: 'still', secret: 'the key of still' } },
          },
        },
      ],
    });
    await portal.open(`/devices/${encodeURIComponent('urn:lo:nsid:lwm2m:still')}?tab=twin`);
    await expect(
      view.getByRole('heading', { name: 'The device has not said which objects it has' }),
    ).toBeVisible();
    expect.soft(await serious(view), 'a twin without objects').toEqual([]);

    await simulate(platform);
    await portal.open(page('&at=/3/0'));
    const keys = new KeysOnly(view);
    await keys.use('Read /3/0');
    const values = view.getByRole('table', { name: 'Resources of /3/0' });
    await expect(values.getByRole('row', { name: /Manufacturer/ })).toContainText('Fleetbench');
    await keys.use('Write /3/0/15');
    await keys.reachNamed('textbox', /Timezone/);
    await keys.press('ControlOrMeta+a');
    await keys.type('Europe/Oslo');
    await keys.use('Ask the device');
    // The form is gone, and who opened it goes on from its row.
    await expect(view.getByRole('button', { name: 'Write /3/0/15', exact: true })).toBeFocused();
    await keys.press('Shift+Tab', 'Enter');
    await expect(values.getByRole('row', { name: /Timezone/ })).toContainText('Europe/Oslo');
    await keys.use('Observe /3/0/16');
    await expect(values.getByRole('row', { name: /Supported Binding/ })).toContainText('observed');
    await platform.api('POST', `${url}/twin/operations`, {
      ...{ type: 'WRITE-METADATA' },
      values: [{ path: '/3/0/9', metadata: [{ name: 'pmin', value: '20' }] }],
    });
    await expect(values.getByRole('row', { name: /Battery Level/ })).toContainText('pmin 20');
    expect.soft(await serious(view), 'the objects of a device').toEqual([]);

    // A threshold on a text is what the models do not allow.
    await platform.api('POST', `${url}/twin/operations`, {
      ...{ type: 'WRITE-METADATA' },
      values: [{ path: '/3/0/15', metadata: [{ name: 'gt', value: '5' }] }],
    });
    await portal.open(page('&twin=operations'));
    await expect(view.getByRole('region', { name: 'Operation', exact: true })).toContainText(
      'OPERATION_INVALID',
    );
    expect.soft(await serious(view), 'an operation that failed').toEqual([]);
    await portal.open(page('&twin=observations'));
    await expect(view.getByRole('table', { name: 'Observations' })).toContainText('OBSERVING');
    expect.soft(await serious(view), 'the observations of a device').toEqual([]);
    await portal.open('/twin');
    await expect(view.getByRole('main')).toContainText('urn:oma:lwm2m');
    expect.soft(await serious(view), 'the models of objects').toEqual([]);
  });
});

test('who may only read sees the values of a twin, and is offered nothing to ask', async ({
  page: view,
  platform,
}) => {
  await simulate(platform);
  await platform.api('POST', `${url}/twin/operations`, { type: 'READ', paths: ['/3/0'] });
  const { value } = await platform.api<{ value: string }>('POST', '/api/v0/apiKeys', {
    ...{ label: 'reader', roles: ['DEVICE_R'] },
  });
  await view.goto(platform.origin);
  const portal = new Portal(view, platform);
  await portal.enterKey(value);
  await portal.ready();
  await portal.open(page('&at=/3/0'));
  const values = view.getByRole('table', { name: 'Resources of /3/0' });
  await expect(values.getByRole('row', { name: /Manufacturer/ })).toContainText('Fleetbench');
  await expect(view.getByRole('button', { name: /^(Read|Write|Observe|Execute|Delete) \// })).toHaveCount(0);
  await expect(values.getByRole('checkbox')).toHaveCount(0);
  const ask = view.getByRole('button', { name: 'New operation' });
  await expect(ask).toHaveAttribute('aria-disabled', 'true');
  await portal.open(page('&twin=operations'));
  await expect(view.getByRole('region', { name: 'Operation', exact: true })).toContainText('OK');
  expect(await serious(view)).toEqual([]);
});

test('of an object with a thousand resources only those in sight exist, and keys walk all of them', async ({
  portal,
  platform,
}) => {
  const { page: view } = portal;
  const items = Array.from({ length: 1000 }, (_, id) => itemXml(id, `Part ${id}`)).join('');
  const body = new FormData();
  body.set('file', new Blob([objectXml({ name: 'Parts', items })]));
  const models = '/api/v1/deviceMgt/twin/model/object-definitions?inputFormat=lwm2m';
  const headers = { 'X-API-Key': masterKey };
  const imported = await fetch(platform.origin + models, { method: 'POST', headers, body });
  const { pathSegment } = (await imported.json()) as { pathSegment: string };
  await simulate(platform, [{ id: Number(pathSegment) }]);
  await portal.open(page(`&at=/${pathSegment}/0&all=yes`));
  const table = view.getByRole('table', { name: `Resources of /${pathSegment}/0` });
  await expect(table).toHaveAttribute('aria-rowcount', '1001');
  const row = (id: number) => table.getByRole('row', { name: `Part ${id} `, exact: false }).first();
  await expect(row(0)).toBeVisible();
  expect(await table.getByRole('row').count()).toBeLessThan(100);

  // Tab goes from row to row, far beyond those that there were at first.
  await row(20).getByRole('checkbox').focus();
  const focused = table.locator('tr:focus-within');
  for (let press = 0; press < 100; press++) await view.keyboard.press('Tab');
  expect(Number(await focused.getAttribute('aria-rowindex'))).toBeGreaterThan(40);
  // A row that has the focus stays, however far the page is scrolled.
  await table.evaluate((element) => {
    const scroller = element.closest('.twin-shown');
    scroller?.scrollTo({ top: scroller.scrollHeight });
  });
  await expect(row(999)).toBeVisible();
  await expect(focused).toHaveCount(1);
  await row(999)
    .getByRole('button', { name: `Read /${pathSegment}/0/999` })
    .click();
  await expect(row(999)).not.toContainText('not reported');
  expect(await serious(view)).toEqual([]);
  expect(await table.getByRole('row').count()).toBeLessThan(100);
});
