import {
  atLeast,
  exactlyNone,
  type Figure,
  type Goal,
  median,
  ofRounds,
  type ScenarioId,
} from '../lib/figures.ts';
import type { LoadResult } from '../load/load-run.ts';
import type { Contestant } from '../peers/contestant.ts';
import { Fleetbench, fifoName } from '../peers/fleetbench.ts';
import { startAedes, startMosquitto, startSink } from '../peers/peers.ts';
import type { Bench } from './bench.ts';
import { type Measurement, publishers, publisherWindow, runLoad } from './run-load.ts';

export const goals = { messagesPerS: atLeast(25_000), toAedes: atLeast(0.6), toMosquitto: atLeast(0.4) };

interface Round extends Measurement {
  readonly contestant: string;
  /** Acknowledged messages that are not there, or are there more than once. */
  readonly wrong: number;
}

const pace = { kind: 'closed', window: publisherWindow } as const;

/** What the generator reaches when the server does next to nothing. */
export async function generatorLimit(bench: Bench): Promise<Figure[]> {
  const round = await playRound(bench, startSink(bench.files), 'g');
  const { messagesPerS, latency, generatorCpu } = round.load.window;
  return [
    { scenario: 'g', label: 'messages per second', value: messagesPerS, unit: '/s' },
    { scenario: 'g', label: 'p99', value: latency.p99Ms, unit: 'ms' },
    { scenario: 'g', label: 'generator CPU', value: generatorCpu * 100, unit: '%' },
  ];
}

/** Scenarios (a) and (c): the platform alone, or in turn with its peers. */
export async function fullLoad(bench: Bench, withPeers: boolean): Promise<Figure[]> {
  const { machine, files, tempDir, options } = bench;
  const starters = [
    () => Fleetbench.start({ files, tempDir, routeToFifo: true, profile: options.profileDir !== undefined }),
    ...(withPeers ? [() => startAedes(files)] : []),
    ...(withPeers && machine.mosquitto !== undefined ? [() => startMosquitto(tempDir)] : []),
  ];
  const rounds: Round[] = [];
  for (let number = 1; number <= options.rounds; number++) {
    for (const start of starters) rounds.push(await playRound(bench, start(), `a-${number}`));
  }
  const of = (name: string): Round[] => rounds.filter(({ contestant }) => contestant === name);
  const figures = describeRounds('a', of('fleetbench'), goals.messagesPerS);
  if (withPeers) figures.push(...comparePeers(of));
  return figures;
}

/** Scenario (b). */
export async function fullLoadWithConsumer(bench: Bench): Promise<Figure[]> {
  const { files, tempDir, options } = bench;
  const profile = options.profileDir !== undefined;
  const rounds: Round[] = [];
  for (let number = 1; number <= options.rounds; number++) {
    const server = Fleetbench.start({ files, tempDir, routeToFifo: true, profile });
    rounds.push(await playRound(bench, server, `b-${number}`, true));
  }
  const about = { scenario: 'b', unit: '/s' } as const;
  const figures = describeRounds('b', rounds);
  const delivered = rounds.map(({ load }) => (load.window.delivered / load.window.durationMs) * 1000);
  figures.splice(1, 0, ofRounds({ ...about, label: 'delivered per second, under that load' }, delivered));
  return figures;
}

async function playRound(
  bench: Bench,
  starting: Promise<Contestant>,
  label: string,
  subscriber = false,
): Promise<Round> {
  const server = await starting;
  try {
    const measurement = await runLoad(bench, server, { pace, subscriber, label });
    const wrong = server instanceof Fleetbench ? await countWrong(server, measurement, subscriber) : 0;
    const round = { contestant: server.name, wrong, ...measurement };
    const { messagesPerS, latency } = measurement.load.window;
    bench.say(`${label} ${server.name}: ${Math.round(messagesPerS)}/s, p99 ${latency.p99Ms.toFixed(1)} ms`);
    const store = server instanceof Fleetbench ? await server.program.call('storeState') : undefined;
    bench.keep({ round: label, ...round, store });
    return round;
  } finally {
    await server.stop();
  }
}

