import type { MenuItemConstructorOptions } from 'electron';

/** What the menu and the tray can do. */
export interface Actions {
  openDataFolder(): void;
  copyEndpoints(): void;
  copyMasterKey(): void;
  copyAdminPassword(): void;
  showGettingStarted(): void;
  showApiDescription(): void;
  showWindow(): void;
  about(): void;
  quit(): void;
}

export interface MenuFacts {
  readonly platform: NodeJS.Platform;
  /** Not packaged: the tools of developers are at hand. */
  readonly dev: boolean;
  /** The platform listens. */
  readonly running: boolean;
  readonly keepsData: boolean;
  /** A master key was made at this start, and can be had in this run only. */
  readonly hasNewMasterKey: boolean;
  /** Login of the first user, when this start made one: the password, too, can be had in this run only. */
  readonly newAdmin: string | undefined;
}

type Item = MenuItemConstructorOptions;
const separator: Item = { type: 'separator' };

export function menuTemplate(facts: MenuFacts, actions: Actions): Item[] {
  const { platform, dev, running, keepsData, hasNewMasterKey, newAdmin } = facts;
  const mac = platform === 'darwin';
  const about: Item = { id: 'about', label: 'About Fleetbench', click: () => actions.about() };
  const quit: Item = {
    id: 'quit',
    label: mac ? 'Quit Fleetbench' : 'Quit',
    accelerator: 'CommandOrControl+Q',
    click: () => actions.quit(),
  };
  const file: Item[] = [
    {
      id: 'open-data-folder',
      label: 'Open the Data Folder',
      enabled: keepsData,
      click: () => actions.openDataFolder(),
    },
    {
      id: 'copy-endpoints',
      label: 'Copy Endpoints',
      accelerator: 'CommandOrControl+Shift+E',
      enabled: running,
      click: () => actions.copyEndpoints(),
    },
    {
      id: 'copy-master-key',
      label: 'Copy the Master API Key (in This Run Only)',
      visible: hasNewMasterKey,
      click: () => actions.copyMasterKey(),
    },
    {
      id: 'copy-admin-password',
      label: `Copy the Password of the User ${newAdmin} (in This Run Only)`,
      visible: newAdmin !== undefined,
      click: () => actions.copyAdminPassword(),
    },
    separator,
    mac ? { role: 'close' } : quit,
  ];
  const view: Item[] = [
    { role: 'reload' },
    separator,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
    ...(dev ? [separator, { role: 'toggleDevTools' } as const] : []),
  ];
  const help: Item[] = [
    {
      id: 'getting-started',
      label: 'Getting Started',
      enabled: running,
      click: () => actions.showGettingStarted(),
    },
    {
      id: 'api-description',
      label: 'API Description',
      enabled: running,
      click: () => actions.showApiDescription(),
    },
    ...(mac ? [] : [separator, about]),
  ];
  return [
    ...(mac
      ? [{ label: 'Fleetbench', submenu: [about, separator, { role: 'hide' }, separator, quit] } as Item]
      : []),
    { label: 'File', submenu: file },
    { role: 'editMenu' },
    { label: 'View', submenu: view },
    { role: 'windowMenu' },
    { label: 'Help', role: 'help', submenu: help },
  ];
}

/** What the tray's menu says; rows of status cannot be clicked. */
export function trayTemplate(status: readonly string[], running: boolean, actions: Actions): Item[] {
  return [
    ...status.map((label): Item => ({ label, enabled: false })),
    separator,
    { label: 'Show Fleetbench', click: () => actions.showWindow() },
    { label: 'Copy Endpoints', enabled: running, click: () => actions.copyEndpoints() },
    separator,
    { label: 'Quit', click: () => actions.quit() },
  ];
}
