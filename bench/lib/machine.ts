import { spawnSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { mosquittoVersion } from '../peers/peers.ts';
import { median } from './figures.ts';

/** What the figures depend on. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly mosquitto: string | undefined;
  readonly fileSystem: string;
  /** Median time to append 400 bytes and sync them. */
  readonly syncMs: number;
  /** Most files and sockets that one process may have open; undefined where the system does not tell. */
  readonly openFilesLimit: number | undefined;
  /** Programs that wanted to run in the last minute, before the benchmark began. */
  readonly loadBefore: number;
}

/** So much goes on anyway. */
const quietCores = 0.15;

/** Numbers of statfs(2) for the common ones. */
const fileSystems: Readonly<Record<number, string>> = {
  61267: 'ext4',
  16914836: 'tmpfs',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  2035054128: 'overlayfs',
};

/** @param folder where the data folders will be. */
export function describeMachine(folder: string): Machine {
  const all = cpus();
  const { type } = statfsSync(folder);
  return {
    cores: all.length,
    cpu: all[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    mosquitto: mosquittoVersion(),
    fileSystem: fileSystems[type] ?? `type ${type}`,
    syncMs: measureSync(folder),
    openFilesLimit: openFilesLimit(),
    loadBefore: loadavg()[0] ?? 0,
  };
}

export function formatMachine(machine: Machine): string {
  const { cores, cpu, memoryGb, system, node, mosquitto, fileSystem, syncMs, loadBefore } = machine;
  const lines = [
    `${cores} cores (${cpu}), ${memoryGb} GB, ${system}, node ${node}, mosquitto ${mosquitto ?? 'not installed'}`,
    `data on ${fileSystem}, append and sync ${syncMs.toFixed(2)} ms, load before ${loadBefore.toFixed(2)}`,
  ];
  if (fileSystem === 'tmpfs') {
    lines.push('The data folder is in memory, so syncing costs nothing. Name a folder on a disk with --dir.');
  }
  return lines.join('\n');
}

/** @param cores what other programs used during each measurement, 1 being a full core. */
export function formatOthers(cores: readonly number[]): string {
  const most = Math.max(0, ...cores);
  const line = `Other programs used ${median(cores).toFixed(2)} cores during the measurements (at most ${most.toFixed(2)}).`;
  return median(cores) > quietCores ? `${line} That is no quiet machine: the figures are too bad.` : line;
}

function measureSync(folder: string): number {
  const file = join(folder, 'sync-test');
  const record = Buffer.alloc(400, 'x');
  const durationsMs: number[] = [];
  const descriptor = openSync(file, 'a');
  for (let count = 0; count < 200; count++) {
    const startMs = performance.now();
    writeSync(descriptor, record);
    fdatasyncSync(descriptor);
    durationsMs.push(performance.now() - startMs);
  }
  closeSync(descriptor);
  rmSync(file);
  return median(durationsMs);
}

/** Node raises its own limit to what the system allows, so the hard one counts. */
function openFilesLimit(): number | undefined {
  if (platform() === 'linux') {
    const found = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return found ? Number(found[1]) : undefined;
  }
  if (platform() === 'win32') return undefined;
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' });
  return Number(stdout) || undefined;
}