/** Asks the platform itself whether it has all that it acknowledged, once. */
async function countWrong(server: Fleetbench, { load }: Measurement, consumed: boolean): Promise<number> {
  const inFifo = await server.api.countInFifo(fifoName);
  const stored = await server.countStored(publishers);
  const expectedInFifo = consumed ? 0 : load.acknowledged;
  const notDelivered = consumed ? Math.abs(load.delivered - load.acknowledged) : 0;
  return Math.abs(stored - load.acknowledged) + Math.abs(inFifo - expectedInFifo) + notDelivered;
}

function describeRounds(scenario: ScenarioId, rounds: readonly Round[], goal?: Goal): Figure[] {
  const figure = (
    label: string,
    unit: string,
    read: (round: Round) => number | undefined,
    wanted?: Goal,
  ): Figure[] => {
    const values = rounds.map(read).filter((value) => value !== undefined);
    return values.length === 0 ? [] : [ofRounds({ scenario, label, unit, goal: wanted }, values)];
  };
  return [
    ...figure('messages per second', '/s', rateOf, goal),
    ...figure('acknowledgement p50', 'ms', ({ load }) => load.window.latency.p50Ms),
    ...figure('acknowledgement p99', 'ms', ({ load }) => load.window.latency.p99Ms),
    ...figure('acknowledgement longest', 'ms', ({ load }) => load.window.latency.maxMs),
    ...figure('server CPU (100 % is one core)', '%', ({ serverCpu }) => percent(serverCpu)),
    ...figure('of it, main thread', '%', ({ mainThreadCpu }) => percent(mainThreadCpu)),
    ...figure('server CPU for each message', 'us', ({ serverCpu, load }) => perMessageUs(serverCpu, load)),
    ...figure('of it, main thread', 'us', ({ mainThreadCpu, load }) => perMessageUs(mainThreadCpu, load)),
    ...figure('generator CPU', '%', ({ load }) => percent(load.window.generatorCpu)),
    ...figure('server RSS at the end', 'MB', ({ rssMb }) => rssMb),
    ...figure('server RSS at most', 'MB', ({ peakRssMb }) => peakRssMb),
    ...figure('messages acknowledged in a round', '', ({ load }) => load.acknowledged),
    ...figure('acknowledged but missing or doubled (store, FIFO)', '', ({ wrong }) => wrong, exactlyNone),
  ];
}

function comparePeers(of: (name: string) => readonly Round[]): Figure[] {
  const own = median(of('fleetbench').map(rateOf));
  const figures: Figure[] = [];
  for (const [name, goal] of [
    ['aedes', goals.toAedes],
    ['mosquitto', goals.toMosquitto],
  ] as const) {
    const rounds = of(name);
    if (rounds.length === 0) continue;
    const rates = rounds.map(rateOf);
    const p99s = rounds.map(({ load }) => load.window.latency.p99Ms);
    const cpuUs = rounds
      .map((round) => perMessageUs(round.serverCpu, round.load))
      .filter((us) => us !== undefined);
    figures.push(
      ofRounds({ scenario: 'c', label: `${name}: messages per second`, unit: '/s' }, rates),
      ofRounds({ scenario: 'c', label: `${name}: acknowledgement p99`, unit: 'ms' }, p99s),
      ...(cpuUs.length > 0
        ? [ofRounds({ scenario: 'c', label: `${name}: CPU for each message`, unit: 'us' }, cpuUs)]
        : []),
      { scenario: 'c', label: `fleetbench / ${name}`, value: own / median(rates), unit: '', goal },
    );
  }
  return figures;
}

function rateOf({ load }: Round): number {
  return load.window.messagesPerS;
}

/** Hardly changes when other programs take a part of the machine. */
function perMessageUs(cpu: number | undefined, { window }: LoadResult): number | undefined {
  return cpu === undefined ? undefined : (cpu / window.messagesPerS) * 1e6;
}

function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : share * 100;
}
