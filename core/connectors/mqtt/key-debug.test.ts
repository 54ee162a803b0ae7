import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

let bench: TestPlatform;
beforeAll(async () => {
  bench = await startTestPlatform();
});
afterAll(() => bench.stop());

const logged = async (): Promise<string[]> =>
  (await bench.call('GET', '/api/v0/auditlog/messages?type=mqtt_debug_logs&sort=timestamp')).body.map(
    ({ description }: { description: string }) => description,
  );

it('writes what a device does with a key in debug mode, until that ends', async () => {
  const { body: key } = await bench.call('POST', '/api/v0/apiKeys', { label: 'd', roles: ['DEVICE_ACCESS'] });
  const url = `/api/v0/apiKeys/${key.id}/debugMode`;
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${bench.mqttPort}`, {
    ...{
      username: 'json+device',
      password: key.value,
      clientId: 'urn:lo:nsid:debug:one',
      reconnectPeriod: 0,
    },
  });
  const publish = () => client.publishAsync('dev/data', JSON.stringify({ value: { a: 1 } }), { qos: 1 });
  await publish();
  expect(await logged()).toEqual([]);

  const on = await bench.call('PUT', url, { activated: true });
  expect(on).toMatchObject({
    status: 200,
    body: { id: key.id, debugModeEndTs: bench.clock.now() + 900_000 },
  });
  await publish();
  expect(await logged()).toEqual(['PUBLISH received']);

  bench.clock.advance(900_000);
  await publish();
  expect(await logged()).toHaveLength(1);
  expect((await bench.call('GET', `/api/v0/apiKeys/${key.id}`)).body).not.toHaveProperty('debugModeEndTs');

  await bench.call('PUT', url, { activated: true, durationSeconds: 60 });
  await client.subscribeAsync('dev/cmd');
  expect(await logged()).toContain('SUBSCRIBE accepted');
  const off = await bench.call('PUT', url, { activated: false });
  expect(off.body).not.toHaveProperty('debugModeEndTs');
  const before = (await logged()).length;
  await publish();
  expect(await logged()).toHaveLength(before);
  expect((await bench.call('PUT', url, {})).status).toBe(400);
  await client.endAsync(true);
});
