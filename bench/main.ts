// Measures the platform under load, beside other brokers, and says which goals it reaches. docs/performance.md
// tells what the scenarios mean.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleBench } from './lib/bundle.ts';
import { type Figure, isReached, type ScenarioId } from './lib/figures.ts';
import { Program } from './lib/ipc.ts';
import { describeMachine, formatMachine, formatOthers } from './lib/machine.ts';
import { type BenchOptions, benchHelp, readOptions } from './lib/options.ts';
import { formatFigures, formatProfiles, formatSummary, type ProfileDetail } from './lib/table.ts';
import type { LoadCalls } from './load/load-process.ts';
import type { Bench } from './scenarios/bench.ts';
import { bulkDevices } from './scenarios/bulk-devices.ts';
import { campaign } from './scenarios/campaign.ts';
import { coapGet } from './scenarios/coap.ts';
import { commands } from './scenarios/commands.ts';
import { deviceLists } from './scenarios/device-list.ts';
import { dtls } from './scenarios/dtls.ts';
import { fixedRates } from './scenarios/fixed-rate.ts';
import { fullLoad, fullLoadWithConsumer, generatorLimit } from './scenarios/full-load.ts';
import { idleDevices } from './scenarios/idle-devices.ts';
import { loraFleet, loraUplinks } from './scenarios/lora.ts';
import { lwm2m, registeredDevices } from './scenarios/lwm2m.ts';
import { sms } from './scenarios/sms.ts';
import { startTime } from './scenarios/start-time.ts';

async function runScenarios(bench: Bench): Promise<Figure[]> {
  const wanted = bench.options.scenarios;
  const figures: Figure[] = [];
  const run = async (ids: readonly ScenarioId[], measure: () => Promise<Figure[]>): Promise<void> => {
    if (ids.some((id) => wanted.has(id))) figures.push(...(await measure()));
  };
  await run(['g', 'a', 'b', 'c'], () => generatorLimit(bench));
  await run(['a', 'c'], () => fullLoad(bench, wanted.has('c')));
  await run(['b'], () => fullLoadWithConsumer(bench));
  await run(['d'], () => fixedRates(bench));
  await run(['e'], () => idleDevices(bench));
  await run(['f'], () => startTime(bench));
  await run(['i'], () => bulkDevices(bench));
  await run(['h'], () => deviceLists(bench));
  await run(['k'], () => commands(bench));
  await run(['l'], () => campaign(bench));
  await run(['m'], () => coapGet(bench));
  await run(['n'], () => dtls(bench));
  await run(['o', 'p', 'r'], () => lwm2m(bench));
  await run(['q'], () => registeredDevices(bench));
  await run(['t'], () => loraUplinks(bench));
  await run(['u'], () => loraFleet(bench));
  await run(['v', 'w'], () => sms(bench));
  return figures;
}

async function main(options: BenchOptions): Promise<void> {
  mkdirSync(options.dir, { recursive: true });
  const tempDir = mkdtempSync(join(resolve(options.dir), 'fleetbench-bench-'));
  // Whatever way this process ends; its programs end by themselves when it is gone.
  process.once('exit', () => rmSync(tempDir, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const machine = describeMachine(tempDir);
  console.log(formatMachine(machine));
  const files = await bundleBench();
  const load = new Program<LoadCalls>('load generator', files.load);
  const details: object[] = [];
  const profiles: ProfileDetail[] = [];
  const othersCores: number[] = [];
  const bench: Bench = {
    options,
    machine,
    files,
    tempDir,
    load,
    say: (line) => console.error(`  ${line}`),
    keep: (detail) => void details.push(detail),
    noteOthers: (cores) => void othersCores.push(cores),
    keepProfile: (detail) => void profiles.push(detail),
  };
  const startedAt = new Date().toISOString();
  const figures = await runScenarios(bench);
  await load.kill();
  console.log(formatFigures(figures));
  if (profiles.length > 0) console.log(formatProfiles(profiles));
  console.log(`\n${formatSummary(figures)}`);
  if (othersCores.length > 0) console.log(formatOthers(othersCores));
  if (options.quick) console.log('Short runs: these figures show that it works and no more.');
  if (options.jsonFile) {
    const { scenarios, ...others } = options;
    const judged = figures.map((figure) => ({ ...figure, reached: isReached(figure) }));
    const result = {
      startedAt,
      machine,
      options: { ...others, scenarios: [...scenarios] },
      othersCores,
      figures: judged,
      details,
      profiles,
    };
    writeFileSync(options.jsonFile, `${JSON.stringify(result, null, 2)}\n`);
  }
  if (figures.some((figure) => figure.goal?.mustHold && !isReached(figure))) process.exitCode = 1;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') console.log(benchHelp);
  else await main(options);
} catch (error) {
  console.error(`Benchmark failed: ${error instanceof Error ? error.message : error}`);
  process.exit(2);
}
