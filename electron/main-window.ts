import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { wireClock } from '../host/wire-clock.ts';
import { ask } from './dialogs.ts';
import { noticePage } from './notice-page.ts';
import { reloadQuestion } from './start-question.ts';
import { parseWindowState, placeWindow, smallest, type WindowState } from './window-state.ts';

/** Longer than this and the user is told what is going on. */
const patienceMs = 700;

export interface MainWindowParts {
  readonly preload: string;
  readonly icon: string;
  /** The portal's page; undefined while the platform does not run. */
  readonly portalPage: () => string | undefined;
  /** True when the window may close; otherwise a close is a wish to quit. */
  readonly mayClose: () => boolean;
  readonly warn: (text: string) => void;
}

/** The program's one window. */
export class MainWindow {
  private readonly parts: MainWindowParts;
  private window: BrowserWindow | undefined;
  /** While a question about the page is open. */
  private asks = false;
  /** Until the process of a page that hangs is gone, which was ended for a reload. */
  private endsHungPage = false;

  constructor(parts: MainWindowParts) {
    this.parts = parts;
  }

  get browserWindow(): BrowserWindow | undefined {
    return this.window;
  }

  /** Opens the window, hidden until it has something to show. */
  open(): void {
    const state = readState();
    const { workArea: main } = screen.getPrimaryDisplay();
    const areas = [main, ...screen.getAllDisplays().map(({ workArea }) => workArea)];
    const window = new BrowserWindow({
      ...placeWindow(state, areas),
      minWidth: smallest.width,
      minHeight: smallest.height,
      show: false,
      title: 'Fleetbench',
      icon: this.parts.icon,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#16191d' : '#ffffff',
      webPreferences: {
        preload: this.parts.preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
        // The spelling checker would fetch its dictionaries from the network.
        spellcheck: false,
        devTools: !app.isPackaged,
      },
    });
    this.window = window;
    if (state?.maximized) window.once('show', () => window.maximize());
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      saveState(window, this.parts.warn);
      if (this.parts.mayClose()) return;
      event.preventDefault();
      app.quit();
    });
    window.on('closed', () => {
      this.window = undefined;
    });
    this.watchPage(window);
  }

  /** To the front, from wherever it is. */
  show(): void {
    if (!this.window) this.open();
    if (this.window?.isMinimized()) this.window.restore();
    this.window?.show();
    this.window?.focus();
    if (this.window?.webContents.getURL() === '') this.showPortal();
  }

  /** @param view the address in the portal, as behind its `#` */
  showPortal(view = ''): void {
    const page = this.parts.portalPage();
    if (page !== undefined) this.load(`${page}${view}`);
  }

  /** Says what the wait is for, if it takes long enough to be noticed. @returns ends the waiting */
  noticeLater(line: string, smaller: string): () => void {
    const timer = wireClock.after('desktop notice', patienceMs, () => {
      this.load(noticePage(line, smaller));
      this.window?.setProgressBar(2);
    });
    return () => {
      timer.cancel();
      if (this.window && !this.window.isDestroyed()) this.window.setProgressBar(-1);
    };
  }

  /** Says it at once, and brings the window up for a question. */
  async notice(line: string, smaller = ''): Promise<void> {
    await this.window?.loadURL(noticePage(line, smaller)).catch(() => {});
    this.window?.show();
  }

  private load(address: string): void {
    // A load that the next one cuts short is rejected as well; what really fails is shown by did-fail-load.
    this.window?.loadURL(address).catch(() => {});
  }

  private watchPage(window: BrowserWindow): void {
    const { webContents } = window;
    const aborted = -3;
    webContents.on('did-fail-load', (_event, code, description, address, isMainFrame) => {
      if (!isMainFrame || code === aborted) return;
      this.parts.warn(`the page ${address} did not load: ${description}`);
      this.load(noticePage('The portal did not load.', `${description}. Choose View, Reload to try again.`));
    });
    webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit') return;
      if (this.endsHungPage) {
        this.endsHungPage = false;
        setImmediate(() => this.showPortal());
        return;
      }
      this.parts.warn(`the page ended: ${reason}`);
      const detail = `Devices and data are not touched. Reason: ${reason}.`;
      // Chromium is still taking the page down: a load from within this event would end the whole program.
      setImmediate(() => void this.offerReload('The window has crashed', detail));
    });
    window.on('unresponsive', () => {
      void this.offerReload('The window does not answer', 'Devices and data are not touched.', () => {
        if (webContents.isCrashed()) return this.showPortal();
        // A page that hangs does not make room for the next one: it is ended, and what comes of that is no crash.
        this.endsHungPage = true;
        webContents.forcefullyCrashRenderer();
      });
    });
  }

  private async offerReload(
    message: string,
    detail: string,
    reload = (): void => this.showPortal(),
  ): Promise<void> {
    const { window } = this;
    if (!window || this.asks) return;
    this.asks = true;
    const choice = await ask(reloadQuestion(message, detail), window).finally(() => {
      this.asks = false;
    });
    if (choice === 'reload' && !window.isDestroyed()) reload();
  }
}

const statePath = (): string => join(app.getPath('userData'), 'window.json');

function readState(): WindowState | undefined {
  try {
    return parseWindowState(readFileSync(statePath(), 'utf8'));
  } catch {
    return undefined;
  }
}

function saveState(window: BrowserWindow, warn: (text: string) => void): void {
  const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
  try {
    const temporary = `${statePath()}.tmp`;
    writeFileSync(temporary, JSON.stringify(state));
    renameSync(temporary, statePath());
  } catch (error) {
    warn(`the place of the window is not kept: ${(error as Error).message}`);
  }
}
