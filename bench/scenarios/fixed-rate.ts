import { atMost, type Figure } from '../lib/figures.ts';
import { Fleetbench } from '../peers/fleetbench.ts';
import { startSink } from '../peers/peers.ts';
import { type Bench, sleep } from './bench.ts';
import { type Measurement, runLoad, storeMessages } from './run-load.ts';

const rates = [
  { messagesPerS: 5000, goal: atMost(12) },
  { messagesPerS: 10_000, goal: atMost(25) },
] as const;
const disturbedRate = 10_000;
const stallGoal = atMost(50);
const storedBefore = 100_000;
/** So that a snapshot is made only when the scenario asks for one. */
const neverBySize = 2 ** 40;

/** Reads the JSON of 100,000 messages; the newer ones are left out so that the work stays the same. */
const slowQuery = {
  sql:
    'SELECT count(*) AS found FROM (SELECT body FROM messages ORDER BY seq LIMIT ?) ' +
    "WHERE json_extract(body, '$.value.temperature') > ?",
  parameters: [storedBefore, 30],
};

interface Disturbance {
  readonly name: string;
  readonly label: string;
  /** Does it once. */
  run(server: Fleetbench): Promise<{ durationMs: number }>;
}

const disturbances: readonly Disturbance[] = [
  { name: 'snapshots', label: 'd-snapshot', run: (server) => server.program.call('snapshot') },
  { name: 'slow queries', label: 'd-query', run: (server) => server.program.call('query', slowQuery) },
];

/** Scenario (d). */
export async function fixedRates(bench: Bench): Promise<Figure[]> {
  const figures = await pacingFloor(bench);
  for (const { messagesPerS, goal } of rates) {
    const name = `${messagesPerS.toLocaleString('en-US')}/s`;
    await withServer(bench, undefined, async (server) => {
      const measurement = await measureAt(bench, server, messagesPerS, `d-${messagesPerS}`);
      const { latency, sendLag } = measurement.load.window;
      const about = { scenario: 'd', unit: 'ms' } as const;
      figures.push(
        { ...about, label: `${name}: p50`, value: latency.p50Ms },
        { ...about, label: `${name}: p99`, value: latency.p99Ms, goal },
        { ...about, label: `${name}: longest`, value: latency.maxMs },
        {
          ...about,
          label: `${name}: longest stall of the main thread`,
          value: measurement.longestStallMs ?? 0,
        },
        { ...about, label: `${name}: generator late, p99 (part of the above)`, value: sendLag.p99Ms },
        { ...about, label: `${name}: server CPU`, value: (measurement.serverCpu ?? 0) * 100, unit: '%' },
      );
    });
  }
  for (const disturbance of disturbances) figures.push(...(await disturbed(bench, disturbance)));
  return figures;
}

/** The same pace against a server that only answers: what the generator and the machine add by themselves. */
async function pacingFloor(bench: Bench): Promise<Figure[]> {
  const sink = await startSink(bench.files);
  try {
    const pace = { kind: 'open', messagesPerS: disturbedRate } as const;
    const { load } = await runLoad(bench, sink, { pace, label: 'sink' });
    const { p99Ms, maxMs } = load.window.latency;
    const about = { scenario: 'd', unit: 'ms' } as const;
    return [
      { ...about, label: 'server that only answers, 10,000/s: p99', value: p99Ms },
      { ...about, label: 'server that only answers, 10,000/s: longest', value: maxMs },
    ];
  } finally {
    await sink.stop();
  }
}

async function disturbed(bench: Bench, { name, label, run }: Disturbance): Promise<Figure[]> {
  const figures: Figure[] = [];
  await withServer(bench, neverBySize, async (server) => {
    await storeMessages(bench, server, storedBefore);
    // Waits until the database has caught up, and lets SQLite prepare the statement.
    await server.program.call('query', slowQuery);
    const durationsMs: number[] = [];
    const pauseMs = bench.options.measureMs / 10;
    const measurement = await measureAt(bench, server, disturbedRate, label, async () => {
      const endMs = performance.now() + bench.options.measureMs - pauseMs * 2;
      while (performance.now() < endMs) {
        await sleep(pauseMs);
        durationsMs.push((await run(server)).durationMs);
      }
    });
    const { latency, sendLag } = measurement.load.window;
    const about = { scenario: 'd', unit: 'ms' } as const;
    figures.push(
      { ...about, label: `10,000/s with ${name}: p99`, value: latency.p99Ms },
      {
        ...about,
        label: `10,000/s with ${name}: longest acknowledgement`,
        value: latency.maxMs,
        goal: stallGoal,
      },
      {
        ...about,
        label: `10,000/s with ${name}: longest stall of the main thread`,
        value: measurement.longestStallMs ?? 0,
        goal: stallGoal,
      },
      { ...about, label: `10,000/s with ${name}: generator late, longest`, value: sendLag.maxMs },
      {
        ...about,
        label: `${name}: ${durationsMs.length}, the longest took`,
        value: Math.max(0, ...durationsMs),
      },
    );
    bench.keep({ disturbance: name, durationsMs });
  });
  return figures;
}

async function measureAt(
  bench: Bench,
  server: Fleetbench,
  messagesPerS: number,
  label: string,
  during?: () => Promise<void>,
): Promise<Measurement> {
  const measurement = await runLoad(bench, server, { pace: { kind: 'open', messagesPerS }, label, during });
  const { latency } = measurement.load.window;
  bench.say(
    `${label}: p50 ${latency.p50Ms.toFixed(2)}, p99 ${latency.p99Ms.toFixed(1)}, longest ${latency.maxMs.toFixed(0)} ms`,
  );
  bench.keep({ round: label, ...measurement, store: await server.program.call('storeState') });
  return measurement;
}

async function withServer(
  bench: Bench,
  snapshotAfterBytes: number | undefined,
  use: (server: Fleetbench) => Promise<void>,
): Promise<void> {
  const { files, tempDir, options } = bench;
  const profile = options.profileDir !== undefined;
  const server = await Fleetbench.start({ files, tempDir, snapshotAfterBytes, routeToFifo: true, profile });
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}
