import { afterAll, beforeAll, expect, it } from 'vitest';
import { RawMqttClient } from '../../testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';

const sessionTtl = 60_000;
const periodMs = 5000;
let bench: TestPlatform;
beforeAll(async () => {
  bench = await startTestPlatform({ settings: { keyUpkeepPeriodMs: periodMs } });
  await bench.call('POST', '/api/v0/topics/fifo', { name: 'orders' });
});
afterAll(() => bench.stop());

const makeKey = async (roles: string[]): Promise<{ id: string; value: string }> =>
  (await bench.call('POST', '/api/v0/apiKeys', { label: 'idle', roles, sessionTtl })).body;
const connect = async (password: string, username: string) => {
  const clientId = `c-${username.slice(0, 4)}-${password.slice(0, 8)}`;
  const { client, code } = await RawMqttClient.connect(bench.mqttPort, { username, password, clientId });
  expect(code).toBe(0);
  return client;
};
const lastActivity = async (id: string): Promise<number> =>
  (await bench.call('GET', `/api/v0/apiKeys/${id}`)).body.lastActivity;

it('a device that publishes keeps a key with sessionTtl; one that only pings does not', async () => {
  const key = await makeKey(['DEVICE_ACCESS']);
  const client = await connect(key.value, 'json+device');
  for (const n of [1, 2, 3, 4]) {
    bench.clock.advance(sessionTtl - periodMs);
    client.publish('dev/data', '{"v":{"n":1}}', n % 2 === 0 ? 0 : 1, n);
    await client.roundTrip();
    expect(await lastActivity(key.id)).toBe(bench.clock.now());
  }
  const usedMs = bench.clock.now();
  bench.clock.advance(sessionTtl - periodMs);
  await client.roundTrip();
  expect(await lastActivity(key.id)).toBe(usedMs);
  bench.clock.advance(2 * periodMs);
  await client.closed();
  expect((await bench.call('GET', `/api/v0/apiKeys/${key.id}`)).body.expired).toBe(true);
});

it.each([0, 1] as const)('an application that consumes a FIFO with QoS %d keeps it', async (qos) => {
  const key = await makeKey(['BUS_R']);
  const client = await connect(key.value, 'application');
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'fifo/orders', qos }] });
  await client.next('suback');
  for (const n of [1, 2, 3]) {
    bench.clock.advance(sessionTtl - periodMs);
    await bench.call('POST', '/api/v0/topics/fifo/orders', { n });
    const { messageId } = await client.next('publish');
    if (qos === 1) client.send({ cmd: 'puback', messageId: messageId ?? 0 });
    await client.roundTrip();
    expect(await lastActivity(key.id)).toBe(bench.clock.now());
  }
  bench.clock.advance(sessionTtl + periodMs);
  await client.closed();
});

it('an acknowledgement counts also when nothing more is sent', async () => {
  const key = await makeKey(['BUS_R']);
  const client = await connect(key.value, 'application');
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'fifo/orders', qos: 1 }] });
  await client.next('suback');
  await bench.call('POST', '/api/v0/topics/fifo/orders', { n: 1 });
  const { messageId = 0 } = await client.next('publish');
  bench.clock.advance(sessionTtl - periodMs);
  client.send({ cmd: 'puback', messageId });
  await client.roundTrip();
  expect(await lastActivity(key.id)).toBe(bench.clock.now());
  await client.drop();
});

it('what has ended does not come back by a publication before its connection is told', async () => {
  const key = await makeKey(['DEVICE_ACCESS']);
  const client = await connect(key.value, 'json+device');
  const usedMs = await lastActivity(key.id);
  // Ends between two turns of the upkeep.
  bench.clock.advance(periodMs / 2);
  client.publish('dev/data', '{"v":{"n":1}}', 1, 1);
  await client.roundTrip();
  const { body: before } = await bench.call('GET', `/api/v0/apiKeys/${key.id}`);
  expect(before.lastActivity).toBe(usedMs + periodMs / 2);
  bench.clock.advance(sessionTtl);
  client.publish('dev/data', '{"v":{"n":1}}', 0);
  bench.clock.advance(periodMs);
  await client.closed();
  const { body: after } = await bench.call('GET', `/api/v0/apiKeys/${key.id}`);
  expect(after).toMatchObject({ lastActivity: before.lastActivity, expired: true });
  expect((await bench.call('GET', '/api/v0/whoami', undefined, key.value)).status).toBe(401);
});

it('is written once in a period, however many messages there are', async () => {
  const key = await makeKey(['DEVICE_ACCESS']);
  const client = await connect(key.value, 'json+device');
  bench.clock.advance(periodMs);
  await until(() => bench.platform.store.status().backlog === 0);
  const writes: string[] = [];
  const { store } = bench.platform;
  const commit = store.commit.bind(store);
  store.commit = (transaction) => {
    for (const { sql } of transaction) if (/update "?api_keys/.test(sql)) writes.push(sql);
    return commit(transaction);
  };
  try {
    for (let n = 0; n < 50; n++) client.publish('dev/data', '{"v":{"n":1}}', 0);
    await client.roundTrip();
    expect(writes).toEqual([]);
    bench.clock.advance(periodMs);
    await until(() => writes.length > 0);
    expect(writes).toHaveLength(1);
  } finally {
    store.commit = commit;
  }
  await client.drop();
});
