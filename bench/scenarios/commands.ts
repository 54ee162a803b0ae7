import { atLeast, atMost, exactlyNone, type Figure } from '../lib/figures.ts';
import { clientIdPrefix, Fleetbench } from '../peers/fleetbench.ts';
import { connectAnsweringDevices } from './answering-devices.ts';
import type { Bench } from './bench.ts';

const devices = 1000;
const commandsEach = 10;
const callers = 64;
const pacePerS = 500;
const countsAtATime = 32;

/** Scenario (k). */
export async function commands(bench: Bench): Promise<Figure[]> {
  const { files, tempDir, load, options } = bench;
  const server = await Fleetbench.start({ files, tempDir, routeToFifo: false });
  const about = { scenario: 'k' } as const;
  try {
    await connectAnsweringDevices(bench, server, devices);
    // Warm-up is not counted.
    await load.call('measureCommands', { kind: 'closed', commands: devices, callers });
    const before = await server.usage();
    const full = await load.call('measureCommands', {
      kind: 'closed',
      commands: devices * commandsEach,
      callers,
    });
    const after = await server.usage();
    const durationMs = Math.max(options.measureMs, 3000);
    const paced = await load.call('measureCommands', { kind: 'open', commandsPerS: pacePerS, durationMs });
    await load.call('closeCommands');
    const perS = (full.commands / full.durationMs) * 1000;
    bench.say(`commands: ${perS.toFixed(0)}/s; at ${pacePerS}/s p99 ${paced.latency.p99Ms.toFixed(1)} ms`);
    bench.keep({ round: 'commands', full, paced });
    const wanted = devices + full.commands + paced.commands;
    const unfinished = wanted - (await countProcessed(server));
    const cpuMs = (after.cpuMs - before.cpuMs) / full.commands;
    return [
      {
        ...about,
        label: `${devices} devices x ${commandsEach}, all at once`,
        value: perS,
        unit: '/s',
        goal: atLeast(2000),
      },
      { ...about, label: 'server CPU for each command', value: cpuMs * 1000, unit: 'us' },
      { ...about, label: 'all at once: p50 from POST to PROCESSED', value: full.latency.p50Ms, unit: 'ms' },
      { ...about, label: 'all at once: p99', value: full.latency.p99Ms, unit: 'ms' },
      {
        ...about,
        label: `${pacePerS}/s: p50 from POST to PROCESSED`,
        value: paced.latency.p50Ms,
        unit: 'ms',
      },
      { ...about, label: `${pacePerS}/s: p99`, value: paced.latency.p99Ms, unit: 'ms', goal: atMost(250) },
      { ...about, label: `${pacePerS}/s: longest`, value: paced.latency.maxMs, unit: 'ms' },
      {
        ...about,
        label: 'refused, or not PROCESSED by what the API says',
        value: full.refused + paced.refused + unfinished,
        unit: '',
        goal: exactlyNone,
      },
    ];
  } finally {
    await server.stop();
  }
}

/** Commands of all devices that the API shows as processed. */
async function countProcessed(server: Fleetbench): Promise<number> {
  let processed = 0;
  let next = 0;
  const count = async (): Promise<void> => {
    while (next < devices) {
      const url = `/api/v1/deviceMgt/devices/${clientIdPrefix}${next++}/commands?limit=1000`;
      const list = await server.api.call<{ status: string }[]>('GET', url);
      processed += list.filter(({ status }) => status === 'PROCESSED').length;
    }
  };
  await Promise.all(Array.from({ length: countsAtATime }, count));
  return processed;
}
