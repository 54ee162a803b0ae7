import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../scripts/lib/prepare.mjs';
import { atMost, exactlyNone, type Figure, ofRounds } from '../lib/figures.ts';
import { PlatformApi } from '../peers/api.ts';
import { clientIdPrefix, Fleetbench, fifoName, masterKey } from '../peers/fleetbench.ts';
import type { Bench } from './bench.ts';
import { publishers, storeMessages } from './run-load.ts';

const messages = 100_000;
const starts = 3;
const goalMs = 3000;
/** So that a snapshot is made only when the scenario asks for one. */
const neverBySize = 2 ** 40;

interface Variant {
  readonly name: string;
  readonly snapshot: boolean;
  readonly inFifo: boolean;
}

const variants: readonly Variant[] = [
  { name: 'journal only', snapshot: false, inFifo: false },
  { name: 'snapshot', snapshot: true, inFifo: false },
  { name: 'journal only, all waiting in a FIFO too', snapshot: false, inFifo: true },
  { name: 'snapshot, all waiting in a FIFO too', snapshot: true, inFifo: true },
];

/** Scenario (f). */
export async function startTime(bench: Bench): Promise<Figure[]> {
  buildProgram();
  const figures: Figure[] = [];
  for (const variant of variants) figures.push(...(await measureVariant(bench, variant)));
  return figures;
}

async function measureVariant(bench: Bench, variant: Variant): Promise<Figure[]> {
  const { name, inFifo } = variant;
  const prepared = join(bench.tempDir, 'prepared');
  await prepareFolder(bench, variant, prepared);
  const durationsMs: number[] = [];
  let wrong = 0;
  for (let number = 0; number < starts; number++) {
    const dataDir = join(bench.tempDir, 'start');
    cpSync(prepared, dataDir, { recursive: true });
    const { durationMs, stored, waiting } = await startOnce(dataDir, inFifo);
    durationsMs.push(durationMs);
    wrong += Math.abs(stored - messages) + Math.abs(waiting - (inFifo ? messages : 0));
    rmSync(dataDir, { recursive: true, force: true });
  }
  rmSync(prepared, { recursive: true, force: true });
  bench.say(`start, ${name}: ${durationsMs.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  // A FIFO doubles the rows; the goal is about messages alone.
  const goal = inFifo ? undefined : atMost(goalMs / 1000);
  const seconds = durationsMs.map((ms) => ms / 1000);
  return [
    ofRounds({ scenario: 'f', label: name, unit: 's', goal }, seconds),
    { scenario: 'f', label: `${name}: missing or doubled`, value: wrong, unit: '', goal: exactlyNone },
  ];
}

/** Stores the messages and ends the platform as a power cut would. */
async function prepareFolder(bench: Bench, { snapshot, inFifo }: Variant, folder: string): Promise<void> {
  const { files, tempDir } = bench;
  const server = await Fleetbench.start({
    files,
    tempDir,
    routeToFifo: inFifo,
    snapshotAfterBytes: neverBySize,
    tls: true,
  });
  await storeMessages(bench, server, messages);
  if (snapshot) await server.program.call('snapshot');
  await server.program.kill();
  cpSync(server.dataDir, folder, { recursive: true });
  await server.stop();
}

/** From starting the process to its line that says that everything listens. */
async function startOnce(dataDir: string, inFifo: boolean) {
  const flags = ['--json', '--data-dir', dataDir];
  const startMs = performance.now();
  const child = spawn(process.execPath, ['dist/cli.js', 'serve', ...flags, '--free-ports'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const { endpoints } = await readyLine(child);
    const durationMs = performance.now() - startMs;
    const api = new PlatformApi(endpoints.http, masterKey);
    const ids = Array.from({ length: publishers }, (_, number) => `${clientIdPrefix}${number}`);
    const stored = await api.countStored(ids);
    return { durationMs, stored, waiting: inFifo ? await api.countInFifo(fifoName) : 0 };
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

async function readyLine(child: ChildProcess): Promise<{ endpoints: { http: string } }> {
  if (!child.stdout) throw new Error('the program has no standard output');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  throw new Error('the program ended before it was ready');
}

function buildProgram(): void {
  // With this program's own flags, which let Node run TypeScript.
  const argv = [...process.execArgv, join(root, 'scripts/build.ts'), '--js', '--if-stale'];
  const { status } = spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit' });
  if (status !== 0 || !existsSync(join(root, 'dist/cli.js')))
    throw new Error('the program could not be built');
}
