import { afterEach, describe, expect, it } from 'vitest';
import type { FleetTemplateInput } from '../../core/contract/simulators.ts';
import { until } from '../../core/testing/until.ts';
import { base, TestBench } from './test-bench.ts';

let test: TestBench;

async function open(options: ConstructorParameters<typeof TestBench>[0] = {}): Promise<void> {
  test = new TestBench(options);
  await test.bench.start();
}

afterEach(() => test.bench.stop());

describe('a simulated fleet, over the API', () => {
  it('brings a device ONLINE, whose messages are stored with its mark', async () => {
    await open();
    const id = await test.createAndStart({ groupPath: '/plant/hall 1', tags: ['lab'] });
    await until(async () => (await test.viewOf(id)).acknowledged >= 3);
    const deviceId = 'urn:lo:nsid:sim:device-1';
    expect(await test.deviceOf(deviceId)).toMatchObject({
      tags: ['lab'],
      properties: { simulated: 'true', simulator: 'Counting' },
      group: { path: '/plant/hall 1' },
      interfaces: [{ connector: 'mqtt', nodeId: deviceId, status: 'ONLINE' }],
    });
    const { body } = await test.call('GET', `/api/v0/data/streams/${deviceId}`);
    expect(body.at(-1)).toMatchObject({
      value: { n: 1 },
      tags: ['lab'],
      extra: { simulated: 'true', simulator: 'Counting' },
      metadata: { connector: 'mqtt', source: deviceId },
    });
    const [key] = await test.simulatorKeys();
    expect(key.roles).toEqual(['DEVICE_ACCESS']);
  });

  it('of 200 devices goes up and down, and its key with it', async () => {
    await open();
    const id = await test.createAndStart({
      count: 200,
      periodMs: 1000,
      connectsPerS: 2000,
      groupPath: '/many',
    });
    const list = await test.call('GET', `${base}/${id}/devices?limit=3&offset=198`);
    expect(list.body.map(({ number, state }: any) => [number, state])).toEqual([
      [199, 'connected'],
      [200, 'connected'],
    ]);
    expect([list.headers.get('x-result-count'), list.headers.get('x-total-count')]).toEqual(['2', '200']);
    await until(async () => (await test.viewOf(id)).acknowledged >= 400);
    const stopped = await test.call('POST', `${base}/${id}/stop`);
    expect(stopped.body).toMatchObject({ state: 'stopped', connected: 0, errors: 0, problem: null });
    expect(stopped.body.sent).toBe(stopped.body.acknowledged);
    await until(async () => {
      const query = 'limit=1000&fields=interfaces&property.simulator=Counting';
      const { body } = await test.call('GET', `/api/v1/deviceMgt/devices?${query}`);
      return body.length === 200 && body.every((device: any) => device.interfaces[0].status === 'OFFLINE');
    });
    expect(await test.simulatorKeys()).toEqual([]);
    // Registered already, so the second start takes them as they are.
    await test.start(id);
    await test.connected(id);
    // Long enough for a machine that does other things too.
  }, 60_000);

  it('shows the frames of a device, and sends once for it', async () => {
    await open();
    const id = await test.createAndStart({ periodMs: 3_600_000 });
    await until(async () => (await test.viewOf(id)).acknowledged === 1);
    const sent = await test.call('POST', `${base}/${id}/devices/1/send`, {
      topic: 'dev/data',
      payload: '{"v":{"a":1}}',
    });
    expect(sent).toMatchObject({
      status: 200,
      body: { state: 'acknowledged', topic: 'dev/data', bytes: 13 },
    });
    const { body } = await test.call('GET', `${base}/${id}/devices/1`);
    expect(body).toMatchObject({
      state: 'connected',
      sent: 2,
      acknowledged: 2,
      nextPayload: '{"value":{"n":2}}',
    });
    expect(body.frames.map(({ payload }: any) => payload)).toEqual(['{"v":{"a":1}}', '{"value":{"n":1}}']);
    expect(await test.call('GET', `${base}/${id}/devices/2`)).toMatchObject({ status: 404 });
  });

  it('says why its devices are refused when their key is taken away', async () => {
    await open();
    const id = await test.createAndStart({ count: 2 });
    const [key] = await test.simulatorKeys();
    await test.call('DELETE', `/api/v0/apiKeys/${key.id}`);
    await until(async () => (await test.viewOf(id)).problem?.includes('code 4'));
    expect((await test.viewOf(id)).problem).toMatch(
      /^\d of 2 devices are not connected; device \d .*API key/,
    );
    expect(
      await test.call('POST', `${base}/${id}/devices/1/send`, { topic: 'a', payload: '' }),
    ).toMatchObject({
      status: 409,
      body: { code: 'SIMULATOR_WRONG_STATE' },
    });
  });

  it('comes back with its mark when its device was deleted', async () => {
    await open();
    const id = await test.createAndStart({ count: 3, groupPath: '/plant' });
    const deviceId = 'urn:lo:nsid:sim:device-2';
    await test.call('DELETE', `/api/v1/deviceMgt/devices/${deviceId}`);
    await until(async () => (await test.viewOf(id)).connected === 2);
    await test.connected(id);
    expect(await test.deviceOf(deviceId)).toMatchObject({
      properties: { simulated: 'true', simulator: 'Counting' },
      group: { path: '/plant' },
      interfaces: [{ status: 'ONLINE' }],
    });
    expect((await test.viewOf(id)).problem).toBeNull();
  });

  it('leaves a device alone that is not its own', async () => {
    await open();
    await test.call('POST', '/api/v1/deviceMgt/devices', { id: 'urn:lo:nsid:sim:device-2', name: 'real' });
    const id = await test.create({ count: 3 });
    await test.start(id);
    await until(async () => (await test.viewOf(id)).state === 'failed');
    expect((await test.viewOf(id)).problem).toMatch(
      /^Device urn:lo:nsid:sim:device-2, or its client id, is there already/,
    );
    expect((await test.deviceOf('urn:lo:nsid:sim:device-2')).properties ?? {}).toEqual({});
    expect(await test.simulatorKeys()).toEqual([]);
  });

  it('sends the same values again for the same seed', async () => {
    await open();
    const walk: Partial<FleetTemplateInput> = {
      count: 2,
      seed: 42,
      periodMs: 20,
      payload: { kind: 'fields', fields: { t: { kind: 'randomWalk', start: 20, step: 1, min: 0, max: 40 } } },
    };
    const run = async (name: string): Promise<unknown[]> => {
      const id = await test.createAndStart({ ...walk, name, idPattern: `urn:lo:nsid:${name}:{n}` });
      await until(async () => {
        const { body } = await test.call('GET', `${base}/${id}/devices`);
        return body.every(({ acknowledged }: any) => acknowledged >= 10);
      });
      await test.call('POST', `${base}/${id}/stop`);
      const streams = [1, 2].map((n) =>
        test.call('GET', `/api/v0/data/streams/urn:lo:nsid:${name}:${n}?limit=1000`),
      );
      return (await Promise.all(streams)).map(({ body }) =>
        body
          .reverse()
          .slice(0, 10)
          .map(({ value }: any) => value.t),
      );
    };
    const first = await run('first');
    expect(await run('second')).toEqual(first);
    expect(first[0]).not.toEqual(first[1]);
  });

  it('connects over TLS with the local authority, and says so when nothing listens there', async () => {
    await open({ ports: { http: 0, https: undefined, mqtt: undefined, mqtts: 0 } });
    const id = await test.createAndStart({ tls: true });
    const { interfaces } = await test.deviceOf('urn:lo:nsid:sim:device-1');
    expect(interfaces[0].activity.security).toMatchObject({ secured: true });
    const plain = await test.create({ name: 'Plain', idPattern: 'urn:lo:nsid:plain:{n}' });
    await test.start(plain);
    await until(async () => (await test.viewOf(plain)).state === 'failed');
    expect((await test.viewOf(plain)).problem).toContain(
      'does not listen on plain MQTT. It listens on mqtts',
    );
    expect((await test.viewOf(id)).state).toBe('running');
  });

  it('fails with its thread, and the platform goes on', async () => {
    await open();
    const id = await test.createAndStart();
    await test.threads.get('fleetbench-simulator')?.terminate();
    await until(async () => (await test.viewOf(id)).state === 'failed');
    expect((await test.viewOf(id)).problem).toMatch(
      /^The thread of the simulated devices ended: .* Start the fleet again\.$/,
    );
    await until(async () => (await test.simulatorKeys()).length === 0);
    await test.start(id);
    await test.connected(id);
  });

  it('stops when the platform is reset', async () => {
    await open();
    const id = await test.createAndStart({ count: 3 });
    expect((await test.call('POST', '/bench/v1/reset')).status).toBe(204);
    expect(await test.viewOf(id)).toMatchObject({ state: 'stopped', connected: 0 });
    expect((await test.call('GET', '/api/v1/deviceMgt/devices')).body).toEqual([]);
    await test.start(id);
    await test.connected(id);
    expect((await test.deviceOf('urn:lo:nsid:sim:device-3')).properties.simulated).toBe('true');
  });

  it('gives up a start that is stopped', async () => {
    await open();
    const id = await test.create({ count: 2000, periodMs: 1000 });
    await test.start(id);
    expect((await test.call('POST', `${base}/${id}/stop`)).body.state).toBe('stopped');
    expect(test.bench.platform.health().mqtt.connections).toBe(0);
    expect(await test.simulatorKeys()).toEqual([]);
  });
});
