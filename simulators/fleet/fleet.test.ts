import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fleetTemplate, type MqttFleetInput } from '../../core/contract/simulators.ts';
import { RealClock } from '../../core/platform/node/real-clock.ts';
import { simulatorSeams } from '../../core/testing/simulator-seams.ts';
import { startTestPlatform, type TestPlatform } from '../../core/testing/test-platform.ts';
import { until } from '../../core/testing/until.ts';
import { Fleet } from './fleet.ts';

describe('Fleet', () => {
  let bench: TestPlatform;
  let clock: RealClock;
  let fleet: Fleet | undefined;

  beforeEach(async () => {
    bench = await startTestPlatform();
    clock = new RealClock();
  });
  afterEach(async () => {
    await fleet?.stop();
    fleet = undefined;
    await bench.stop();
    expect(clock.pendingTimers()).toEqual([]);
  });

  async function start(template: Partial<MqttFleetInput>, key?: string): Promise<Fleet> {
    const made = new Fleet(
      {
        template: fleetTemplate.parse({
          name: 'test',
          periodMs: 20,
          payload: { kind: 'fields', fields: { n: { kind: 'counter', start: 1 } } },
          ...template,
        }),
        url: `mqtt://127.0.0.1:${bench.mqttPort}`,
        key: key ?? (await bench.key(['DEVICE_ACCESS'])),
      },
      simulatorSeams(clock),
    );
    fleet = made;
    await made.start();
    return made;
  }

  const interfaceOf = async (id: string) =>
    (await bench.call('GET', `/api/v1/deviceMgt/devices/${id}`)).body.interfaces?.[0];

  it('connects, shows what it can take, and sends what it makes up', async () => {
    const one = await start({ periodMs: 100 });
    await until(() => one.report().acknowledged >= 3);
    const id = 'urn:lo:nsid:sim:device-1';
    const { status, capabilities, activity } = await interfaceOf(id);
    expect(status).toBe('ONLINE');
    expect(activity.mqttUsername).toBe('json+device');
    expect(capabilities).toMatchObject({
      command: { available: true },
      configuration: { available: true },
      resource: { available: true },
    });
    const { body } = await bench.call('GET', `/api/v0/data/streams/${id}`);
    expect(
      body
        .map(({ value }: any) => value.n)
        .reverse()
        .slice(0, 3),
    ).toEqual([1, 2, 3]);
    expect(one.report()).toMatchObject({ connected: 1, errors: 0, problem: null });
    const { frames, nextPayload, ...view } = one.device(1).details();
    expect(view).toMatchObject({ number: 1, clientId: id, state: 'connected', problem: null });
    expect(frames.at(-1)).toMatchObject({
      topic: 'dev/data',
      payload: '{"value":{"n":1}}',
      state: 'acknowledged',
    });
    expect(JSON.parse(nextPayload ?? '').value.n).toBe(view.sent + 1);
    await one.stop();
    await until(async () => (await interfaceOf(id)).status === 'OFFLINE');
    expect(one.report().connected).toBe(0);
    expect(one.device(1).view().state).toBe('stopped');
  });

  it('brings 200 devices up and down', async () => {
    const many = await start({ count: 200, periodMs: 100, connectsPerS: 2000 });
    await until(
      () =>
        many.report().connected === 200 && many.list(0, 200).every(({ acknowledged }) => acknowledged >= 2),
    );
    expect(bench.platform.health().mqtt.connections).toBe(200);
    expect(many.report()).toMatchObject({ errors: 0, problem: null });
    expect(many.list(198, 10).map(({ clientId }) => clientId)).toEqual([
      'urn:lo:nsid:sim:device-199',
      'urn:lo:nsid:sim:device-200',
    ]);
    await many.stop();
    await until(() => bench.platform.health().mqtt.connections === 0);
  });

  it('says why it was refused', async () => {
    const { body: made } = await bench.call('POST', '/api/v0/apiKeys', { label: 'bus', roles: ['BUS_R'] });
    const refused = await start({ count: 2 }, made.value);
    await until(() => refused.report().errors === 2);
    expect(refused.list(0, 2).map(({ state }) => state)).toEqual(['refused', 'refused']);
    expect(refused.device(1).view().problem).toContain('CONNACK code 5: the API key may not connect devices');
    expect(refused.report().problem).toMatch(/^2 of 2 devices are not connected; device 1 refused: .*code 5/);
    expect(refused.report()).toMatchObject({ connected: 0, sent: 0, errors: 2 });
  });

  it('sends once, and tells what the platform did not take', async () => {
    const one = await start({ periodMs: 3_600_000 });
    await until(() => one.report().acknowledged === 1);
    const frame = await one.device(1).send({ topic: 'dev/data', payload: '{"value":{"door":"open"}}' });
    expect(frame).toMatchObject({ direction: 'sent', bytes: 25, state: 'acknowledged' });
    const { body } = await bench.call('GET', '/api/v0/data/streams/urn:lo:nsid:sim:device-1');
    expect(body[0].value).toEqual({ door: 'open' });
    expect(one.device(1).details().frames).toHaveLength(2);
    await one.stop();
    await expect(one.device(1).send({ topic: 'dev/data', payload: '{}' })).rejects.toMatchObject({
      code: 'simulators.wrongState',
    });
    expect(() => one.device(2)).toThrow('no such device');
  });

  it('is lost when the platform stops, and connects again to the next one', async () => {
    await bench.stop();
    const dataDir = await mkdtemp(join(tmpdir(), 'fleetbench-fleet-'));
    bench = await startTestPlatform({ dataDir });
    const ports = { http: 0, https: undefined, mqtt: bench.mqttPort, mqtts: undefined };
    const many = await start({ count: 5 });
    await until(() => many.report().connected === 5);
    await bench.stop();
    await until(() => many.list(0, 5).every(({ state }) => state === 'lost'));
    expect(many.report()).toMatchObject({ connected: 0 });
    bench = await startTestPlatform({ dataDir, ports });
    await until(() => many.report().connected === 5);
    const before = many.report().acknowledged;
    await until(() => many.report().acknowledged > before + 5);
    await many.stop();
    // All that was acknowledged is there, before the restart and after it.
    const streams = [1, 2, 3, 4, 5].map((n) =>
      bench.call('GET', `/api/v0/data/streams/urn:lo:nsid:sim:device-${n}?limit=1000`),
    );
    const stored = (await Promise.all(streams)).reduce((sum, { body }) => sum + body.length, 0);
    expect(stored).toBeGreaterThanOrEqual(many.report().acknowledged);
    await bench.stop();
    await rm(dataDir, { recursive: true, force: true });
    bench = await startTestPlatform();
  });

  it('waits to be readmitted when somebody asked to be told', async () => {
    const told: string[] = [];
    const template = fleetTemplate.parse({
      name: 'test',
      count: 2,
      payload: { kind: 'template', text: '{}' },
    });
    const run = {
      template,
      url: `mqtt://127.0.0.1:${bench.mqttPort}`,
      key: await bench.key(['DEVICE_ACCESS']),
    };
    const two = new Fleet(run, simulatorSeams(clock), {
      cutOff: () =>
        told.push(
          two
            .list(0, 2)
            .map(({ state }) => state)
            .join(),
        ),
    });
    fleet = two;
    await two.start();
    await until(() => two.report().connected === 2);
    bench.platform.mqtt.disconnectAll('test');
    await until(() => told.length === 1);
    expect(told).toEqual(['lost,lost']);
    two.readmit();
    await until(() => two.report().connected === 2);
    expect(told).toHaveLength(1);
  });

  it('comes back after the platform cut it off', async () => {
    const one = await start({});
    await until(() => one.report().acknowledged >= 1);
    bench.platform.mqtt.disconnectAll('test');
    await until(() => one.device(1).view().state === 'lost');
    expect(one.report()).toMatchObject({ connected: 0 });
    expect(one.report().problem).toMatch(/device 1 lost: the platform closed the connection/);
    const before = one.report().acknowledged;
    await until(() => one.device(1).view().state === 'connected' && one.report().acknowledged > before + 1);
    expect(one.report().problem).toBeNull();
  });
});
