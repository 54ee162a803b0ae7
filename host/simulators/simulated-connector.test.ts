import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../core/testing/until.ts';
import { base, TestBench } from './test-bench.ts';

const nodes = { connector: 'x-connector', idPattern: 'node-{n}', name: 'Backend' } as const;
const devices = '/api/v1/deviceMgt/devices';
const deviceOf = (number: number): string => `urn:lo:nsid:x-connector:node-${number}`;

let test: TestBench;
afterEach(() => test.bench.stop());
const open = async (settings: object = { connectorPlainOnLoopback: true }): Promise<void> => {
  test = new TestBench({ settings });
  await test.bench.start();
};
const statuses = async (count: number): Promise<string[]> => {
  const all = await Promise.all(
    Array.from({ length: count }, (_, index) => test.deviceOf(deviceOf(index + 1))),
  );
  return all.map(({ interfaces }) => interfaces[0].status);
};

describe('a simulated external connector', () => {
  it('brings its nodes up over one connection, lets them send, and takes them down', async () => {
    await open();
    const id = await test.createAndStart({ ...nodes, count: 20, periodMs: 200 });
    expect(test.bench.platform.health().mqtt.connections).toBe(1);
    expect(new Set(await statuses(20))).toEqual(new Set(['ONLINE']));
    expect(await test.deviceOf(deviceOf(1))).toMatchObject({
      properties: { simulated: 'true', simulator: 'Backend' },
      interfaces: [
        {
          ...{ connector: 'x-connector', nodeId: 'node-1' },
          capabilities: { command: { available: true }, configuration: { available: true } },
        },
      ],
    });
    await until(async () => (await test.viewOf(id)).acknowledged >= 40);
    const { body } = await test.call('GET', `/api/v0/data/streams/${deviceOf(7)}`);
    expect(body.at(-1)).toMatchObject({
      value: { n: 1 },
      metadata: { connector: 'x-connector', source: deviceOf(7) },
    });
    const { body: seen } = await test.call('GET', `${base}/${id}/devices/7`);
    expect(seen.frames[0].topic).toBe('connector/v1/nodes/node-7/data');
    const [key] = await test.simulatorKeys();
    expect(key.roles).toEqual(['CONNECTOR_ACCESS']);
    const stopped = await test.call('POST', `${base}/${id}/stop`);
    expect(stopped.body).toMatchObject({ state: 'stopped', connected: 0, errors: 0, problem: null });
    expect(new Set(await statuses(20))).toEqual(new Set(['OFFLINE']));
  });

  it('answers for its nodes as their responders say', async () => {
    await open();
    await test.createAndStart({
      ...nodes,
      ...{ count: 2, periodMs: 3_600_000 },
      responders: [
        { kind: 'command', request: 'open', outcome: 'error', response: { error: 'jammed' } },
        { kind: 'command' },
        {
          kind: 'configuration',
          outcome: 'partly',
          refuses: ['period'],
          has: { period: { type: 'INT32', value: 60 } },
        },
      ],
    });
    const answer = async (number: number, req: string) => {
      const made = await test.call('POST', `${devices}/${deviceOf(number)}/commands`, {
        request: { connector: 'x-connector', value: { req } },
      });
      const get = async () => (await test.call('GET', `/api/v1/deviceMgt/commands/${made.body.id}`)).body;
      await until(async () => (await get()).status === 'PROCESSED');
      return (await get()).response.value;
    };
    expect(await answer(1, 'open')).toEqual({ error: 'jammed' });
    expect(await answer(2, 'close')).toEqual({ done: true });
    const parameters = { period: { type: 'INT32', value: 5 }, name: { type: 'STRING', value: 'x' } };
    await test.call('POST', `${devices}/${deviceOf(1)}/config`, { parameters });
    const asked = async () => (await test.call('GET', `${devices}/${deviceOf(1)}/config`)).body.parameters;
    await until(async () => (await asked()).name?.syncStatus === 'OK');
    expect(await asked()).toMatchObject({ period: { syncStatus: 'FAILED', reported: { value: 60 } } });
  });

  it('comes back with all its nodes when the platform cuts it off', async () => {
    await open();
    const id = await test.createAndStart({ ...nodes, count: 5, periodMs: 3_600_000 });
    test.bench.platform.mqtt.disconnectAll('test');
    await until(async () => (await test.viewOf(id)).connected === 0);
    await until(async () => (await test.viewOf(id)).connected === 5);
    expect(test.bench.platform.health().mqtt.connections).toBe(1);
  });

  it('says why it was refused without TLS', async () => {
    await open({});
    const id = await test.create({ ...nodes });
    await test.start(id);
    await until(async () => (await test.viewOf(id)).errors > 0);
    expect((await test.viewOf(id)).problem).toContain('CONNACK code 5');
  });
});
