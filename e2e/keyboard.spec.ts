import { expect, test } from './fixtures.ts';
import { KeysOnly } from './keys-only.ts';

test('messages: find one, read it, return to the list', async ({ portal, platform }) => {
  const { page } = portal;
  await platform.send('urn:lo:nsid:e2e:pump', { rpm: 1 }, { rpm: 2 }, { rpm: 3 });
  await platform.send('urn:lo:nsid:e2e:other', { level: 4 });
  // Typed at once, as who knows the way does.
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('messages');
  await page.keyboard.press('Enter');
  await expect(portal.rows('Messages')).toHaveCount(4);
  const filter = page.getByRole('textbox', { name: 'Text in value' });
  await new KeysOnly(page).reach(filter);
  await page.keyboard.type('rpm');
  await expect(portal.rows('Messages')).toHaveCount(3);
  await new KeysOnly(page).reachRows();
  await page.keyboard.press('End');
  await expect(page.locator('[role=row]:focus')).toContainText('rpm 1');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Message' });
  await expect(panel.getByRole('region', { name: 'Decoded, as stored' })).toContainText('"rpm": 1');
  await expect(panel.getByText('answered the sender')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(page.locator('[role=row]:focus')).toContainText('rpm 1');
});

test('devices: walk the list, open one, look through its tabs', async ({ portal, platform }) => {
  const { page } = portal;
  await platform.send('urn:lo:nsid:e2e:a', { level: 1 });
  await platform.send('urn:lo:nsid:e2e:b', { level: 2 });
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('devices');
  await page.keyboard.press('Enter');
  await expect(portal.rows('Devices')).toHaveCount(2);
  await new KeysOnly(page).reachRows();
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('[role=row]:focus')).toContainText('e2e:b');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'urn:lo:nsid:e2e:b' })).toBeVisible();
  const overview = page.getByRole('tab', { name: 'Overview' });
  await new KeysOnly(page).reach(overview);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Messages' })).toHaveAttribute('aria-selected', 'true');
  await expect(portal.rows('Messages').first()).toContainText('level 2');
});

test('the palette finds a device', async ({ portal, platform }) => {
  const { page } = portal;
  await platform.send('urn:lo:nsid:e2e:needle', { level: 1 });
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('needle');
  await page.getByRole('dialog').getByText('urn:lo:nsid:e2e:needle').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'urn:lo:nsid:e2e:needle' })).toBeVisible();
});

test('the palette has the focus before another key can come', async ({ portal }) => {
  const { page } = portal;
  const focused = await page.evaluate<string | null>(`(() => {
    const keys = { key: 'k', code: 'KeyK', ctrlKey: true, bubbles: true };
    document.body.dispatchEvent(new KeyboardEvent('keydown', keys));
    return document.activeElement?.getAttribute('aria-label');
  })()`);
  expect(focused).toBe(await page.getByRole('dialog').getByRole('textbox').getAttribute('aria-label'));
});

test('the palette does what the buttons of a page do, by their words, and what is set for all pages', async ({
  portal,
}) => {
  const { page } = portal;
  const keys = new KeysOnly(page);
  await portal.open('/messages');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await keys.choose('pause');
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await keys.choose('new fleet');
  await expect(page.getByRole('complementary', { name: 'New fleet' })).toBeVisible();
  await keys.choose('français');
  await expect(page.getByRole('link', { name: 'Appareils', exact: true })).toBeVisible();
});
