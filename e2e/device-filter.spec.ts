import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import type { Platform } from './platform.ts';

const devices = [
  { id: 'urn:lo:nsid:e2e:pump-1', name: 'Pump 1', tags: ['pump'], properties: { site: 'north' } },
  { id: 'urn:lo:nsid:e2e:pump-2', name: 'Pump 2', tags: ['pump'], properties: { site: 'south' } },
  { id: 'urn:lo:nsid:e2e:tank-1', name: 'Tank 1', tags: ['tank'], properties: { site: 'north' } },
];

async function register(platform: Platform): Promise<void> {
  for (const device of devices) await platform.api('POST', '/api/v1/deviceMgt/devices', device);
}

test('a filter is built from fields, kept in the address, and read from it again', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await register(platform);
  await portal.open('/devices');
  await expect(portal.rows('Devices')).toHaveCount(3);
  await page.getByRole('button', { name: 'Advanced filter' }).click();
  const area = page.getByRole('region', { name: 'Advanced filter' });
  await area.getByRole('combobox', { name: 'Field of condition 1' }).fill('tags');
  await area.getByRole('combobox', { name: 'Value of condition 1' }).click();
  await page.getByRole('option', { name: 'pump' }).click();
  await expect(portal.rows('Devices')).toHaveCount(2);
  await area.getByRole('button', { name: 'Group', exact: true }).click();
  await area.getByRole('combobox', { name: 'Field of condition 2.1' }).fill('property.site');
  await area.getByRole('combobox', { name: 'Operator of condition 2.1' }).click();
  await page.getByRole('option', { name: 'is none of' }).click();
  await area.getByRole('combobox', { name: 'Value of condition 2.1' }).fill('south');
  await area.getByRole('combobox', { name: 'Value of condition 2.1' }).press('Enter');
  await expect(portal.rows('Devices')).toHaveCount(1);
  await expect(area.getByText('tags==pump;property.site=out=(south)')).toBeVisible();

  // The address alone is the filter.
  const address = page.url();
  await portal.open('/settings');
  await page.goto(address);
  await expect(portal.rows('Devices')).toHaveCount(1);
  await expect(area.getByRole('combobox', { name: 'Field of condition 1' })).toHaveValue('tags');
  await area.getByRole('button', { name: 'Remove condition 1' }).click();
  await expect(portal.rows('Devices')).toHaveCount(2);
});

test('RSQL as text says where it does not fit, and becomes the same fields', async ({ portal, platform }) => {
  const { page } = portal;
  await register(platform);
  await portal.open('/devices?advanced=yes');
  const area = page.getByRole('region', { name: 'Advanced filter' });
  await area.getByText('As RSQL').click();
  const editor = area.getByRole('textbox', { name: 'Filter in RSQL' });
  await editor.fill('tags==pump;nosuch==1');
  await expect(area.getByRole('status')).toContainText('at character 12: no field is called nosuch');
  await expect(area.locator('mark')).toHaveText('nosuch==1');
  await expect(
    area.getByText('the list still has the last filter that fits', { exact: false }),
  ).toBeVisible();
  await expect(portal.rows('Devices')).toHaveCount(3);
  await editor.fill("name=='Pump 1',name==Tank*");
  await expect(portal.rows('Devices')).toHaveCount(2);
  await area.getByText('By fields').click();
  await expect(area.getByRole('radio', { name: 'Any of' })).toBeChecked();
  await expect(area.getByRole('combobox', { name: 'Value of condition 2' })).toHaveValue('Tank*');
});

test('the fields above the list and the advanced filter are the same filter', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await register(platform);
  await portal.open('/devices?text=Pump&advanced=yes');
  await expect(portal.rows('Devices')).toHaveCount(2);
  const area = page.getByRole('region', { name: 'Advanced filter' });
  const tags = page.getByRole('textbox', { name: 'Tags' });
  const text = page.getByRole('textbox', { name: 'Name, or id with a colon' });
  await expect(area.getByRole('combobox', { name: 'Value of condition 1' })).toHaveValue('*Pump*');
  // From the fields into the advanced filter.
  await text.fill('Tank');
  await expect(portal.rows('Devices')).toHaveCount(1);
  await expect(area.getByText('name==*Tank*')).toBeVisible();
  // And back: what has a field of its own stands in it.
  await area.getByText('As RSQL').click();
  await area.getByRole('textbox', { name: 'Filter in RSQL' }).fill('property.site==north;tags==pump');
  await expect(portal.rows('Devices')).toHaveCount(1);
  await expect(tags).toHaveValue('pump');
  await expect(text).toHaveValue('');
  expect(new URL(page.url()).hash).toContain('tags=pump');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(portal.rows('Devices')).toHaveCount(3);
  await expect(area.getByRole('textbox', { name: 'Filter in RSQL' })).toHaveValue('');
});

test('a filter in the address that does not fit is shown with its place', async ({ portal }) => {
  const { page } = portal;
  await portal.open(`/devices?advanced=yes&filter=${encodeURIComponent('name==(a')}`);
  await expect(page.getByRole('main').getByRole('alert')).toContainText('at character 7');
  await expect(page.getByRole('region', { name: 'Advanced filter' }).locator('mark')).toHaveText('(');
});

test('axe finds nothing serious in either form', async ({ portal, platform }) => {
  await register(platform);
  const { page } = portal;
  const filter = encodeURIComponent('tags==pump;(name==a*,created=gt=2030-01-01)');
  await portal.open(`/devices?advanced=yes&filter=${filter}`);
  await expect(page.getByRole('combobox', { name: 'Field of condition 2.2' })).toBeVisible();
  expect.soft(await serious(page), 'the fields').toEqual([]);
  await page.getByText('As RSQL').click();
  await page.getByRole('textbox', { name: 'Filter in RSQL' }).fill('name==a,nosuch==1');
  await expect(page.locator('mark')).toBeVisible();
  expect.soft(await serious(page), 'the text').toEqual([]);
});
