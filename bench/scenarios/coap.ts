import { atLeast, exactlyNone, type Figure, median, ofRounds } from '../lib/figures.ts';
import { cpuShare, machineCpuMs } from '../lib/usage.ts';
import type { CoapResult } from '../load/coap-run.ts';
import {
  type CoapContestant,
  libcoapProgram,
  type Resource,
  startCoapServer,
  startLibcoap,
} from '../peers/coap-peers.ts';
import { type Bench, sleep } from './bench.ts';

const resource: Resource = { path: 'bench', payload: '{"temperature":21.5,"humidity":48,"battery":3.61}' };
/** Peers, and requests that each has on its way. */
const sockets = 16;
const window = 8;
const toLibcoap = atLeast(0.5);
const shownFunctions = 25;

interface Round {
  readonly contestant: CoapContestant['name'];
  readonly load: CoapResult;
  readonly serverCpu: number | undefined;
  readonly rssMb: number | undefined;
}

/** Scenario (m). */
export async function coapGet(bench: Bench): Promise<Figure[]> {
  const { files, options } = bench;
  const libcoap = libcoapProgram();
  if (libcoap === undefined)
    bench.say('libcoap is not installed (Debian package libcoap3-bin): no comparison.');
  const starters = [
    () => startCoapServer(files, 'fleetbench', resource),
    ...(libcoap === undefined ? [] : [() => startLibcoap(libcoap, resource)]),
    () => startCoapServer(files, 'npm coap', resource),
  ];
  const sink = await playRound(bench, () => startCoapServer(files, 'sink', resource), 'm-sink');
  const rounds: Round[] = [];
  for (let number = 1; number <= options.rounds; number++) {
    for (const start of starters) rounds.push(await playRound(bench, start, `m-${number}`));
  }
  const of = (name: Round['contestant']): Round[] => rounds.filter(({ contestant }) => contestant === name);
  const own = of('fleetbench');
  const limits = [sink, ...rounds].map(({ load }) => load.requestsPerS / load.generatorCpu);
  const about = { scenario: 'm' } as const;
  return [
    ofRounds({ ...about, label: 'generator: what a full core of it could ask', unit: '/s' }, limits),
    { ...about, label: 'a server that only answers (bare node:dgram)', value: rateOf(sink), unit: '/s' },
    ...costFigures('its ', [sink]).slice(0, 1),
    {
      ...about,
      label: 'generator CPU, at most (100 % is one core)',
      value: Math.max(...[sink, ...rounds].map(({ load }) => load.generatorCpu)) * 100,
      unit: '%',
    },
    ofRounds({ ...about, label: 'GET per second', unit: '/s' }, own.map(rateOf)),
    ofRounds(
      { ...about, label: 'p50', unit: 'ms' },
      own.map(({ load }) => load.latency.p50Ms),
    ),
    ofRounds(
      { ...about, label: 'p99', unit: 'ms' },
      own.map(({ load }) => load.latency.p99Ms),
    ),
    ...costFigures('', own),
    ...peerFigures('libcoap', own, of('libcoap')),
    ...peerFigures('npm coap', own, of('npm coap')),
    {
      ...about,
      label: 'answers that were wrong, of all servers',
      value: [sink, ...rounds].reduce((sum, { load }) => sum + load.wrong, 0),
      unit: '',
      goal: exactlyNone,
    },
    {
      ...about,
      label: 'requests asked anew, of ours',
      value: own.reduce((sum, { load }) => sum + load.lost, 0),
      unit: '',
    },
  ];
}

async function playRound(bench: Bench, start: () => Promise<CoapContestant>, label: string): Promise<Round> {
  const { load, options } = bench;
  const server = await start();
  const profiled =
    options.profileDir !== undefined && server.name === 'fleetbench' ? server.program : undefined;
  try {
    await load.call('openCoap', {
      port: server.port,
      path: resource.path,
      payloadBytes: resource.payload.length,
      sockets,
      window,
    });
    await sleep(options.warmUpMs);
    await profiled?.call('startProfile');
    const [before, machineBefore] = [await server.usage(), machineCpuMs()];
    const result = await load.call('measureCoap', { durationMs: options.measureMs });
    const [after, machineAfter] = [await server.usage(), machineCpuMs()];
    const functions = await profiled?.call('stopProfile', { functions: shownFunctions });
    if (functions) bench.keepProfile({ profile: label, threads: [{ thread: 'main', ...functions }] });
    await load.call('closeCoap');
    const serverCpu = before && after && cpuShare(before, after);
    if (serverCpu !== undefined) {
      const all = (machineAfter - machineBefore) / options.measureMs;
      bench.noteOthers(Math.max(0, all - serverCpu - result.generatorCpu));
    }
    bench.say(
      `${label} ${server.name}: ${Math.round(result.requestsPerS)}/s, p99 ${result.latency.p99Ms.toFixed(2)} ms`,
    );
    const round = {
      contestant: server.name,
      load: result,
      serverCpu,
      rssMb: after && after.peakRssBytes / 1e6,
    };
    bench.keep({ round: label, ...round });
    return round;
  } finally {
    await server.stop();
  }
}

function peerFigures(name: string, own: readonly Round[], rounds: readonly Round[]): Figure[] {
  if (rounds.length === 0) return [];
  const about = { scenario: 'm' } as const;
  const ratio = median(own.map(rateOf)) / median(rounds.map(rateOf));
  return [
    ofRounds({ ...about, label: `${name}: GET per second`, unit: '/s' }, rounds.map(rateOf)),
    ...costFigures(`${name}: `, rounds),
    {
      ...about,
      label: `fleetbench / ${name}`,
      value: ratio,
      unit: '',
      goal: name === 'libcoap' ? toLibcoap : undefined,
    },
  ];
}

/** What a server has used, where the system tells. */
function costFigures(prefix: string, rounds: readonly Round[]): Figure[] {
  const cpuUs = rounds.flatMap(({ serverCpu, load }) =>
    serverCpu === undefined ? [] : [(serverCpu / load.requestsPerS) * 1e6],
  );
  const rssMb = rounds.flatMap((round) => round.rssMb ?? []);
  const about = { scenario: 'm' } as const;
  return [
    ...(cpuUs.length > 0
      ? [ofRounds({ ...about, label: `${prefix}CPU for each request`, unit: 'us' }, cpuUs)]
      : []),
    ...(rssMb.length > 0 ? [ofRounds({ ...about, label: `${prefix}RSS at most`, unit: 'MB' }, rssMb)] : []),
  ];
}

const rateOf = ({ load }: Round): number => load.requestsPerS;
