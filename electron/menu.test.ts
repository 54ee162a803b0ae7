import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { type Actions, type MenuFacts, menuTemplate, trayTemplate } from './menu.ts';

const names: string[] = [];
const actions = new Proxy({} as Actions, { get: (_target, name) => () => names.push(String(name)) });
const facts: MenuFacts = {
  platform: 'linux',
  dev: false,
  running: true,
  keepsData: true,
  hasNewMasterKey: false,
  newAdmin: undefined,
};

type Item = MenuItemConstructorOptions;
const flat = (items: readonly Item[]): Item[] =>
  items.flatMap((item) => [item, ...flat((item.submenu as Item[] | undefined) ?? [])]);
const menu = (change: Partial<MenuFacts> = {}): Item[] =>
  flat(menuTemplate({ ...facts, ...change }, actions));
const item = (id: string, change: Partial<MenuFacts> = {}): Item | undefined =>
  menu(change).find((found) => found.id === id);

describe('the menu', () => {
  it('has developer tools in development only', () => {
    expect(menu().some(({ role }) => role === 'toggleDevTools')).toBe(false);
    expect(menu({ dev: true }).some(({ role }) => role === 'toggleDevTools')).toBe(true);
  });

  it.each(['linux', 'win32', 'darwin'] as const)('has one way to quit and one about on %s', (platform) => {
    const ids = menu({ platform }).map(({ id }) => id);
    expect(ids.filter((id) => id === 'quit')).toHaveLength(1);
    expect(ids.filter((id) => id === 'about')).toHaveLength(1);
  });

  it('offers what needs the platform only while it runs', () => {
    for (const id of ['copy-endpoints', 'api-description', 'getting-started']) {
      expect(item(id)?.enabled).toBe(true);
      expect(item(id, { running: false })?.enabled).toBe(false);
    }
    expect(item('open-data-folder', { keepsData: false })?.enabled).toBe(false);
  });

  it('offers the master key in the run that made it', () => {
    expect(item('copy-master-key')?.visible).toBe(false);
    expect(item('copy-master-key', { hasNewMasterKey: true })?.visible).toBe(true);
  });

  it('offers the password of the first user in the run that made it, and says whose it is', () => {
    expect(item('copy-admin-password')?.visible).toBe(false);
    const shown = item('copy-admin-password', { newAdmin: 'admin' });
    expect(shown).toMatchObject({ visible: true, label: expect.stringContaining('User admin ') });
    (shown!.click as () => void)();
    expect(names.splice(0)).toEqual(['copyAdminPassword']);
  });
});

it('has a tray that tells and quits', () => {
  const items = trayTemplate(['Running', 'MQTT mqtt://127.0.0.1:1883'], true, actions);
  expect(items.slice(0, 2)).toEqual([
    { label: 'Running', enabled: false },
    { label: 'MQTT mqtt://127.0.0.1:1883', enabled: false },
  ]);
  (items.at(-1)!.click as () => void)();
  expect(names).toEqual(['quit']);
});
