import { itemXml, objectXml } from '../core/testing/object-xml.ts';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { Meter, meterId } from './lwm2m-meter.ts';

test('reads, writes and observes a device over DTLS, and shows its value change as it is notified', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  const meter = await Meter.start(platform);
  await portal.open(`/devices/${encodeURIComponent(meterId)}?tab=twin&at=/3/0`);
  const device = page.getByRole('region', { name: 'Instance /3/0' });
  await device.getByRole('button', { name: 'Read /3/0', exact: true }).click();
  const values = page.getByRole('table', { name: 'Resources of /3/0' });
  await expect(values.getByRole('row', { name: /Battery Level/ })).toContainText('87');
  await expect(values.getByRole('row', { name: /Current Time/ })).toContainText('2030-01-01');
  expect.soft(await serious(page), 'the objects of a device').toEqual([]);

  await values.getByRole('button', { name: 'Write /3/0/15' }).click();
  const form = page.getByRole('form', { name: 'WRITE /3/0/15' });
  await form.getByRole('textbox', { name: 'Timezone' }).fill('Europe/Berlin');
  expect.soft(await serious(page), 'the form of an operation').toEqual([]);
  await form.getByRole('button', { name: 'Ask the device' }).click();
  await values.getByRole('button', { name: 'Read /3/0/15' }).click();
  await expect(values.getByRole('row', { name: /Timezone/ })).toContainText('Europe/Berlin');

  const tree = page.getByRole('tree', { name: 'Objects of the device' });
  await tree.getByRole('treeitem', { name: /Temperature/ }).click();
  const sensor = page.getByRole('region', { name: 'Temperature' });
  await page.getByRole('switch', { name: 'Only what was reported' }).click();
  await sensor.getByRole('button', { name: 'Observe /3303/0/5700' }).click();
  const row = sensor.getByRole('row', { name: /Sensor Value/ });
  await expect(row).toContainText('21.5');
  await expect(row).toContainText('observed');
  await meter.notify(23.25);
  await expect(row).toContainText('23.25');

  await tree.getByRole('treeitem', { name: /Unknown object 33333/ }).click();
  await expect(page.getByRole('main')).toContainText('No model describes this object');

  await page.getByRole('radiogroup', { name: 'Part of the twin' }).getByText('Operations').click();
  await page.getByRole('button', { name: /WRITE \/3\/0\/15/ }).click();
  const one = page.getByRole('region', { name: 'Operation', exact: true });
  await expect(one.getByRole('list', { name: 'Its way' })).toContainText(/PENDING.*SENT.*OK/);
  expect.soft(await serious(page), 'the way of an operation').toEqual([]);

  await page.getByRole('radiogroup', { name: 'Part of the twin' }).getByText('Observations').click();
  const observations = page.getByRole('table', { name: 'Observations' });
  await expect(observations.getByRole('row', { name: /\/3303\/0\/5700/ })).toContainText('OBSERVING');
  expect.soft(await serious(page), 'the observations of a device').toEqual([]);
  await meter.close();
});

test('imports a definition, after it has said on which line of the file something is wrong, and deletes it', async ({
  portal,
}) => {
  const { page } = portal;
  await portal.open('/twin');
  await page.getByRole('button', { name: 'Import a definition' }).click();
  const panel = page.getByRole('complementary', { name: 'Import a definition' });
  const choose = async (items: string) => {
    const chooser = page.waitForEvent('filechooser');
    await panel.getByRole('button', { name: 'Choose a file' }).click();
    const buffer = Buffer.from(objectXml({ name: 'Pump', items }));
    await (await chooser).setFiles({ name: 'pump.xml', mimeType: 'application/xml', buffer });
  };
  await choose(itemXml(1, 'Speed', 'R', 'Double'));
  await expect(panel.getByRole('alert')).toContainText('line 14, LWM2M > Object > Resources > Item 1 > Type');
  await choose(itemXml(1, 'Speed', 'RW'));
  const model = page.getByRole('complementary', { name: 'Pump' });
  await expect(model.getByRole('row', { name: /Speed/ })).toContainText('R Winteger');
  expect.soft(await serious(page), 'a definition').toEqual([]);
  await model.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(model).toBeHidden();
  await page.getByRole('textbox', { name: 'Name, object id or URN' }).fill('pump');
  await expect(page.getByRole('main')).toContainText('No definition is called that');
});
