import { execFileSync } from 'node:child_process';
import mqtt from 'mqtt';
import { expect, test } from './fixtures.ts';

test('a key with a key below it: made, used, and deleted with what it let in', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await portal.follow('Access');
  await page.getByRole('button', { name: 'New key' }).click();
  let editor = page.getByRole('complementary', { name: 'New key' });
  await editor.getByLabel('Label').fill('Site');
  await editor.getByText('Own', { exact: true }).click();
  await editor.getByRole('checkbox', { name: 'Connect as a device: yes' }).check();
  await editor.getByRole('checkbox', { name: 'API keys: write' }).check();
  await editor.getByLabel('Valid from').fill('2040-01-01T00:00:00');
  await editor.getByLabel('Valid until').fill('2039-01-01T00:00:00');
  await expect(editor.getByText('Must be after the beginning')).toBeVisible();
  await editor.getByLabel('Valid from').fill('');
  await editor.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('button', { name: 'I have copied it' }).click();

  await portal.rows('API keys').filter({ hasText: 'Site' }).click();
  await page.getByRole('button', { name: 'New key below' }).click();
  editor = page.getByRole('complementary', { name: 'New key' });
  await editor.getByLabel('Label').fill('Pump');
  // What the key above has not cannot be given.
  await expect(editor.getByRole('checkbox', { name: 'Data: read' })).toBeDisabled();
  await editor.getByLabel('Valid until').fill('2038-01-01T00:00:00');
  await editor.getByRole('button', { name: 'Create' }).click();
  const value = await page.getByRole('region', { name: 'The new key' }).innerText();
  const client = await mqtt.connectAsync(platform.mqttUrl, {
    ...{
      clientId: 'urn:lo:nsid:e2e:pump',
      username: 'json+device',
      password: value.trim(),
      reconnectPeriod: 0,
    },
  });
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));

  await portal.rows('API keys').filter({ hasText: 'Site' }).click();
  await page.getByRole('complementary', { name: 'Site' }).getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('One key below it is deleted too: Pump');
  await expect(question).toContainText('MQTT sessions that end 1');
  await expect(question).toContainText('urn:lo:nsid:e2e:pump');
  await question.getByRole('button', { name: 'Delete' }).click();
  await closed;
  await expect(portal.rows('API keys')).toHaveCount(1);
});

test('a key is edited, switched off and on, watched, and given another value', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  const key = await platform.api<{ id: string; value: string }>('POST', '/api/v0/apiKeys', {
    label: 'Yard',
    roles: ['DATA_R'],
  });
  const ask = async (value: string) =>
    (await fetch(`${platform.origin}/api/v0/whoami`, { headers: { 'X-API-Key': value } })).status;
  await portal.open(`/access?key=${key.id}`);
  const panel = page.getByRole('complementary', { name: 'Yard' });
  await panel.getByRole('button', { name: 'Edit' }).click();
  const editor = page.getByRole('complementary', { name: 'Edit Yard' });
  await expect(editor.getByRole('button', { name: 'Save' })).toBeDisabled();
  await editor.getByLabel('Description').fill('Reads the yard');
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(panel).toContainText('Reads the yard');
  await panel.getByRole('button', { name: 'Switch off' }).click();
  await expect(panel.getByText('switched off')).toBeVisible();
  expect(await ask(key.value)).toBe(401);
  await panel.getByRole('button', { name: 'Switch on' }).first().click();
  await expect(panel.getByText('active', { exact: true })).toBeVisible();
  expect(await ask(key.value)).toBe(200);
  await panel.getByRole('button', { name: 'Switch on' }).click();
  await expect(panel.getByText('on until')).toBeVisible();
  await panel.getByRole('button', { name: 'New value' }).click();
  await page.getByRole('button', { name: 'Make a new value' }).click();
  const value = await page.getByRole('region', { name: 'The new key' }).innerText();
  expect([await ask(key.value), await ask(value.trim())]).toEqual([403, 200]);
});

test('a new key stands below the key of the session, and for a user below the master key', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  const parentOf = async (): Promise<string | null> => {
    await portal.open('/access?create=yes');
    return page.getByRole('combobox', { name: 'Below the key' }).getAttribute('placeholder');
  };
  expect(await parentOf()).toBe('The key you are signed in with');
  const password = 'Engine-of-1843';
  await platform.api('POST', '/api/v0/users', { login: 'ada', password, profile: 'ADMIN' });
  await page.evaluate('sessionStorage.clear()');
  await page.goto(platform.origin);
  await portal.enterPassword('ada', password);
  await portal.ready();
  expect(await parentOf()).toBe('The master key');
  const editor = page.getByRole('complementary', { name: 'New key' });
  await editor.getByLabel('Label').fill('Hers');
  await editor.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('region', { name: 'The new key' })).toBeVisible();
  const keys = await platform.api<{ data: { id: string; label: string; parentId?: string }[] }>(
    'GET',
    '/api/v0/apiKeys',
  );
  const idOf = (wanted: string) => keys.data.find(({ label }) => label === wanted);
  expect(idOf('Hers')?.parentId).toBe(idOf('master')?.id);
});

test('the master key cannot be deleted; with another value this window goes on', async ({ portal }) => {
  const { page } = portal;
  await portal.follow('Access');
  await portal.rows('API keys').filter({ hasText: 'master key' }).click();
  const panel = page.getByRole('complementary', { name: 'master' });
  const remove = panel.getByRole('button', { name: 'Delete' });
  await expect(remove).toHaveAttribute('aria-disabled', 'true');
  await remove.hover();
  await expect(page.getByRole('tooltip')).toContainText('A master key stays whole');
  await panel.getByRole('button', { name: 'New value' }).click();
  await expect(page.getByRole('dialog')).toContainText('You are signed in with this key');
  await page.getByRole('button', { name: 'Make a new value' }).click();
  await expect(page.getByRole('region', { name: 'The new key' })).toHaveText(/^[0-9a-f]{32}$/);
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await page.reload();
  await portal.ready();
  await portal.open('/access');
  await expect(portal.rows('API keys')).toHaveCount(1);
});

test('what a form sends is there as a line for a terminal, and runs with the key of the session', async ({
  portal,
}) => {
  const { page } = portal;
  await portal.follow('Access');
  await page.getByRole('button', { name: 'New key' }).click();
  const editor = page.getByRole('complementary', { name: 'New key' });
  await editor.getByLabel('Label').fill("Ada's key");
  const line = editor.getByRole('region', { name: 'As curl' });
  await expect(line).toContainText('X-API-Key: YOUR_API_KEY');
  await editor.getByLabel('With the key of this session').check();
  await expect(line).not.toContainText('YOUR_API_KEY');
  const made = execFileSync('sh', ['-c', `${await line.innerText()} -s`], { encoding: 'utf8' });
  expect(JSON.parse(made)).toMatchObject({ label: "Ada's key" });
  // It is in the list by itself, though the portal did not make it.
  await expect(portal.rows('API keys').filter({ hasText: "Ada's key" })).toBeVisible({ timeout: 15_000 });
});
