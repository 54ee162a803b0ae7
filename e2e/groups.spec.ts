import { serious } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { KeysOnly } from './keys-only.ts';
import type { Platform } from './platform.ts';
import type { Portal } from './portal.ts';

const groupsUrl = '/api/v1/deviceMgt/groups';
const devicesUrl = '/api/v1/deviceMgt/devices';

interface Group {
  readonly id: string;
  readonly path: string;
}

const makeGroup = (platform: Platform, pathNode: string, parentId = 'root'): Promise<Group> =>
  platform.api('POST', groupsUrl, { pathNode, parentId });

async function makeDevices(platform: Platform, path: string, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) {
    const id = `urn:lo:nsid:e2e:${path.slice(1)}-${n}`;
    await platform.api('POST', devicesUrl, { id, group: { path } });
  }
}

const paths = async (platform: Platform): Promise<string[]> =>
  (await platform.api<Group[]>('GET', groupsUrl)).map(({ path }) => path).sort();

const line = ({ page }: Portal, name: string) => page.getByRole('treeitem', { name });

test('groups are shown as somebody else leaves them', async ({ portal, platform }) => {
  const { id } = await makeGroup(platform, 'south');
  await makeDevices(platform, '/south', 2);
  await portal.open('/groups');
  await expect(line(portal, 'south')).toContainText('2 devices');
  await platform.api('PUT', `${groupsUrl}/${id}`, { pathNode: 'sud' });
  await makeGroup(platform, 'east');
  await expect(line(portal, 'sud')).toContainText('2 devices', { timeout: 15_000 });
  await expect(line(portal, 'east')).toBeVisible();
  await expect(line(portal, 'south')).toBeHidden();
});

test('a group is made, renamed and deleted, and the rules are told', async ({ portal, platform }) => {
  const { page } = portal;
  await portal.open('/groups');
  await page.getByRole('button', { name: 'New group' }).click();
  const maker = page.getByRole('complementary', { name: 'New group' });
  await maker.getByLabel('Name').fill('a/b');
  await expect(maker.getByText('must not hold / or *', { exact: false })).toBeVisible();
  await maker.getByLabel('Name').fill('north');
  await maker.getByRole('button', { name: 'Create' }).click();
  await expect(line(portal, 'north')).toHaveAttribute('aria-selected', 'true');
  await makeDevices(platform, '/north', 2);
  await page.getByRole('button', { name: 'Edit' }).click();
  const editor = page.getByRole('complementary', { name: 'Edit group' });
  await editor.getByLabel('Name').fill('nord');
  await expect(editor.getByText('that name /north no longer find it', { exact: false })).toBeVisible();
  await editor.getByRole('button', { name: 'Save' }).click();
  await expect(line(portal, 'nord')).toContainText('2 devices');
  expect(await paths(platform)).toEqual(['/', '/nord']);

  await page.getByRole('button', { name: 'Delete' }).click();
  const asks = page.getByRole('dialog');
  await expect(asks).toContainText('It holds 2 devices');
  await expect(asks.getByRole('button', { name: 'Delete' })).toBeDisabled();
  await asks.getByRole('button', { name: 'Cancel' }).click();
  for (const n of [1, 2]) await platform.api('DELETE', `${devicesUrl}/urn:lo:nsid:e2e:north-${n}`);
  await page.reload();
  await page.getByRole('button', { name: 'Delete' }).click();
  await asks.getByRole('button', { name: 'Delete' }).click();
  await expect(line(portal, 'nord')).toBeHidden();
  expect(await paths(platform)).toEqual(['/']);
});

test('a group dragged onto another moves there, after a question when many devices follow', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  await makeGroup(platform, 'france');
  await makeGroup(platform, 'small');
  await makeGroup(platform, 'large');
  await makeDevices(platform, '/small', 1);
  await makeDevices(platform, '/large', 11);
  await portal.open('/groups');
  await expect(line(portal, 'large')).toContainText('11 devices');
  await line(portal, 'small').dragTo(line(portal, 'france'));
  await expect.poll(() => paths(platform)).toContain('/france/small');
  await line(portal, 'large').dragTo(line(portal, 'france'));
  const asks = page.getByRole('dialog');
  await expect(asks).toContainText('/large becomes /france/large, and 11 devices follow.');
  expect(await paths(platform)).toContain('/large');
  await asks.getByRole('button', { name: 'Move' }).click();
  await expect.poll(() => paths(platform)).toContain('/france/large');
  await expect(line(portal, 'france')).toContainText('12 devices');

  // What did not work is told where it was tried, and not in the groups that are opened afterwards.
  await makeGroup(platform, 'small');
  await page.reload();
  await line(portal, 'small').last().dragTo(line(portal, 'france'));
  await expect(page.getByRole('alert')).toContainText('/france/small');
  await line(portal, 'france').click();
  await expect(page.getByRole('region', { name: '/france' })).toBeVisible();
  await expect(page.getByRole('alert')).toBeHidden();
});

test('devices dragged onto a group go into it, and the list follows the group', async ({
  portal,
  platform,
}) => {
  const { page } = portal;
  const north = await makeGroup(platform, 'north');
  await makeGroup(platform, 'south');
  await makeDevices(platform, '/north', 3);
  await portal.open(`/groups?group=${north.id}`);
  const rows = portal.rows('Devices in /north');
  await expect(rows).toHaveCount(3);
  await page.getByRole('checkbox', { name: 'Choose urn:lo:nsid:e2e:north-1' }).check();
  await page.getByRole('checkbox', { name: 'Choose urn:lo:nsid:e2e:north-2' }).check();
  await rows.filter({ hasText: 'north-2' }).dragTo(line(portal, 'south'));
  await expect(page.getByRole('status').getByText('2 of 2 moved')).toBeVisible();
  await expect(rows).toHaveCount(1);
  await line(portal, 'south').click();
  await expect(portal.rows('Devices in /south')).toHaveCount(2);
});

test('the same by keyboard alone', async ({ portal, platform }) => {
  const { page } = portal;
  await makeGroup(platform, 'north');
  await makeGroup(platform, 'south');
  await makeDevices(platform, '/north', 1);
  await portal.open('/groups');
  const keys = new KeysOnly(page);
  await keys.reach(line(portal, 'All groups'));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(portal.rows('Devices in /north')).toHaveCount(1);
  await keys.reach(page.getByRole('checkbox', { name: 'Choose urn:lo:nsid:e2e:north-1' }));
  await page.keyboard.press('Space');
  await keys.use('Move 1 device');
  const choice = page.getByRole('combobox', { name: 'Into group' });
  await keys.reach(choice);
  await page.keyboard.type('/south');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').getByText('1 of 1 moved')).toBeVisible();
  await expect(line(portal, 'south')).toContainText('1 device');
});

test('axe finds nothing serious in the tree and its forms', async ({ portal, platform }) => {
  const { page } = portal;
  const north = await makeGroup(platform, 'north');
  await makeGroup(platform, 'line', north.id);
  await makeDevices(platform, '/north', 2);
  for (const panel of ['', 'create', 'edit', 'move']) {
    await portal.open(`/groups?group=${north.id}&panel=${panel}`);
    await expect(portal.rows('Devices in /north')).toHaveCount(2);
    expect.soft(await serious(page), panel || 'the list').toEqual([]);
  }
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  expect.soft(await serious(page), 'what keeps it from being deleted').toEqual([]);
});
