import { atMost, exactlyNone, type Figure } from '../lib/figures.ts';
import { Histogram } from '../lib/histogram.ts';
import { clientIdPrefix, Fleetbench } from '../peers/fleetbench.ts';
import { connectAnsweringDevices } from './answering-devices.ts';
import type { Bench } from './bench.ts';

const devices = 10_000;
const campaignsUrl = '/api/v0/deviceMgt/campaigns';
/** How often somebody looks while it runs, as the portal does. */
const lookPeriodMs = 100;
const patienceMs = 300_000;

interface CampaignAnswer {
  readonly id: string;
  readonly campaignStatus: string;
  readonly totalTargetsPerStatus: Readonly<Record<string, number>>;
}

/** Scenario (l): one command to each of 10,000 devices, by a campaign, while somebody looks at lists. */
export async function campaign(bench: Bench): Promise<Figure[]> {
  const { files, tempDir, load } = bench;
  const server = await Fleetbench.start({ files, tempDir, routeToFifo: false });
  try {
    await connectAnsweringDevices(bench, server, devices);
    await server.program.call('resetStalls');
    const before = await server.usage();
    const startMs = performance.now();
    const command = { request: { connector: 'mqtt', value: { req: 'bench', arg: {} } } };
    const { id } = await server.api.call<CampaignAnswer>('POST', campaignsUrl, {
      name: 'bench',
      targets: { filterQuery: `id==${clientIdPrefix}*` },
      operations: [{ action: 'command', definition: command }],
    });
    const looks = new Histogram();
    let now = await server.api.call<CampaignAnswer>('GET', `${campaignsUrl}/${id}`);
    while (/SCHEDULED|RUNNING/.test(now.campaignStatus)) {
      if (performance.now() - startMs > patienceMs) throw new Error(`not done: ${JSON.stringify(now)}`);
      await new Promise((resolve) => setTimeout(resolve, lookPeriodMs));
      const lookMs = performance.now();
      now = await server.api.call<CampaignAnswer>('GET', `${campaignsUrl}/${id}`);
      await server.api.call('GET', `${campaignsUrl}/${id}/targets?status=success&size=100`);
      await server.api.call('GET', '/api/v1/deviceMgt/devices?limit=100&sort=id');
      looks.record(performance.now() - lookMs);
    }
    const seconds = (performance.now() - startMs) / 1000;
    const stallMs = await server.program.call('longestStallMs');
    const after = await server.usage();
    await load.call('closeCommands');
    const { p50Ms, p99Ms, maxMs } = looks.summary();
    bench.say(
      `campaign: ${seconds.toFixed(1)} s, stall ${stallMs.toFixed(0)} ms, looks p50 ${p50Ms.toFixed(0)} ms`,
    );
    bench.keep({ round: 'campaign', seconds, stallMs, looks: looks.summary() });
    const about = { scenario: 'l' } as const;
    const look = 'three looks at lists meanwhile, together';
    return [
      { ...about, label: 'campaign over 10,000 devices', value: seconds, unit: 's' },
      { ...about, label: 'devices a second', value: devices / seconds, unit: '/s' },
      {
        ...about,
        label: 'server CPU for each device',
        value: ((after.cpuMs - before.cpuMs) / devices) * 1000,
        unit: 'us',
      },
      { ...about, label: 'longest stall of the main thread', value: stallMs, unit: 'ms', goal: atMost(50) },
      { ...about, label: `${look}: p50`, value: p50Ms, unit: 'ms' },
      { ...about, label: `${look}: p99`, value: p99Ms, unit: 'ms' },
      { ...about, label: `${look}: longest`, value: maxMs, unit: 'ms' },
      {
        ...about,
        label: 'devices that did not succeed',
        value: devices - (now.totalTargetsPerStatus.success ?? 0),
        unit: '',
        goal: exactlyNone,
      },
    ];
  } finally {
    await server.stop();
  }
}
