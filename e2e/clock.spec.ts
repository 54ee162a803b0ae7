import { serious } from './axe.ts';
import { cutOff } from './cut-off.ts';
import { expect, test } from './fixtures.ts';

test('time is frozen, moved and real again from the header, and every view shows it', async ({
  portal,
  platform,
}) => {
  test.slow();
  const { page } = portal;
  const clock = page.locator('[data-clock]');
  await platform.send('urn:lo:nsid:e2e:timed', { word: 'before' });
  await portal.follow('Devices');
  await expect(clock).toHaveText('Real time');
  await clock.click();
  const panel = page.getByRole('dialog');
  await panel.getByRole('button', { name: 'Freeze' }).click();
  await expect(clock).toHaveAttribute('data-clock', 'frozen');
  await expect(panel.getByText('Time stands still')).toBeVisible();
  expect.soft(await serious(page), 'the panel').toEqual([]);
  const before = await platform.api<{ time: string }>('GET', '/bench/v1/clock');
  await panel.getByRole('button', { name: '+1 day' }).click();
  await expect
    .poll(async () => (await platform.api<{ time: string }>('GET', '/bench/v1/clock')).time)
    .toBe(new Date(Date.parse(before.time) + 86_400_000).toISOString());
  await panel.getByLabel('Duration, ISO 8601').fill('a week');
  await expect(panel.getByText('As PT90S, PT1H, P7D or P1M')).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Jump', exact: true })).toBeDisabled();
  await panel.getByLabel('Duration, ISO 8601').fill('P6D');
  await panel.getByRole('button', { name: 'Jump', exact: true }).click();
  await page.keyboard.press('Escape');
  // The device of a moment ago is one of last week now.
  await expect(portal.rows('Devices').first()).toContainText('7 days ago');
  await portal.follow('Messages');
  await expect(clock).toContainText('Frozen');

  // At a moment of one's own, to the second.
  await clock.click();
  await panel.getByLabel('Date and time').fill('2031-05-06T07:08:09');
  await panel.getByRole('button', { name: 'Stand still there' }).click();
  await expect(clock).toContainText('2031-05-06 07:08:09');
  const { mode, time } = await platform.api<{ mode: string; time: string }>('GET', '/bench/v1/clock');
  expect([mode, time]).toEqual(['frozen', new Date('2031-05-06T07:08:09').toISOString()]);
  expect(await cutOff(page, '.clock-panel')).toEqual([]);

  // Somebody else changes it.
  await platform.api('PUT', '/bench/v1/clock', { mode: 'running', speed: 60 });
  await expect(clock).toContainText('×60');
  await panel.getByRole('button', { name: 'Back to real time' }).click();
  await expect(clock).toHaveText('Real time');
  expect.soft(await serious(page), 'back').toEqual([]);
});
