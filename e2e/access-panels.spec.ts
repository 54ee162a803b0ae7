import { OpensslPki } from '../core/testing/openssl.ts';
import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import type { Platform } from './platform.ts';

interface Made {
  readonly id: string;
}

/** A certificate, a key with all that a key can have and one below it, and a user who is locked out. */
async function furnish(platform: Platform): Promise<{ certificate: Made; key: Made; user: Made }> {
  const pki = await OpensslPki.start();
  try {
    const { certificate: pem } = await pki.ca('Plant CA');
    const certificate = await platform.api<Made>('POST', '/api/v0/certificates/ca', {
      certificate: pem,
      comment: 'Plant',
    });
    const key = await platform.api<Made>('POST', '/api/v0/apiKeys', {
      label: 'Site',
      description: 'Gateways of the site',
      roles: ['DEVICE_ACCESS', 'BUS_R', 'API_KEY_W', 'API_KEY_R'],
      from: Date.now() - 1000,
      to: Date.now() + 86_400_000,
      scope: { fifos: ['orders'] },
      clientCert: { required: true, caCertIds: [certificate.id] },
    });
    await platform.api('POST', '/api/v0/apiKeys', { label: 'Pump', roles: ['BUS_R'], parentId: key.id });
    const user = await platform.api<Made>('POST', '/api/v0/users', {
      login: 'ada',
      email: 'ada@example.org',
      roles: ['DATA_R', 'DEVICE_R'],
      password: 'Engine-of-1843',
    });
    for (let failure = 0; failure < 5; failure++) {
      await fetch(`${platform.origin}/api/v0/auth`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ login: 'ada', password: 'not this one' }),
      });
    }
    return { certificate, key, user };
  } finally {
    await pki.stop();
  }
}

test('axe finds nothing serious in the panels of users, keys, certificates and tenants', async ({
  portal,
  platform,
}) => {
  test.slow();
  const { certificate, key, user } = await furnish(platform);
  const { page } = portal;
  const panel = (name: string) => page.getByRole('complementary', { name });
  const check = async (path: string, title: string, button?: string): Promise<void> => {
    await portal.open(path);
    await expect(panel(title)).toBeVisible();
    expect.soft(await serious(page), path).toEqual([]);
    if (button === undefined) return;
    await panel(title).getByRole('button', { name: button, exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect.soft(await serious(page), `${path}: ${button}`).toEqual([]);
    await page.keyboard.press('Escape');
  };
  await check(`/access?key=${key.id}`, 'Site', 'Delete');
  await check(`/access?key=${key.id}&edit=yes`, 'Edit Site');
  await check(`/access/users?user=${user.id}`, 'ada', 'Delete');
  await check(`/access/users?user=${user.id}&edit=yes`, 'Edit ada');
  await check('/access/users?create=yes', 'New user');
  await check(`/access/certificates?certificate=${certificate.id}`, 'Plant', 'Delete');
  await check('/access/certificates?create=yes', 'Add a CA certificate');

  await check('/access/tenants?create=yes', 'New tenant');
  await panel('New tenant').getByLabel('Name').fill('acme');
  await panel('New tenant').getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('region', { name: 'Master key' })).toBeVisible();
  expect.soft(await serious(page), 'the secrets of a new tenant').toEqual([]);

  await portal.open('/access?create=yes');
  await panel('New key').getByLabel('Label').fill('Yard');
  await panel('New key').getByText('Own', { exact: true }).click();
  expect.soft(await serious(page), 'a new key with roles of its own').toEqual([]);
  await panel('New key').getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('region', { name: 'The new key' })).toBeVisible();
  expect.soft(await serious(page), 'a new key').toEqual([]);
});
