// Measures the portal: how soon its window can be used, how it draws while messages arrive, and whether looking
// at it holds up the platform. docs/performance.md tells what the figures mean.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { bundleBench } from '../lib/bundle.ts';
import { atMost, type Figure, ofRounds } from '../lib/figures.ts';
import { Program } from '../lib/ipc.ts';
import { describeMachine, formatMachine } from '../lib/machine.ts';
import { formatFigures, formatSummary } from '../lib/table.ts';
import type { LoadCalls } from '../load/load-process.ts';
import { Fleetbench } from '../peers/fleetbench.ts';
import { publishers, publisherWindow } from '../scenarios/run-load.ts';
import { entryKilobytes } from './portal-size.ts';
import { underLoad } from './under-load.ts';
import { browserWindow, desktopWindow, startDesktop, usable } from './windows.ts';

const help = `npm run bench:ui -- [flags]

  --seconds N   length of one measurement (default 6)
  --rounds N    starts of a window (default 3)
  --json FILE   write all figures to a file too
`;
const titles = {
  size: 'what the page needs before it shows anything',
  start: 'from the start to a window that can be used',
  Chromium: '2,000 messages/s, portal in Chromium, platform in plain Node',
  Electron: '2,000 messages/s, portal and platform in the desktop program',
};
const wantedDevices = 10_000;
const storedMessages = 100_000;
const clientIdPrefix = 'urn:lo:nsid:bench:idle';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const { FLEETBENCH_CHROMIUM: executablePath = '', FLEETBENCH_BENCH_ELECTRON: electron } = process.env;
const say = (line: string): void => console.error(`  ${line}`);

async function main(): Promise<void> {
  const durationMs = Number(values.seconds) * 1000;
  const rounds = Number(values.rounds);
  const tempDir = mkdtempSync(join(tmpdir(), 'fleetbench-bench-ui-'));
  process.once('exit', () => rmSync(tempDir, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const machine = describeMachine(tempDir);
  console.log(formatMachine(machine));
  const files = await bundleBench();
  const load = new Program<LoadCalls>('load generator', files.load);
  const figures: Figure[] = [
    { scenario: 'size', label: 'entry, with gzip', value: entryKilobytes(), unit: 'KiB', goal: atMost(350) },
  ];
  const filled = await fill(files, tempDir, load, machine.openFilesLimit);
  let copies = 0;
  const copy = (): string => {
    const folder = join(tempDir, `copy-${copies++}`);
    cpSync(filled, folder, { recursive: true });
    return folder;
  };
  if (electron === undefined) say('no Electron, or no display: the desktop program is left out');
  else {
    figures.push(
      await desktopStart('desktop program, empty', rounds, () => mkdtempSync(join(tempDir, 'new-'))),
    );
    figures.push(await desktopStart('desktop program, filled', rounds, copy));
  }
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const inBrowser = await browserWindow(browser, files, tempDir, copy());
  const loads: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    await inBrowser.page.reload();
    await usable(inBrowser.page);
    loads.push((performance.now() - began) / 1000);
  }
  figures.push(ofRounds({ scenario: 'start', label: 'page in Chromium, filled', unit: 's' }, loads));
  figures.push(...(await underLoad(inBrowser, load, durationMs, say)));
  await inBrowser.close();
  await browser.close();
  if (electron !== undefined) {
    const desktop = await desktopWindow(electron, copy());
    figures.push(...(await underLoad(desktop, load, durationMs, say)));
    await desktop.close();
  }
  await load.kill();
  console.log(formatFigures(figures, titles));
  console.log(`\n${formatSummary(figures)}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, figures }, null, 2)}\n`);
}

/** @returns a data folder with many devices and messages, as a power cut would leave it */
async function fill(
  files: Awaited<ReturnType<typeof bundleBench>>,
  tempDir: string,
  load: Program<LoadCalls>,
  openFilesLimit = Number.POSITIVE_INFINITY,
): Promise<string> {
  const count = Math.min(wantedDevices, openFilesLimit - 500);
  say(`storing ${count} devices and ${storedMessages} messages`);
  const server = await Fleetbench.start({ files, tempDir, routeToFifo: false });
  const target = { host: '127.0.0.1', port: server.mqttPort };
  const login = server.deviceLogin;
  await load.call('openIdle', { target, login, clientIdPrefix, count });
  await load.call('closeIdle');
  await load.call('start', {
    target,
    publishers,
    login,
    clientIdPrefix,
    topic: 'dev/data',
    pace: { kind: 'closed', window: publisherWindow, messages: storedMessages },
  });
  const { acknowledged } = await load.call('drain');
  if (acknowledged !== storedMessages) throw new Error(`only ${acknowledged} messages were stored`);
  await server.program.call('snapshot');
  await server.program.kill();
  return server.dataDir;
}

async function desktopStart(label: string, rounds: number, folder: () => string): Promise<Figure> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { app, durationMs } = await startDesktop(electron ?? '', folder());
    seconds.push(durationMs / 1000);
    await app.close();
  }
  return ofRounds({ scenario: 'start', label, unit: 's' }, seconds);
}

try {
  if (values.help) process.stdout.write(help);
  else await main();
} catch (error) {
  console.error(`Benchmark failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
  process.exit(2);
}
