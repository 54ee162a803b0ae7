import { readFile } from 'node:fs/promises';
import mqtt from 'mqtt';
import { OpensslPki } from '../core/testing/openssl.ts';
import { test as base, expect } from './fixtures.ts';
import { Platform } from './platform.ts';

const clientId = 'urn:lo:nsid:e2e:sealed';
const test = base.extend<{ pki: OpensslPki }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from it
  platform: async ({}, use) => {
    const platform = await Platform.start(['--mqtts-port', '0']);
    await use(platform);
    await platform.stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from it
  pki: async ({}, use) => {
    const pki = await OpensslPki.start();
    await use(pki);
    await pki.stop();
  },
});

test('a CA made by openssl lets a device in, and its deletion says who is sent away', async ({
  portal,
  platform,
  pki,
}) => {
  const { page } = portal;
  const ca = await pki.ca('Plant CA');
  const device = await pki.device(clientId, ca);
  await portal.open('/access/certificates');
  await expect(page.getByRole('heading', { name: 'No CA certificates yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Add a CA certificate' }).click();
  const form = page.getByRole('complementary', { name: 'Add a CA certificate' });
  await form.getByLabel('Or paste it').fill(device.certificate);
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(form.getByRole('alert')).toContainText('is not the certificate of a CA');
  await form.getByLabel('Or paste it').fill(ca.key);
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(form.getByRole('alert')).toContainText('holds a private key');
  await form.locator('input[type=file]').setInputFiles(ca.certificateFile);
  await expect(form.getByLabel('Or paste it')).toHaveValue(await readFile(ca.certificateFile, 'utf8'));
  await form.getByLabel('Comment').fill('Plant');
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  const panel = page.getByRole('complementary', { name: 'Plant' });
  await expect(panel).toContainText('Plant CA');
  await expect(panel.getByText('valid', { exact: true })).toBeVisible();

  await portal.open('/access?create=yes');
  const editor = page.getByRole('complementary', { name: 'New key' });
  await editor.getByLabel('Label').fill('Sealed');
  await editor.getByRole('switch', { name: 'Clients must show a certificate' }).check();
  await expect(editor.getByText('Choose the authority')).toBeVisible();
  await editor.getByRole('checkbox', { name: 'Plant' }).check();
  await editor.getByRole('button', { name: 'Create' }).click();
  const password = (await page.getByRole('region', { name: 'The new key' }).innerText()).trim();
  const trusted = await (await fetch(`${platform.origin}/bench/v1/ca.pem`)).text();
  const client = await mqtt.connectAsync(platform.mqttsUrl ?? '', {
    ...{ clientId, username: 'json+device', password, reconnectPeriod: 0 },
    ...{ ca: trusted, cert: device.certificate, key: device.key, servername: 'localhost' },
  });
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));

  await portal.open('/access/certificates');
  await portal.rows('CA certificates').filter({ hasText: 'Plant' }).click();
  await panel.getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('This API key loses it: Sealed');
  await expect(question).toContainText('nobody can connect with it');
  await expect(question).toContainText(clientId);
  await question.getByRole('button', { name: 'Delete' }).click();
  await closed;
  await expect(page.getByRole('heading', { name: 'No CA certificates yet' })).toBeVisible();
});
