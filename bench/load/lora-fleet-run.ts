import { loraFleetTemplate } from '../../core/contract/simulators.ts';
import { RealClock } from '../../core/platform/node/real-clock.ts';
import { simulatorSeams } from '../../core/testing/simulator-seams.ts';
import { Fleet } from '../../simulators/fleet/fleet.ts';
import { FleetRegistration } from '../../simulators/fleet-registration.ts';
import { PlatformRest } from '../../simulators/platform-rest.ts';
import { readUsage } from '../lib/usage.ts';

const gateways = 10;
const joinsPerS = 60;
const lookMs = 250;
const timeoutMs = 300_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs a simulated LoRa fleet in this process until all its devices have joined and sent for a while. */
export async function runLoraFleet(options: {
  readonly loraUrl: string;
  readonly httpUrl: string;
  readonly apiKey: string;
  readonly devices: number;
  readonly settleMs: number;
}) {
  const { devices, loraUrl, httpUrl, apiKey, settleMs } = options;
  const before = readUsage();
  const template = loraFleetTemplate.parse({
    ...{ name: 'Bench', connector: 'lora', count: devices, region: 'US915', spreadingFactor: 7 },
    ...{ periodMs: 60_000, connectsPerS: joinsPerS, idPattern: '02F1EE7BBE{n}' },
    area: { lat: 48.8566, lon: 2.3522, radiusM: 1500 },
    gateways: Array.from({ length: gateways }, (_, index) => ({
      id: `02F1EE7BBEFFFF${index.toString(16).padStart(2, '0')}`,
      lat: 48.8566 + 0.008 * Math.cos((2 * Math.PI * index) / gateways),
      lon: 2.3522 + 0.012 * Math.sin((2 * Math.PI * index) / gateways),
    })),
    payload: {
      kind: 'cayenne',
      channels: [
        { type: 'temperature', channel: 1, value: { kind: 'sine', mean: 20, amplitude: 5, periodS: 600 } },
      ],
    },
  });
  const key = 'of this run';
  const { signal } = new AbortController();
  const registration = new FleetRegistration(
    new PlatformRest(
      () => httpUrl,
      () => apiKey,
    ),
  );
  await registration.register(template, key, signal);
  await registration.renewCredentials(template, [], key, signal);
  const made = readUsage();
  const clock = new RealClock();
  const fleet = new Fleet({ template, url: loraUrl, key }, simulatorSeams(clock));
  await fleet.start();
  while (fleet.report().connected < devices && readUsage().atMs - made.atMs < timeoutMs) await sleep(lookMs);
  const joined = readUsage();
  await sleep(settleMs);
  const end = readUsage();
  const { connected, sent, acknowledged } = fleet.report();
  await fleet.stop();
  return {
    ...{ connected, sent, acknowledged, joinMs: joined.atMs - made.atMs },
    moreBytes: end.rssBytes - before.rssBytes,
    cpu: (end.cpuMs - joined.cpuMs) / (end.atMs - joined.atMs),
  };
}
