import mqtt from 'mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { until } from '../testing/until.ts';

describe('a FIFO looked at by the portal', () => {
  let bench: TestPlatform;
  beforeAll(async () => {
    bench = await startTestPlatform();
  });
  afterAll(() => bench.stop());
  beforeEach(async () => {
    await bench.platform.reset();
    await bench.call('POST', '/api/v0/topics/fifo', { name: 'orders' });
  });
  const publish = (body: unknown) => bench.call('POST', '/api/v0/topics/fifo/orders', body);
  const activity = async () => (await bench.call('GET', '/bench/v1/fifos/orders/activity')).body;
  const consume = async () => {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${bench.mqttPort}`, {
      clientId: 'reader',
      username: 'application',
      password: bench.masterKey,
      reconnectPeriod: 0,
    });
    await client.subscribeAsync('fifo/orders', { qos: 1 });
    return client;
  };

  it('shows its depth and what came and went, second by second, and leaves out seconds without news', async () => {
    await publish({ n: 1 });
    await publish({ n: 2 });
    await bench.wireClock.advance(1000);
    await bench.wireClock.advance(10_000);
    const { points, consumers } = await activity();
    expect(points.map(({ time, ...point }: { time: string }) => point)).toEqual([
      { waiting: 2, unacknowledged: 0, entered: 2, acknowledged: 0, lost: 0 },
      { waiting: 2, unacknowledged: 0, entered: 0, acknowledged: 0, lost: 0 },
      { waiting: 2, unacknowledged: 0, entered: 0, acknowledged: 0, lost: 0 },
    ]);
    expect(Date.parse(points[2].time) - Date.parse(points[0].time)).toBe(10_000);
    expect(consumers).toEqual([]);

    const client = await consume();
    await until(async () => (await activity()).consumers[0]?.unacknowledged === 0);
    expect((await activity()).consumers).toEqual([
      { name: expect.stringContaining('reader'), unacknowledged: 0 },
    ]);
    await bench.wireClock.advance(1000);
    expect((await activity()).points.at(-1)).toMatchObject({
      waiting: 0,
      entered: 0,
      acknowledged: 2,
      lost: 0,
    });
    await client.endAsync();
  });

  it('forgets what is older than five minutes', async () => {
    await publish({ n: 1 });
    await bench.wireClock.advance(1000);
    await publish({ n: 2 });
    await bench.wireClock.advance(400_000);
    const { points } = await activity();
    expect(points).toHaveLength(2);
    expect(points.every(({ waiting }: { waiting: number }) => waiting === 2)).toBe(true);
    expect(points[0].entered).toBe(0);
  });

  it('is drained of all that waits, says how many are lost, and notes it', async () => {
    await publish({ n: 1 });
    await publish({ n: 2 });
    const drained = await bench.call('DELETE', '/bench/v1/fifos/orders/messages');
    expect(drained).toEqual({ status: 200, body: { removed: 2 } });
    expect((await bench.call('GET', '/bench/v1/fifos/orders/messages')).body).toEqual([]);
    expect((await bench.call('GET', '/api/v0/topics/fifo/orders')).body).toMatchObject({
      messages: 0,
      messageBytes: 0,
    });
    await bench.wireClock.advance(1000);
    expect((await activity()).points.at(-1)).toMatchObject({ waiting: 0, lost: 2 });
    const { body } = await bench.call('GET', '/api/v0/auditlog/messages');
    expect(body[0]).toMatchObject({
      level: 'info',
      description: 'FIFO orders was drained by hand',
      content: { removed: 2 },
    });
    // It goes on as before.
    await publish({ n: 3 });
    expect((await bench.call('GET', '/bench/v1/fifos/orders/messages')).body).toHaveLength(1);
    expect((await bench.call('DELETE', '/bench/v1/fifos/none/messages')).status).toBe(404);
  });

  it('stays drained over a restart', async () => {
    await publish({ n: 1 });
    await bench.call('DELETE', '/bench/v1/fifos/orders/messages');
    const rows = await bench.platform.store.query<{ rows: number }>({
      sql: 'SELECT count(*) AS rows FROM fifo_entries',
      parameters: [],
    });
    expect(rows).toEqual([{ rows: 0 }]);
  });

  it('is drained only by who may change FIFOs, and this one', async () => {
    const reader = await bench.key(['BUS_CONFIG_R', 'BUS_R', 'BUS_W']);
    const path = '/bench/v1/fifos/orders/messages';
    expect((await bench.call('DELETE', path, undefined, reader)).status).toBe(403);
    const other = await bench.key(['BUS_CONFIG_W'], ['another']);
    expect((await bench.call('DELETE', path, undefined, other)).status).toBe(403);
  });
});
