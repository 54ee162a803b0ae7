import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../scripts/lib/prepare.mjs';

const entries = {
  load: 'bench/load/load-process.ts',
  sink: 'bench/peers/sink-process.ts',
  aedes: 'bench/peers/aedes-process.ts',
  coap: 'bench/peers/coap-process.ts',
  dtls: 'bench/load/dtls-process.ts',
  fleetbench: 'bench/peers/fleetbench-process.ts',
  'store-worker': 'core/store/worker.ts',
  'profiled-worker': 'bench/profile/profiled-worker.ts',
} as const;

/** Bundles of the benchmark's programs by name. */
export type BenchFiles = Readonly<Record<keyof typeof entries, string>>;

/** Bundles the programs as the build does, so that what is measured is what users run. */
export async function bundleBench(): Promise<BenchFiles> {
  const outdir = join(root, 'dist/bench');
  mkdirSync(outdir, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: { ...entries },
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
  const names = Object.keys(entries) as (keyof typeof entries)[];
  return Object.fromEntries(names.map((name) => [name, join(outdir, `${name}.js`)])) as BenchFiles;
}
