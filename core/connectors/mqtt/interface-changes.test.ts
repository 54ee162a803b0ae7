import { describe, expect, it } from 'vitest';
import { mqttBench } from '../../testing/mqtt-bench.ts';
import { RawMqttClient } from '../../testing/raw-mqtt-client.ts';
import { until } from '../../testing/until.ts';

const username = 'json+device';
const [one, two] = ['urn:lo:nsid:sensor:one', 'urn:lo:nsid:sensor:two'];
const devices = '/api/v1/deviceMgt/devices';

/** What people do to an interface, as its device on the wire meets it (manual 5.4.4, 6.5.3). */
describe('an interface that changes under a live session', () => {
  const bench = mqttBench();
  const patch = (body: object, id = `mqtt:${one}`, device = one) =>
    bench.call('PATCH', `${devices}/${device}/interfaces/${id}`, body);
  const get = async (device: string) => (await bench.call('GET', `${devices}/${device}`)).body;
  const stream = async (streamId: string) =>
    (await bench.call('GET', `/api/v0/data/streams/${streamId}`)).body;
  const { audit, open: connect, connect: online } = bench;

  it('ends when it is disabled, with an audit message, and none begins until it is enabled', async () => {
    const client = await online(one);
    expect((await get(one)).interfaces[0]).toMatchObject({ status: 'ONLINE' });
    expect((await patch({ enabled: false })).body).toMatchObject({ enabled: false, status: 'DEACTIVATED' });
    await client.closed();
    expect((await get(one)).interfaces[0]).toMatchObject({
      status: 'DEACTIVATED',
      activity: { lastSessionEndTime: expect.any(String) },
      capabilities: { command: { available: false } },
    });
    expect(await audit()).toMatchObject([
      {
        category: 'connectivity',
        subcategory: 'mqtt',
        description: 'MQTT connection closed',
        detailedDescription: 'its interface was disabled',
        source: { deviceId: one, nodeId: one, connector: 'mqtt' },
      },
    ]);
    expect((await connect(one)).code).toBe(5);
    expect((await audit())[0]).toMatchObject({
      level: 'error',
      description: 'MQTT connection refused',
      detailedDescription: `interface mqtt:${one} is disabled`,
    });
    expect((await patch({ enabled: true })).body).toMatchObject({ enabled: true, status: 'OFFLINE' });
    const again = await connect(one);
    expect(again.code).toBe(0);
    await again.client.publishAndWait('dev/data', '{"v":{"x":1}}');
    expect((await get(one)).interfaces[0].status).toBe('ONLINE');
    expect(await stream(one)).toHaveLength(1);
  });

  it.each([
    ['dis1', 'urn:lo:nsid:mqtt:dis1'],
    ['urn:lo:nsid:mqtt:dis1', 'dis1'],
  ])('keeps its device out when it is disabled, also as the other spelling: %s', async (first, other) => {
    const id = 'urn:lo:nsid:mqtt:dis1';
    const client = await online(first);
    expect((await patch({ enabled: false }, `mqtt:${first}`, id)).status).toBe(200);
    await client.closed();
    expect((await connect(other)).code).toBe(5);
    expect((await audit())[0]).toMatchObject({
      description: 'MQTT connection refused',
      detailedDescription: expect.stringContaining(`interface mqtt:${first} of ${id} is disabled`),
      source: { nodeId: other },
    });
    expect((await get(id)).interfaces).toHaveLength(1);
    await patch({ enabled: true }, `mqtt:${first}`, id);
    expect((await connect(other)).code).toBe(0);
    expect((await get(id)).interfaces).toHaveLength(2);
  });

  it('is not made by a device that has as many as there can be', async () => {
    const interfaces = Array.from({ length: 20 }, (_, n) => ({
      connector: 'x-connector',
      definition: { nodeId: `x${n}` },
    }));
    expect((await bench.call('POST', devices, { id: one, interfaces })).status).toBe(200);
    expect((await connect(one)).code).toBe(5);
    expect((await audit())[0]).toMatchObject({
      level: 'error',
      detailedDescription: `${one} has 20 interfaces, and may have 20 (setting deviceMaxInterfaces); delete one`,
    });
    expect((await get(one)).interfaces).toHaveLength(20);
    await bench.call('DELETE', `${devices}/${one}/interfaces/x-connector:x0`);
    expect((await connect(one)).code).toBe(0);
  });

  it('takes nothing of a device that was disabled while it connected', async () => {
    await (await online(one)).roundTrip();
    const client = await RawMqttClient.open(bench.mqttPort);
    const disabled = patch({ enabled: false });
    client.sendConnect({ clientId: one, username, password: bench.masterKey });
    client.publish('dev/data', '{"v":{"x":1}}');
    await Promise.all([client.closed(), disabled]);
    const count = (await stream(one)).length;
    expect((await get(one)).interfaces[0]).toMatchObject({ enabled: false, status: 'DEACTIVATED' });
    expect((await connect(one)).code).toBe(5);
    expect(await stream(one)).toHaveLength(count);
  });

  it('stays when it moves, and what it sends belongs to the new device from then on', async () => {
    const { body: group } = await bench.call('POST', '/api/v1/deviceMgt/groups', { pathNode: 'lab' });
    await bench.call('POST', devices, {
      id: two,
      defaultDataStreamId: 'stream-two',
      tags: ['moved'],
      properties: { room: '7' },
      group: { id: group.id },
    });
    await bench.call('POST', '/api/v1/event2action/actionPolicies', {
      name: 'two',
      triggers: { dataMessage: { filter: { deviceIds: [two] } } },
      actions: { fifoPublish: [{ fifoName: 'two' }] },
    });
    const client = await online(one);
    expect(await client.subscribe('dev/cmd')).toBe(1);
    await client.publishAndWait('dev/data', '{"v":{"x":1}}');
    expect((await patch({ deviceId: two })).body).toMatchObject({
      deviceId: two,
      status: 'ONLINE',
      capabilities: { command: { available: true } },
    });
    await client.publishAndWait('dev/data', '{"v":{"x":2}}', 2);
    expect((await stream(one)).map(({ value }: any) => value)).toEqual([{ x: 1 }]);
    expect(await stream('stream-two')).toMatchObject([
      {
        value: { x: 2 },
        tags: ['moved'],
        extra: { room: '7' },
        metadata: { source: two, connector: 'mqtt', group: { id: group.id, path: '/lab' } },
      },
    ]);
    expect((await bench.call('GET', '/api/v0/topics/fifo/two')).body.messages).toBe(1);
    expect((await get(one)).interfaces).toBeUndefined();
    expect((await get(two)).interfaces).toMatchObject([{ nodeId: one, status: 'ONLINE' }]);
    // The device that it came from can go without it, and the end of the session is noted where it is now.
    expect((await bench.call('DELETE', `${devices}/${one}`)).status).toBe(204);
    await client.roundTrip();
    await client.drop();
    await until(async () => (await get(two)).interfaces[0].status === 'OFFLINE');
    expect((await connect(one)).code).toBe(0);
    expect((await get(two)).interfaces).toMatchObject([{ nodeId: one, status: 'ONLINE' }]);
    expect((await bench.call('GET', `${devices}/${one}`)).status).toBe(404);
  });

  it('ends when it moves and is disabled by the same call', async () => {
    await bench.call('POST', devices, { id: two });
    const client = await online(one);
    await patch({ deviceId: two, enabled: false });
    await client.closed();
    expect((await get(two)).interfaces).toMatchObject([{ nodeId: one, status: 'DEACTIVATED' }]);
  });

  it('goes on when its decoder changes, and the next message names it', async () => {
    const client = await online(one);
    await patch({ definition: { encoding: 'my_encoding_v0' } });
    await client.publishAndWait('dev/v1/data/binary', Buffer.from('41200000', 'hex'));
    expect(await stream(one)).toMatchObject([
      { value: { payload: '41200000' }, metadata: { encoding: 'my_encoding_v0' } },
    ]);
  });

  it('ends when it gets another client id, and the device connects with that', async () => {
    const client = await online(one);
    const changed = await patch({ definition: { clientId: 'other' } });
    expect(changed.body).toMatchObject({ nodeId: 'other', deviceId: one, status: 'OFFLINE' });
    await client.closed();
    expect((await audit())[0]).toMatchObject({ detailedDescription: 'its interface was renamed' });
    const again = await online('other');
    await again.publishAndWait('dev/data', '{"v":{"x":1}}');
    expect(await stream(one)).toMatchObject([{ metadata: { source: one } }]);
    expect((await get(one)).interfaces).toMatchObject([
      {
        nodeId: 'other',
        status: 'ONLINE',
        activity: { lastSessionStartTime: expect.any(String), lastSessionEndTime: expect.any(String) },
      },
    ]);
  });

  it('ends when it is deleted; the node is unknown then, and is taken as such', async () => {
    await bench.call('POST', devices, {
      id: two,
      interfaces: [{ connector: 'mqtt', definition: { clientId: 'node-1' } }],
    });
    const client = await online('node-1');
    expect((await bench.call('DELETE', `${devices}/${two}/interfaces/mqtt:node-1`)).status).toBe(204);
    await client.closed();
    expect((await get(two)).interfaces).toBeUndefined();
    expect((await connect('node-1')).code).toBe(0);
    expect(await get('urn:lo:nsid:mqtt:node-1')).toMatchObject({
      id: 'urn:lo:nsid:mqtt:node-1',
      group: { id: 'root', path: '/' },
      defaultDataStreamId: 'urn:lo:nsid:mqtt:node-1',
      interfaces: [{ connector: 'mqtt', nodeId: 'node-1', enabled: true, status: 'ONLINE' }],
    });
  });

  it('joins a device that is registered under the id it stands for (manual 5.2.1.1)', async () => {
    await bench.call('POST', devices, { id: two, name: 'known' });
    await bench.call('POST', devices, { id: 'urn:lo:nsid:mqtt:plain', name: 'known too' });
    expect([(await connect(two)).code, (await connect('plain')).code]).toEqual([0, 0]);
    expect(await get(two)).toMatchObject({ name: 'known', interfaces: [{ nodeId: two }] });
    expect(await get('urn:lo:nsid:mqtt:plain')).toMatchObject({
      name: 'known too',
      interfaces: [{ nodeId: 'plain' }],
    });
  });

  it('is logged while its debug mode is on (facts 5)', async () => {
    const client = await online(one);
    await client.publishAndWait('dev/data', '{"v":{"x":1}}');
    const debug = `${devices}/${one}/interfaces/mqtt:${one}/debug`;
    expect((await bench.call('POST', debug, { ttlHours: 1 })).status).toBe(201);
    await client.publishAndWait('dev/data', '{"v":{"x":2}}', 2);
    await client.subscribe('dev/cmd');
    await client.subscribe('dev/nothing');
    await client.drop();
    await until(async () => (await get(one)).interfaces[0].status === 'OFFLINE');
    const again = await online(one);
    const logs = async () =>
      (await bench.call('GET', '/api/v0/auditlog/messages?type=mqtt_debug_logs&sort=timestamp')).body;
    expect(await logs()).toMatchObject([
      {
        level: 'info',
        category: 'connectivity',
        subcategory: 'mqtt',
        description: 'PUBLISH received',
        source: { deviceId: one, nodeId: one, connector: 'mqtt' },
        content: { topic: 'dev/data', qos: 1, bytes: 13, payload: '{"v":{"x":2}}' },
      },
      { description: 'SUBSCRIBE accepted', content: { topic: 'dev/cmd' } },
      { description: 'SUBSCRIBE refused', content: { topic: 'dev/nothing' } },
      {
        description: 'Connection ended',
        content: { reason: 'connection closed by the client without DISCONNECT' },
      },
      { description: 'CONNECT accepted' },
    ]);
    bench.clock.advance(3_600_000);
    await again.publishAndWait('dev/data', '{"v":{"x":3}}');
    expect(await logs()).toHaveLength(5);
  });

  it('is logged at most so often a second, and the number left out is told', async () => {
    const client = await online(one);
    await bench.call('POST', `${devices}/${one}/interfaces/mqtt:${one}/debug`, { ttlHours: 1 });
    for (let n = 1; n <= 60; n++) await client.publishAndWait('dev/info', '{}', n);
    bench.wireClock.advance(1000);
    await client.publishAndWait('dev/info', '{}', 61);
    const logs = (await bench.call('GET', '/api/v0/auditlog/messages?type=mqtt_debug_logs&limit=1000')).body;
    expect(logs).toHaveLength(51);
    expect(logs[0].content).toMatchObject({ omittedBefore: 10 });
  });
});
