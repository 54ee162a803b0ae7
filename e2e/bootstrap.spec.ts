import { BootstrapClient } from '../core/testing/bootstrap-client.ts';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';

const key = '00112233445566778899aabbccddeeff';
const columns = 'endpointName,pskInfo.identity,pskInfo.secret,bootstrapConfigId\n';

test('makes a configuration and an entry, follows the bootstrap of a client, and imports more entries', async ({
  portal,
  platform,
}) => {
  test.slow();
  const { page } = portal;
  await portal.open('/bootstrap/configs');
  await page.getByRole('button', { name: 'New configuration' }).click();
  const config = page.getByRole('form', { name: 'New configuration' });
  await config.getByRole('switch', { name: 'The run server is this platform' }).click();
  await config.getByRole('button', { name: 'Create' }).click();
  await expect(config.getByText('must not be empty')).toBeVisible();
  await expect(config.getByText('must be as coaps://host:port')).toBeVisible();
  expect.soft(await serious(page), 'the form of a configuration').toEqual([]);
  await config.getByRole('textbox', { name: 'Name' }).fill('Meters');
  await config.getByRole('textbox', { name: 'Id of the run server' }).fill('head-end');
  await config.getByRole('textbox', { name: 'Address' }).fill('coaps://head-end:5684');
  await config.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('complementary', { name: 'Meters' })).toContainText('coaps://head-end:5684');
  expect.soft(await serious(page), 'a configuration').toEqual([]);
  await page.getByRole('complementary').getByRole('button', { name: 'Edit' }).click();
  const change = page.getByRole('form', { name: 'Edit Meters' });
  await change.getByText('Further fields of its Server object').click();
  await change.getByRole('textbox', { name: 'Disable timeout' }).fill('soon');
  await change.getByRole('button', { name: 'Save' }).click();
  await expect(change.getByText('must be a whole number from 0 to 2147483647')).toBeVisible();
  await change.getByRole('textbox', { name: 'Disable timeout' }).fill('60');
  expect.soft(await serious(page), 'all fields of a configuration').toEqual([]);
  await change.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('complementary', { name: 'Meters' })).toContainText('"disableTimeout": 60');

  await page.getByRole('link', { name: 'Entries' }).click();
  await page.getByRole('button', { name: 'New entry' }).click();
  const entry = page.getByRole('form', { name: 'New entry' });
  await entry.getByRole('textbox', { name: 'Endpoint name' }).fill('meter-1');
  const bootstrapKey = entry.getByRole('group', { name: 'For the bootstrap server' });
  await bootstrapKey.getByLabel('PSK secret', { exact: true }).fill(key);
  await entry.getByRole('combobox', { name: 'Configuration' }).click();
  await page.getByRole('option', { name: 'Meters' }).click();
  const runKey = entry.getByRole('group', { name: 'For run server head-end' });
  await runKey.getByLabel('PSK secret', { exact: true }).fill('the key of the run server');
  expect.soft(await serious(page), 'the form of an entry').toEqual([]);
  await expect(page.getByRole('main')).not.toContainText(key);
  await entry.getByRole('button', { name: 'Create' }).click();
  const panel = page.getByRole('complementary', { name: 'meter-1' });
  await expect(panel).toContainText('never asked');

  const { bs = '' } = await platform.api<{ bs?: string }>('GET', '/bench/v1/endpoints');
  const client = await BootstrapClient.connect({
    ...{ port: Number(new URL(bs).port), identity: 'meter-1' },
    key: Uint8Array.from(Buffer.from(key, 'hex')),
  });
  expect((await client.request('ep=meter-1')).codeText).toBe('2.04');
  await expect(panel).toContainText('finished');
  await client.close();
  await expect(panel.getByRole('region', { name: 'What was sent last' }).first()).toContainText(
    '"secretKey": "***"',
  );
  await expect(panel).not.toContainText('the key of the run server');
  expect.soft(await serious(page), 'an entry').toEqual([]);

  await panel.getByRole('button', { name: 'Edit' }).click();
  const edited = page.getByRole('form', { name: 'Edit meter-1' });
  const runIdentity = edited.getByRole('group', { name: 'For run server head-end' });
  await runIdentity.getByRole('textbox', { name: 'PSK identity' }).fill('meter-1 at the head-end');
  await edited.getByRole('button', { name: 'Save' }).click();
  await expect(panel).toBeVisible();
  const kept = '/api/v1/bootstrap/lwm2m/entries/meter-1?showSecuritySecrets=true';
  expect(await platform.api('GET', kept)).toMatchObject({
    definition: {
      runServers: [
        {
          security: {
            pskInfo: { identity: 'meter-1 at the head-end', secret: 'the key of the run server' },
          },
        },
      ],
    },
  });

  await page.getByRole('button', { name: 'Import' }).click();
  const dropping = await page.evaluateHandle(`{
    const transfer = new DataTransfer();
    const text = ${JSON.stringify(`${columns}meter-2,meter-2,00ff,\nmeter-1,x,00ff,\n`)};
    transfer.items.add(new File([text], 'entries.csv', { type: 'text/csv' }));
    transfer;
  }`);
  await page.locator('.drop-zone').dispatchEvent('drop', { dataTransfer: dropping });
  const refused = page.getByRole('table', { name: 'Refused lines' }).locator('tbody').getByRole('row');
  await expect(refused).toHaveCount(1);
  await expect(refused).toContainText('BOOTSTRAP_ENTRY_DUPLICATE');
  await expect(portal.rows('Entries')).toHaveCount(1);
  expect.soft(await serious(page), 'a file that was looked at').toEqual([]);
  await page.getByRole('button', { name: 'Import 1 entry' }).click();
  await expect(portal.rows('Entries')).toHaveCount(2);

  await portal.open('/bootstrap?entry=meter-1');
  await panel.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(portal.rows('Entries')).toHaveCount(1);
});
