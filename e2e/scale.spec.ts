import { expect, test } from './fixtures.ts';
import type { Platform } from './platform.ts';

const devices = 10_000;
const messages = 100_000;
const streams = 20;
/** More rows than any window shows, and far fewer than there are. */
const mostRows = 120;
/** What the live view keeps, and what it reads of the time before. */
const mostKept = 5500;

const deviceId = (number: number): string => `urn:lo:nsid:scale:d-${String(number).padStart(5, '0')}`;

async function inParallel(count: number, atOnce: number, work: (number: number) => Promise<unknown>) {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

const register = (platform: Platform): Promise<void> =>
  inParallel(devices, 24, (number) =>
    platform.api('POST', '/api/v1/deviceMgt/devices', {
      id: deviceId(number),
      name: `Meter ${number}`,
      tags: [number % 100 === 0 ? 'hundredth' : 'other'],
    }),
  );

/** Messages of a stream, counted page by page. */
async function countOf(platform: Platform, streamId: string): Promise<number> {
  let total = 0;
  let from = '';
  for (;;) {
    const path = `/api/v0/data/streams/${streamId}?limit=1000${from}`;
    const page = await platform.api<{ id: string }[]>('GET', path);
    total += page.length;
    if (page.length < 1000) return total;
    from = `&bookmarkId=${page.at(-1)?.id}`;
  }
}

const bulk = 2500;
const store = (platform: Platform): Promise<void> =>
  inParallel(messages / bulk, 2, (part) =>
    platform.api(
      'POST',
      '/api/v0/data/bulk',
      Array.from({ length: bulk }, (_, index) => ({
        streamId: `scale-${index % streams}`,
        model: 'scale_v1',
        value: { number: part * bulk + index, level: index % 7 },
      })),
    ),
  );

test('a list of ten thousand devices shows what is in sight, and finds each', async ({
  portal,
  platform,
}) => {
  test.slow();
  await register(platform);
  const { page } = portal;
  const rows = portal.rows('Devices');
  const grid = page.getByRole('grid', { name: 'Devices' });
  await portal.open('/devices');
  await expect(rows.first()).toContainText(deviceId(0));
  await expect(grid).toHaveAttribute('aria-rowcount', String(devices + 1));
  expect(await rows.count()).toBeLessThan(mostRows);

  await rows.first().focus();
  await page.keyboard.press('End');
  await expect(page.locator('[role=row]:focus')).toContainText(deviceId(devices - 1));
  expect(await rows.count()).toBeLessThan(mostRows);

  await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
  await expect(rows.filter({ hasText: deviceId(devices / 2) })).toBeVisible();

  await page.getByRole('textbox', { name: /^Name, or id/ }).fill('scale:d-07777');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('Meter 7777');
  await portal.open('/devices?tags=hundredth&sort=-id');
  await expect(grid).toHaveAttribute('aria-rowcount', String(devices / 100 + 1));
  await expect(rows.first()).toContainText(deviceId(devices - 100));
});

test('a hundred thousand messages pass a window that keeps the last ones, and every one is stored', async ({
  portal,
  platform,
}) => {
  test.slow();
  const { page } = portal;
  await portal.open('/messages');
  await store(platform);
  expect(await countOf(platform, 'scale-0')).toBe(messages / streams);
  const grid = page.getByRole('grid', { name: 'Messages' });
  const rows = portal.rows('Messages');
  await expect(rows.first()).toContainText('number');
  const shown = Number(await grid.getAttribute('aria-rowcount')) - 1;
  expect(shown).toBeGreaterThan(0);
  expect(shown).toBeLessThanOrEqual(mostKept);
  expect(await rows.count()).toBeLessThan(mostRows);
  await expect(page.getByText('more came than this window can show')).toBeVisible();

  // The last one is on the screen, and a filter answers.
  await platform.send('urn:lo:nsid:scale:last', { marker: 'needle-in-the-hay' });
  await expect(rows.filter({ hasText: 'needle-in-the-hay' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Text in value' }).fill('needle');
  await expect(rows).toHaveCount(1);

  // Opened anew, the same window shows the last ones of before.
  await page.reload();
  await portal.ready();
  await page.getByRole('textbox', { name: 'Text in value' }).fill('');
  await expect(rows.first()).toContainText('needle-in-the-hay');
  expect(await rows.count()).toBeLessThan(mostRows);
});
