import type { SuiteName } from '../../core/protocols/dtls/suites.ts';
import { atLeast, exactlyNone, type Figure, type Goal, median, ofRounds } from '../lib/figures.ts';
import { Program } from '../lib/ipc.ts';
import { machineCpuMs, readUsageOf } from '../lib/usage.ts';
import type { DtlsCalls, DtlsLoad, DtlsResult } from '../load/dtls-process.ts';
import type { Bench } from './bench.ts';

/** What a trial of the same kind reached: a composed CCM, client and server in one process. */
const trial = { handshakes: 2100, echoes: 15_000 };
const idleSessions = 5000;
const usual: SuiteName = 'PSK_WITH_AES_128_CCM_8';

interface Run {
  readonly what: 'handshakes' | 'echoes';
  readonly label: string;
  readonly goal?: Goal;
  readonly load: Omit<DtlsLoad, 'durationMs'>;
}

const runs: readonly Run[] = [
  {
    what: 'handshakes',
    label: `full handshakes over UDP (trial: ${trial.handshakes})`,
    goal: atLeast(trial.handshakes),
    load: { over: 'UDP', suite: usual, clients: 50 },
  },
  {
    what: 'handshakes',
    label: 'full handshakes in memory',
    load: { over: 'memory', suite: usual, clients: 50 },
  },
  {
    what: 'handshakes',
    label: 'full handshakes with ECDHE, in memory',
    load: { over: 'memory', suite: 'ECDHE_PSK_WITH_AES_128_CCM_8_SHA256', clients: 50 },
  },
  {
    what: 'echoes',
    label: `echoes of 64 bytes over UDP (trial: ${trial.echoes})`,
    goal: atLeast(trial.echoes),
    load: { over: 'UDP', suite: usual, clients: 50 },
  },
  {
    what: 'echoes',
    label: 'echoes of 64 bytes in memory',
    load: { over: 'memory', suite: usual, clients: 50 },
  },
];

/** Scenario (n): DTLS alone, both ends in one process. */
export async function dtls(bench: Bench): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const run of runs) figures.push(...(await measure(bench, run)));
  const program = new Program<DtlsCalls>('DTLS', bench.files.dtls);
  const { sessions, bytesEach } = await program.call('memory', { sessions: idleSessions, suite: usual });
  await program.kill();
  const about = { scenario: 'n' } as const;
  return [
    ...figures,
    {
      ...about,
      label: `RSS for each of ${sessions} sessions, both ends`,
      value: bytesEach / 1000,
      unit: 'kB',
    },
  ];
}

async function measure(bench: Bench, { what, label, goal, load }: Run): Promise<Figure[]> {
  const { rounds, warmUpMs, measureMs } = bench.options;
  const results: DtlsResult[] = [];
  for (let round = 0; round < rounds; round++) {
    // A process of its own for each: no heap of the one before.
    const program = new Program<DtlsCalls>('DTLS', bench.files.dtls);
    await program.call(what, { ...load, durationMs: warmUpMs });
    const before = { machineMs: machineCpuMs(), own: readUsageOf(program.pid) };
    results.push(await program.call(what, { ...load, durationMs: measureMs }));
    const own = readUsageOf(program.pid);
    if (own && before.own) {
      const ownMs = own.cpuMs - before.own.cpuMs;
      bench.noteOthers((machineCpuMs() - before.machineMs - ownMs) / (own.atMs - before.own.atMs));
    }
    await program.kill();
  }
  bench.say(`${label}: ${results.map(({ perSecond }) => perSecond.toFixed(0)).join(', ')}/s`);
  bench.keep({ round: label, results });
  const wrong = results.reduce((sum, each) => sum + each.wrong, 0);
  const about = { scenario: 'n' } as const;
  const cpuUs = median(results.map((each) => each.cpuUs));
  return [
    ofRounds(
      { ...about, label, unit: '/s', goal },
      results.map((each) => each.perSecond),
    ),
    { ...about, label: 'CPU for each', value: cpuUs, unit: 'us' },
    ...(wrong > 0 ? [{ ...about, label: `${label}: wrong`, value: wrong, unit: '', goal: exactlyNone }] : []),
  ];
}
