import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MqttDevice } from '../testing/mqtt-device.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { until } from '../testing/until.ts';

const campaigns = '/api/v0/deviceMgt/campaigns';
const idOf = (name: string): string => `urn:lo:nsid:again:${name}`;
const operations = [
  { action: 'command', definition: { request: { connector: 'mqtt', value: { req: 'go' } } } },
];

let dataDir: string;
let bench: TestPlatform;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fleetbench-campaigns-'));
  bench = await startTestPlatform({ dataDir });
});
afterEach(async () => {
  await bench.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function register(name: string): Promise<void> {
  const interfaces = [{ connector: 'mqtt', definition: { clientId: idOf(name) } }];
  await bench.call('POST', '/api/v1/deviceMgt/devices', { id: idOf(name), tags: ['a'], interfaces });
}

async function start(options: object): Promise<string> {
  const body = { name: 'c', targets: { filterQuery: 'tag==a' }, operations, options };
  const { id } = (await bench.call('POST', campaigns, body)).body;
  bench.clock.advance(0);
  await until(async () => (await get(id)).totalTargetsPerStatus.pending > 0);
  return id;
}

const get = async (id: string) => (await bench.call('GET', `${campaigns}/${id}`)).body;

async function restart(): Promise<void> {
  await bench.stop();
  bench = await startTestPlatform({ dataDir });
}

it('takes in devices that were stored and had not joined when the program ended', async () => {
  await register('first');
  const id = await start({ dynamicallyAddEligibleDevice: true });
  // As a kill between the two leaves it: the device is there, and the campaign has not heard of it.
  bench.platform.campaigns.stop();
  await register('second');
  await restart();
  await until(async () => (await get(id)).totalTargetsPerStatus.pending === 2);
});

it('follows a device that got another id just before the program ended', async () => {
  await register('old');
  const id = await start({});
  bench.platform.campaigns.stop();
  await bench.call('PATCH', `/api/v1/deviceMgt/devices/${idOf('old')}`, { id: idOf('new') });
  await restart();
  const [{ deviceId }] = (await bench.call('GET', `${campaigns}/${id}/targets`)).body.data;
  expect(deviceId).toBe(idOf('new'));
  await MqttDevice.connect(bench.mqttPort, { clientId: idOf('old'), password: bench.masterKey });
  await until(async () => (await get(id)).campaignStatus === 'COMPLETE');
});
