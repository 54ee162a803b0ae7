import { afterEach, describe, expect, it } from 'vitest';
import { RawMqttClient } from '../../testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';

let bench: TestPlatform;
afterEach(() => bench.stop());

const start = async (settings: object): Promise<void> => {
  bench = await startTestPlatform({ settings: { keyRateWindowSeconds: 10, ...settings } });
};
const connect = async (password: string, clientId: string, username = 'json+device') => {
  const { client, code } = await RawMqttClient.connect(bench.mqttPort, { username, password, clientId });
  expect(code).toBe(0);
  return client;
};
const streamOf = async (name: string): Promise<number[]> =>
  (await bench.call('GET', `/api/v0/data/streams/${name}`)).body.map(({ value }: any) => value.n).reverse();
const audited = async (): Promise<any[]> =>
  (await bench.call('GET', '/api/v0/auditlog/messages?type=rate_limit_reached')).body;
const acknowledged = (client: RawMqttClient): unknown[] =>
  client.received.flatMap((packet) => (packet.cmd === 'puback' ? [packet.messageId] : []));

describe('publications of devices', () => {
  it('beyond the rate of the key are neither stored nor acknowledged: the connection ends', async () => {
    await start({ keyMqttDeviceMaxMessages: 3 });
    const key = await bench.key(['DEVICE_ACCESS']);
    const client = await connect(key, 'meter-1');
    for (const n of [1, 2, 3, 4, 5]) client.publish('dev/data', `{"s":"rate","v":{"n":${n}}}`, 1, n);
    await client.closed();
    // What was stored is acknowledged before: the client would send it again, and it would count and be stored again.
    expect(acknowledged(client)).toEqual([1, 2, 3]);
    await until(async () => (await streamOf('rate')).length === 3);
    expect(await streamOf('rate')).toEqual([1, 2, 3]);
    expect(await audited()).toMatchObject([
      {
        level: 'error',
        category: 'connectivity',
        subcategory: 'mqtt',
        description: 'MQTT connection closed',
        detailedDescription:
          'more publications than 3 in 10 s with one API key (settings keyMqttDeviceMaxMessages and keyRateWindowSeconds)',
        source: { nodeId: 'meter-1', connector: 'mqtt' },
      },
    ]);

    // The client sends again what was not acknowledged, when there is room.
    bench.wireClock.advance(20_000 / 3);
    const again = await connect(key, 'meter-1');
    for (const n of [4, 5]) again.publish('dev/data', `{"s":"rate","v":{"n":${n}}}`, 1, n, true);
    await until(() => acknowledged(again).length === 2);
    expect(await streamOf('rate')).toEqual([1, 2, 3, 4, 5]);
    await again.drop();
  });

  it('are counted together for all devices of a key, and apart from those of another', async () => {
    await start({ keyMqttDeviceMaxMessages: 2 });
    const [key, other] = [await bench.key(['DEVICE_ACCESS']), await bench.key(['DEVICE_ACCESS'])];
    const [one, two, third] = [await connect(key, 'a'), await connect(key, 'b'), await connect(other, 'c')];
    one.publish('dev/data', '{"v":{"n":1}}', 1, 1);
    two.publish('dev/data', '{"v":{"n":1}}', 1, 1);
    await until(() => acknowledged(one).length + acknowledged(two).length === 2);
    two.publish('dev/data', '{"v":{"n":2}}', 0);
    await two.closed();
    third.publish('dev/data', '{"v":{"n":1}}', 1, 1);
    await until(() => acknowledged(third).length === 1);
    expect(await audited()).toHaveLength(1);
    // Who publishes nothing keeps his connection.
    await one.roundTrip();
    await one.drop();
    await third.drop();
  });
});

it('publications of applications have a rate of their own', async () => {
  await start({ keyMqttDeviceMaxMessages: 1, keyMqttBridgeMaxMessages: 2 });
  const key = await bench.key(['DEVICE_ACCESS', 'BUS_R', 'BUS_W']);
  const application = await connect(key, 'app', 'application');
  const device = await connect(key, 'd');
  device.publish('dev/data', '{"v":{"n":1}}', 1, 1);
  await until(() => acknowledged(device).length === 1);
  for (const n of [1, 2, 3]) application.publish('anything', '{}', 1, n);
  await application.closed();
  expect(acknowledged(application)).not.toContain(3);
  expect(await audited()).toMatchObject([
    { detailedDescription: expect.stringContaining('keyMqttBridgeMaxMessages') },
  ]);
  await device.drop();
});
