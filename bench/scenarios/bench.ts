import type { BenchFiles } from '../lib/bundle.ts';
import type { Program } from '../lib/ipc.ts';
import type { Machine } from '../lib/machine.ts';
import type { BenchOptions } from '../lib/options.ts';
import type { ProfileDetail } from '../lib/table.ts';
import type { LoadCalls } from '../load/load-process.ts';

/** What every scenario works with. */
export interface Bench {
  readonly options: BenchOptions;
  readonly machine: Machine;
  readonly files: BenchFiles;
  /** A folder of this run's own, removed at the end. */
  readonly tempDir: string;
  readonly load: Program<LoadCalls>;
  /** Tells people how it goes. */
  say(line: string): void;
  /** Keeps details for the JSON file. */
  keep(detail: object): void;
  /** Takes down how many cores other programs used during a measurement. */
  noteOthers(cores: number): void;
  keepProfile(detail: ProfileDetail): void;
}

export function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
