import { fileURLToPath } from 'node:url';
import { app, clipboard, dialog, Menu, session, shell } from 'electron';
import type { ServeFlags } from '../host/flags.ts';
import { toStartFailure } from '../host/start-failure.ts';
import type { RunningHost } from '../host/start-host.ts';
import { type Timer, wireClock } from '../host/wire-clock.ts';
import { ask } from './dialogs.ts';
import { hardenPages, hardenSession } from './harden.ts';
import { serveIpc } from './ipc.ts';
import { MainWindow } from './main-window.ts';
import { type Actions, menuTemplate } from './menu.ts';
import { startWithQuestions } from './start-attempts.ts';
import { defectQuestion } from './start-question.ts';
import { statusRows } from './status-rows.ts';
import { TrayIcon } from './tray-icon.ts';

type Host = typeof import('../host/commands.ts');

/** The part with the platform loads in a second step: who only brings the first window to the front needs none. */
const loadHost = (): Promise<Host> => import(new URL('../commands.js', import.meta.url).href);

const fileBeside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const starting = ['Starting the platform…', 'Reading the data of the last run.'] as const;
const statusPeriodMs = 2000;
/** A stop that takes longer is strange enough to ask. */
const stopPatienceMs = 20_000;
/** How long a platform may take to stop after a defect of this program. */
const failurePatienceMs = 5000;

/** The desktop program: the platform in this process and a window on its portal. */
export class Desktop {
  private readonly readFlags: () => ServeFlags;
  private phase: 'starting' | 'running' | 'stopping' | 'stopped' = 'starting';
  private running: RunningHost | undefined;
  private dataDir: string | undefined;
  private statusTimer: Timer | undefined;
  private failed = false;
  private readonly actions: Actions;
  private readonly window: MainWindow;
  private readonly tray: TrayIcon;

  constructor(readFlags: () => ServeFlags) {
    this.readFlags = readFlags;
    this.window = new MainWindow({
      preload: fileBeside('preload.cjs'),
      icon: fileBeside('icon.png'),
      portalPage: () => (this.portalOrigin() === undefined ? undefined : `${this.portalOrigin()}/`),
      mayClose: () => this.phase === 'stopped' || process.platform === 'darwin',
      warn,
    });
    this.actions = this.createActions();
    this.tray = new TrayIcon(fileBeside('icon.png'), this.actions);
  }

