import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';

const device = 'urn:lo:nsid:lwm2m:boiler-1';
const twin = `/api/v1/deviceMgt/devices/${device}/twin`;

test('a value that is changed at a simulated LwM2M device arrives at its twin', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await portal.open('/simulators?create=lwm2m-sensor');
  const form = page.getByRole('complementary', { name: 'New fleet' });
  await form.getByRole('textbox', { name: 'Endpoint name' }).fill('boiler-{n}');
  await form.getByRole('button', { name: 'Create and start' }).click();
  await page.getByRole('link', { name: 'LwM2M sensor' }).click();
  await expect(page.getByText('3 of 3')).toBeVisible();
  const { id } = await platform.api<{ id: string }>('POST', `${twin}/observations`, {
    ...{ paths: ['/3303/0/5700'], name: 'temperature' },
  });
  const status = async () =>
    (await platform.api<{ status: string }>('GET', `${twin}/observations/${id}`)).status;
  await expect.poll(status).toBe('OBSERVING');
  await portal.rows('Devices').first().click();
  const panel = page.getByRole('complementary', { name: 'Device 1' });
  await panel.getByText('/3303 Temperature').click();
  await panel.getByRole('listitem').filter({ hasText: '/3303/0/5700' }).getByRole('button').first().click();
  await panel.getByRole('textbox', { name: 'New value of /3303/0/5700' }).fill('77.5');
  await panel.getByRole('button', { name: 'Set', exact: true }).click();
  const reported = async () => JSON.stringify(await platform.api('GET', `${twin}/objects/3303/0`));
  await expect.poll(reported).toContain('"77.5"');
  await expect(panel.getByText('77.5').first()).toBeVisible();
  expect(await serious(page)).toEqual([]);
});
