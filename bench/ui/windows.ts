import { _electron, type Browser, type Page } from '@playwright/test';
import { root } from '../../scripts/lib/prepare.mjs';
import type { BenchFiles } from '../lib/bundle.ts';
import type { Target } from '../load/mqtt-socket.ts';
import { Fleetbench, masterKey } from '../peers/fleetbench.ts';
import { portalFolder } from './portal-size.ts';

/** The portal in a window, and the platform behind it. */
export interface PortalWindow {
  readonly name: string;
  readonly page: Page;
  readonly origin: string;
  readonly target: Target;
  /** Key of devices. */
  readonly deviceKey: string;
  resetStalls(): Promise<void>;
  /** Longest time in which the main thread of the platform's process could take nothing new. */
  longestStallMs(): Promise<number>;
  close(): Promise<void>;
}

const windowSize = { width: 1440, height: 900 };
const stallResolutionMs = 1;

/** Waits until a person can use the portal: it is signed in, live, and shows its first view. */
export async function usable(page: Page): Promise<void> {
  await page.locator('[data-app-state="ready"] [data-live="open"]').waitFor();
  await page.locator('main h1').waitFor();
}

const targetOf = (mqttPort: number): Target => ({ host: '127.0.0.1', port: mqttPort });

/** Chromium, and the platform in a process of plain Node. */
export async function browserWindow(
  browser: Browser,
  files: BenchFiles,
  tempDir: string,
  dataDir: string,
): Promise<PortalWindow> {
  const server = await Fleetbench.start({ files, tempDir, dataDir, portalFolder, routeToFifo: false });
  const context = await browser.newContext({ viewport: windowSize });
  const page = await context.newPage();
  const link = await server.api.portalLink();
  await page.goto(link);
  await usable(page);
  return {
    name: 'Chromium',
    page,
    origin: new URL(link).origin,
    target: targetOf(server.mqttPort),
    deviceKey: server.deviceLogin.password,
    resetStalls: () => server.program.call('resetStalls'),
    longestStallMs: () => server.program.call('longestStallMs'),
    close: async () => {
      await context.close();
      await server.stop();
    },
  };
}

const ports = [
  '--http-port=0',
  '--https-port=off',
  '--mqtt-port=0',
  '--mqtts-port=off',
  '--coaps-port=0',
  '--bs-port=0',
  '--lora-port=0',
  '--smpp-port=0',
];

/** Starts the desktop program. @returns the window and how long it took until it could be used */
export async function startDesktop(electron: string, dataDir: string) {
  const began = performance.now();
  const app = await _electron.launch({
    executablePath: electron,
    args: ['--no-sandbox', root, '--data-dir', dataDir, '--master-key', masterKey, ...ports],
    timeout: 60_000,
  });
  const page = await app.firstWindow();
  await page.waitForURL(/^http:/);
  await usable(page);
  return { app, page, durationMs: performance.now() - began };
}

/** Electron, with the platform in its main process. */
export async function desktopWindow(electron: string, dataDir: string): Promise<PortalWindow> {
  const { app, page } = await startDesktop(electron, dataDir);
  const { origin } = new URL(page.url());
  const call = async <T>(path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${origin}${path}`, {
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
      headers: { 'X-API-Key': masterKey, 'Content-Type': 'application/json' },
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json() as Promise<T>;
  };
  const { mqtt } = await call<{ mqtt: string }>('/bench/v1/endpoints');
  const key = await call<{ value: string }>('/api/v0/apiKeys', {
    label: 'bench devices',
    roles: ['DEVICE_ACCESS'],
  });
  await app.evaluate((_electron, resolution) => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
    const monitor = monitorEventLoopDelay({ resolution });
    monitor.enable();
    Object.assign(globalThis, { benchStalls: monitor });
  }, stallResolutionMs);
  type WithStalls = typeof globalThis & { benchStalls: { reset(): void; max: number } };
  await app.evaluate(({ BrowserWindow }, size) => {
    BrowserWindow.getAllWindows()[0]?.setSize(size.width, size.height);
  }, windowSize);
  return {
    name: 'Electron',
    page,
    origin,
    target: targetOf(Number(new URL(mqtt).port)),
    deviceKey: key.value,
    resetStalls: () => app.evaluate(() => (globalThis as WithStalls).benchStalls.reset()),
    longestStallMs: async () => {
      const longestNs = await app.evaluate(() => (globalThis as WithStalls).benchStalls.max);
      return Math.max(0, longestNs / 1e6 - stallResolutionMs);
    },
    close: () => app.close(),
  };
}
