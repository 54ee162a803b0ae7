import { Menu, nativeImage, Tray } from 'electron';
import { type Actions, trayTemplate } from './menu.ts';

/** The icon in the system's bar, where the desktop has one. */
export class TrayIcon {
  private readonly icon: string;
  private readonly actions: Actions;
  private tray: Tray | undefined;
  private shown = '';

  constructor(icon: string, actions: Actions) {
    this.icon = icon;
    this.actions = actions;
  }

  start(): void {
    const size = process.platform === 'darwin' ? 18 : 22;
    const tray = new Tray(nativeImage.createFromPath(this.icon).resize({ width: size, height: size }));
    tray.setToolTip('Fleetbench');
    tray.on('click', () => this.actions.showWindow());
    this.tray = tray;
  }

  /** @param rows what is going on, a line each */
  update(rows: readonly string[], running: boolean): void {
    const text = rows.join('\n');
    // A menu that is set anew while it is open closes on some desktops.
    if (text === this.shown) return;
    this.shown = text;
    this.tray?.setToolTip(`Fleetbench: ${rows[0] ?? ''}`);
    this.tray?.setContextMenu(Menu.buildFromTemplate(trayTemplate(rows, running, this.actions)));
  }

  stop(): void {
    this.tray?.destroy();
    this.tray = undefined;
  }
}
