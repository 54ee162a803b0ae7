import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import type { Platform } from './platform.ts';

const devicesUrl = '/api/v1/deviceMgt/devices';
const good = (count: number): string =>
  Array.from({ length: count }, (_, n) => `urn:lo:nsid:e2e:bulk-${n},Bulk ${n},/new/hall\n`).join('');
const csv = (rows: string): string => `id,name,group.path\n${rows}`;

/** Drops a file where a person would, with the events of a browser. */
async function drop(page: Page, on: string, name: string, text: string): Promise<void> {
  // The transfer is made in the page, whose types these are.
  const data = await page.evaluateHandle(`{
    const transfer = new DataTransfer();
    transfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}, { type: 'text/csv' }));
    transfer;
  }`);
  const target = page.locator(on);
  await target.dispatchEvent('dragover', { dataTransfer: data });
  await target.dispatchEvent('drop', { dataTransfer: data });
}

const refused = (page: Page) =>
  page.getByRole('table', { name: 'Refused lines' }).locator('tbody').getByRole('row');

const ids = async (platform: Platform): Promise<string[]> =>
  (await platform.api<{ id: string }[]>('GET', `${devicesUrl}?limit=1000`)).map(({ id }) => id);

test('a file dropped on the list is looked at first, line by line, then imported', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await portal.open('/devices');
  const file = csv(`${good(2)}pump,No id,/new\nurn:lo:nsid:e2e:bulk-0,Twice,/new\n`);
  await drop(page, '.list-view', 'fleet.csv', file);
  await expect(page.getByRole('heading', { level: 1, name: 'Import devices' })).toBeVisible();
  const errors = refused(page);
  await expect(errors).toHaveCount(2);
  await expect(errors.first()).toContainText('must be urn:lo:nsid:');
  await expect(errors.first().getByRole('cell').first()).toHaveText('4');
  expect(await ids(platform)).toEqual([]);

  await page.getByRole('button', { name: 'Import 2 devices' }).click();
  const result = page.getByRole('region', { name: 'Import', exact: true });
  await expect(result.getByRole('status')).toContainText('done');
  expect(await ids(platform)).toEqual(['urn:lo:nsid:e2e:bulk-0', 'urn:lo:nsid:e2e:bulk-1']);
  const saving = page.waitForEvent('download');
  await result.getByRole('button', { name: 'Log' }).click();
  const log = await readFile(await (await saving).path(), 'utf8');
  expect(log).toContain('created,2');
  expect(log).toMatch(/\r\n4,pump,GENERIC_INVALID_PARAMETER_ERROR,/);
});

test('a file that cannot be read says why, and on which line', async ({ portal }) => {
  const { page } = portal;
  await portal.open('/devices/import');
  await drop(page, '.drop-zone', 'bad.csv', 'id,colour\nurn:lo:nsid:e2e:a,red\n');
  const check = page.getByRole('region', { name: 'Check' });
  await expect(check.getByRole('status')).toContainText('failed');
  await expect(check.getByRole('note')).toContainText('"colour" is no column of a device');
  await expect(page.getByRole('button', { name: /^Import \d/ })).toBeHidden();
});

test('an import that runs shows how far it is, and can be cancelled', async ({ portal, platform }) => {
  test.slow();
  const { page } = portal;
  await portal.open('/devices/import');
  const file = csv(good(150_000));
  await drop(page, '.drop-zone', 'many.csv', file);
  const check = page.getByRole('region', { name: 'Check' });
  await expect(check.getByRole('progressbar')).toBeVisible();
  await check.getByRole('button', { name: 'Cancel' }).click();
  await expect(check.getByRole('status')).toContainText('canceled');
  expect(await ids(platform)).toEqual([]);
  await page.reload();
  await expect(check.getByRole('status')).toContainText('canceled');
});

test('what the filter shows is exported, and can be imported again', async ({ portal, platform }) => {
  const { page } = portal;
  for (const n of [1, 2]) {
    const device = { id: `urn:lo:nsid:e2e:out-${n}`, tags: [n === 1 ? 'kept' : 'other'] };
    await platform.api('POST', devicesUrl, device);
  }
  await portal.open('/devices?filter=tags%3D%3Dkept');
  await expect(portal.rows('Devices')).toHaveCount(1);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'These devices as CSV' }).click();
  const text = await readFile(await (await saving).path(), 'utf8');
  expect(text.trim().split('\r\n')).toHaveLength(2);
  await platform.api('DELETE', `${devicesUrl}/urn:lo:nsid:e2e:out-1`);
  await portal.open('/devices/import');
  await drop(page, '.drop-zone', 'devices.csv', text);
  await page.getByRole('button', { name: 'Import 1 device' }).click();
  await expect.poll(() => ids(platform)).toContain('urn:lo:nsid:e2e:out-1');
});

test('axe finds nothing serious before a file and after one', async ({ portal }) => {
  const { page } = portal;
  await portal.open('/devices/import');
  await expect(page.getByText('None yet.')).toBeVisible();
  expect.soft(await serious(page), 'no file yet').toEqual([]);
  await drop(page, '.drop-zone', 'fleet.csv', csv(`${good(2)}pump,No id,/new\n`));
  await expect(refused(page)).toHaveCount(1);
  expect.soft(await serious(page), 'a file with a fault').toEqual([]);
});