  /** Before the program is ready, so that nothing comes up unguarded. */
  start(): void {
    process.on('uncaughtException', (error) => void this.fail(error));
    process.on('unhandledRejection', (error) => void this.fail(error));
    hardenPages(app, () => this.portalOrigin(), warn);
    serveIpc({
      portalOrigin: () => this.portalOrigin(),
      isPortalWindow: (contents) => contents === this.window.browserWindow?.webContents,
      warn,
      handlers: {
        begin: () => {
          if (!this.running) throw new Error('The platform does not run.');
          return { session: this.running.openSession(), keepsData: this.dataDir !== undefined };
        },
        openDataFolder: () => this.openDataFolder(),
      },
    });
    app.on('second-instance', () => this.window.show());
    app.on('activate', () => this.window.show());
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin') app.quit();
    });
    app.on('before-quit', (event) => {
      if (this.phase === 'stopped') return;
      event.preventDefault();
      void this.stop();
    });
    void app
      .whenReady()
      .then(() => this.run())
      .catch((error) => this.fail(error));
  }

  private async run(): Promise<void> {
    hardenSession(session.defaultSession, () => this.portalOrigin(), !app.isPackaged);
    app.setAboutPanelOptions({
      applicationName: 'Fleetbench',
      applicationVersion: app.getVersion(),
      copyright: 'MIT licence',
      website: 'A local IoT device platform and device simulator',
    });
    this.updateMenu();
    this.window.open();
    this.tray.start();
    this.tray.update(['Starting'], false);
    const running = await this.startPlatform();
    if (!running) return this.leave(2);
    this.running = running;
    // Asked to quit while it was starting.
    if (this.phase !== 'starting') return this.finishStop();
    this.phase = 'running';
    this.updateMenu();
    this.updateStatus();
    this.statusTimer = wireClock.every('desktop status', statusPeriodMs, () => this.updateStatus());
    this.window.showPortal();
  }

  private async startPlatform(): Promise<RunningHost | undefined> {
    const arrived = this.window.noticeLater(...starting);
    const { startHost, createPinoLogger, runDataCommand } = await loadHost();
    return startWithQuestions({
      readFlags: this.readFlags,
      start: ({ dataDir, host, ports, masterKey, settings, logLevel }) => {
        this.dataDir = dataDir;
        return startHost({
          ...{ dataDir, host, ports, masterKey, settings },
          logger: createPinoLogger(logLevel),
        });
      },
      explain: toStartFailure,
      ask: async (question) => {
        // The question belongs to the window, so the window comes first.
        arrived();
        await this.window.notice('Fleetbench has not started.', question.message);
        const choice = await ask(question, this.window.browserWindow);
        await this.window.notice(...starting);
        return choice;
      },
      openDataFolder: () => this.openDataFolder(),
      repair: async () => {
        const lines: string[] = [];
        const output = { write: (text: string) => lines.push(text) };
        await runDataCommand(['repair', '--data-dir', this.dataDir ?? ''], {
          stdout: output,
          stderr: output,
        });
        await dialog.showMessageBox({ title: 'Fleetbench', message: 'Repair', detail: lines.join('') });
      },
    }).finally(arrived);
  }

  /** Ends everything, and the program then. What was acknowledged is durable already; this ends connections. */
  private async stop(): Promise<void> {
    if (this.phase === 'stopping') return;
    const started = this.phase === 'running';
    this.phase = 'stopping';
    // Otherwise run() sees it when the platform has come up.
    if (started) await this.finishStop();
  }

  private async finishStop(): Promise<void> {
    this.phase = 'stopping';
    this.statusTimer?.cancel();
    this.updateMenu();
    this.tray.update(['Stopping'], false);
    const ended = this.window.noticeLater('Stopping…', 'Ending connections and writing what is under way.');
    const asking = new AbortController();
    const timer = wireClock.after('desktop stop', stopPatienceMs, () => void this.askToWait(asking.signal));
    try {
      await this.running?.stop();
    } catch (error) {
      warn(`the platform did not stop cleanly: ${String(error)}`);
    }
    timer.cancel();
    asking.abort();
    ended();
    this.leave(0);
  }

  private async askToWait(signal: AbortSignal): Promise<void> {
    const { response } = await dialog.showMessageBox({
      type: 'question',
      title: 'Fleetbench',
      message: 'Stopping takes unusually long',
      detail: 'Everything that was acknowledged is on disk. It is safe to end the program now.',
      buttons: ['Keep waiting', 'End now'],
      cancelId: 0,
      signal,
    });
    if (response === 1 && !signal.aborted) this.leave(1);
  }

  private leave(exitCode: number): void {
    this.phase = 'stopped';
    this.running = undefined;
    this.tray.stop();
    if (exitCode === 0) app.quit();
    else app.exit(exitCode);
  }

  /** A defect: shown once, then everything is ended as far as it goes. */
  private async fail(error: unknown): Promise<void> {
    warn(error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (this.failed) return;
    this.failed = true;
    await app.whenReady();
    await ask(defectQuestion(error, app.getVersion()), this.window.browserWindow);
    wireClock.after('desktop failure', failurePatienceMs, () => this.leave(1));
    await this.running?.stop().catch(() => {});
    this.leave(1);
  }

  private portalOrigin(): string | undefined {
    const http = this.running?.endpoints.http;
    return http === undefined ? undefined : new URL(http).origin;
  }

  private async openDataFolder(): Promise<void> {
    if (this.dataDir === undefined) return;
    const problem = await shell.openPath(this.dataDir);
    if (problem) warn(`the data folder does not open: ${problem}`);
  }

  private createActions(): Actions {
    return {
      openDataFolder: () => void this.openDataFolder(),
      copyEndpoints: () => void copy(Object.values(this.running?.endpoints ?? {}).join('\n')),
      copyMasterKey: () => void copy(this.running?.newMasterKey ?? ''),
      copyAdminPassword: () => void copy(this.running?.newAdmin?.password ?? ''),
      showGettingStarted: () => {
        this.window.show();
        this.window.showPortal('#/connect');
      },
      showApiDescription: () => {
        const origin = this.portalOrigin();
        if (origin !== undefined) void shell.openExternal(`${origin}/api/v1/docs`).catch(() => {});
      },
      showWindow: () => this.window.show(),
      about: () => app.showAboutPanel(),
      quit: () => app.quit(),
    };
  }

  private updateMenu(): void {
    const facts = {
      platform: process.platform,
      dev: !app.isPackaged,
      running: this.phase === 'running',
      keepsData: this.dataDir !== undefined,
      hasNewMasterKey: this.running?.newMasterKey !== undefined,
      newAdmin: this.running?.newAdmin?.login,
    };
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(facts, this.actions)));
  }

  private updateStatus(): void {
    if (this.running) this.tray.update(statusRows(this.running.endpoints, this.running.health()), true);
  }
}

async function copy(text: string): Promise<void> {
  await clipboard.writeText(text);
}

function warn(text: string): void {
  process.stderr.write(`fleetbench: ${text}\n`);
}
