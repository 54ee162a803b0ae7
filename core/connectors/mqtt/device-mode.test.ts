import { describe, expect, it } from 'vitest';
import { mqttBench } from '../../testing/mqtt-bench.ts';
import { RawMqttClient } from '../../testing/raw-mqtt-client.ts';
import { until } from '../../testing/until.ts';

const username = 'json+device';

describe('device mode (manual 6.5)', () => {
  const bench = mqttBench();
  const stream = async (streamId: string) =>
    (await bench.call('GET', `/api/v0/data/streams/${encodeURIComponent(streamId)}`)).body;
  const device = async (deviceId: string) =>
    (await bench.call('GET', `/api/v1/deviceMgt/devices/${deviceId}`)).body;
  const { audit, connect } = bench;
  const mqttInterface = async (deviceId: string) => (await device(deviceId)).interfaces[0];

  describe('data publication', () => {
    it('stores the example of manual 6.5.5.1 field by field', async () => {
      const example = {
        streamId: 'mydeviceTemp1234',
        timestamp: '2020-10-13T12:15:02Z',
        model: 'tempV2',
        value: { temp: 12.75, humidity: 62.1, doorOpen: true },
        location: { lat: 48.86667, lon: 2.33333, alt: 35.2, accuracy: 12.3, provider: 'GPS' },
        tags: ['CityNYC', 'Prototype'],
      };
      const client = await connect('urn:lo:nsid:sensor:one');
      await client.publishAndWait('dev/data', JSON.stringify(example));
      expect(await stream('mydeviceTemp1234')).toEqual([
        {
          ...example,
          timestamp: '2020-10-13T12:15:02.000Z',
          id: expect.stringMatching(/^[0-9a-f]{24}$/),
          created: new Date(bench.clock.now()).toISOString(),
          metadata: {
            source: 'urn:lo:nsid:sensor:one',
            connector: 'mqtt',
            group: { id: 'root', path: '/' },
          },
        },
      ]);
    });

    it('takes the short names of the official clients', async () => {
      const client = await connect('urn:lo:nsid:sensor:short');
      const short = {
        s: 'short',
        ts: '2030-01-01T10:00:00Z',
        m: 'demo',
        v: { t: 1 },
        t: ['a'],
        loc: [48.1, -1.6],
      };
      await client.publishAndWait('dev/data', JSON.stringify(short));
      expect((await stream('short'))[0]).toMatchObject({
        streamId: 'short',
        timestamp: '2030-01-01T10:00:00.000Z',
        model: 'demo',
        value: { t: 1 },
        tags: ['a'],
        location: { lat: 48.1, lon: -1.6 },
      });
    });

    it('adds what the inventory knows: default stream, tags, properties and group', async () => {
      const { body: group } = await bench.call('POST', '/api/v1/deviceMgt/groups', { pathNode: 'lab' });
      await bench.call('POST', '/api/v1/deviceMgt/devices', {
        id: 'urn:lo:nsid:sensor:known',
        defaultDataStreamId: 'default-stream',
        tags: ['Lyon', 'own'],
        properties: { manufacturer: 'me' },
        group: { id: group.id },
      });
      const client = await connect('urn:lo:nsid:sensor:known');
      await client.publishAndWait('dev/data', '{"v":{"x":1},"t":["own","more"]}');
      expect((await stream('default-stream'))[0]).toMatchObject({
        tags: ['own', 'more', 'Lyon'],
        extra: { manufacturer: 'me' },
        metadata: { source: 'urn:lo:nsid:sensor:known', group: { id: group.id, path: '/lab' } },
      });
    });

    it('stores binary data as upper-case hexadecimal text with its encoding (manual 6.5.5.2)', async () => {
      const client = await connect('123456');
      await client.publishAndWait('dev/v1/data/binary/my_encoding_v0', Buffer.from('41200000', 'hex'), 1);
      await client.publishAndWait('dev/v1/data/binary', Buffer.from('00ff', 'hex'), 2);
      const messages = await stream('urn:lo:nsid:mqtt:123456');
      expect(messages.map((message: any) => [message.value, message.metadata.encoding])).toEqual([
        [{ payload: '00FF' }, undefined],
        [{ payload: '41200000' }, 'my_encoding_v0'],
      ]);
    });

    it('uses the encoding of the interface definition for binary data', async () => {
      const definition = { clientId: 'encoded', encoding: 'of_interface' };
      const interfaces = [{ connector: 'mqtt', enabled: true, definition }];
      await bench.call('POST', '/api/v1/deviceMgt/devices', { id: 'urn:lo:nsid:a:encoded', interfaces });
      const client = await connect('encoded');
      await client.publishAndWait('dev/v1/data/binary', Buffer.from([1]));
      const [message] = await stream('urn:lo:nsid:a:encoded');
      expect(message.metadata.encoding).toBe('of_interface');
    });

    it('takes QoS 0, 1 and 2, and stores a QoS 2 publication that is sent twice once', async () => {
      const client = await connect('urn:lo:nsid:sensor:qos');
      client.publish('dev/data', '{"v":{"qos":0}}', 0);
      await client.publishAndWait('dev/data', '{"v":{"qos":1}}');
      client.publish('dev/data', '{"v":{"qos":2}}', 2, 9);
      await client.next('pubrec');
      client.publish('dev/data', '{"v":{"qos":2}}', 2, 9, true);
      await client.next('pubrec');
      client.send({ cmd: 'pubrel', messageId: 9 });
      expect((await client.next('pubcomp')).messageId).toBe(9);
      const values = (await stream('urn:lo:nsid:sensor:qos')).map((message: any) => message.value.qos);
      expect(values).toEqual([2, 1, 0]);
    });

    it('acknowledges in the order of publication, refused ones among stored ones', async () => {
      const client = await connect('urn:lo:nsid:sensor:order');
      const ids = Array.from({ length: 50 }, (_, index) => index + 1);
      for (const id of ids) client.publish('dev/data', id % 3 === 0 ? 'no json' : '{"v":{}}', 1, id);
      const order: (number | undefined)[] = [];
      for (const _ of ids) order.push((await client.next('puback')).messageId);
      expect(order).toEqual(ids);
    });
  });

  describe('what is refused is acknowledged, audited with the reason, and not stored', () => {
    it.each([
      ['no JSON', 'dev/data', '{"v":{"temp":22.5}', /not JSON/],
      ['not UTF-8', 'dev/data', Buffer.from([0xff, 0xfe]), /UTF-8/],
      ['an array', 'dev/data', '[1]', /a data message is a JSON object/],
      ['a value that is no object', 'dev/data', '{"v":5}', /value must be a JSON object, got 5/],
      [
        'a forbidden character in the stream',
        'dev/data',
        '{"s":"a b","v":{}}',
        /streamId has " " at position 1/,
      ],
      ['a list nested 100,000 deep', 'dev/data', '['.repeat(100_000) + ']'.repeat(100_000), /./],
      ['an unknown topic', 'dev/nonsense', '{}', /dev\/nonsense is no topic/],
      ['a topic of an application', 'fifo/x', '{}', /fifo\/x is no topic/],
      ['an empty encoding', 'dev/v1/data/binary/', '{}', /is no topic/],
      ['a value over 1 MiB', 'dev/data', `{"v":{"x":"${'y'.repeat(1024 * 1024)}"}}`, /at most 1048576/],
    ])('%s', async (_name, topic, payload, reason) => {
      const client = await connect('urn:lo:nsid:sensor:bad');
      await client.publishAndWait(topic, payload);
      const [message] = await audit();
      expect(message).toMatchObject({
        level: 'error',
        category: 'data',
        subcategory: 'mqtt',
        description: 'Data message refused',
        source: { deviceId: 'urn:lo:nsid:sensor:bad', nodeId: 'urn:lo:nsid:sensor:bad', connector: 'mqtt' },
        content: { topic },
      });
      expect(message.detailedDescription).toMatch(reason);
      const trace = await bench.call('GET', `/bench/v1/traces/${message.content.traceId}`);
      expect(trace.body.steps.at(-1)).toMatchObject({ stage: 'validate', outcome: 'rejected' });
      expect(trace.body.steps.at(-1).reason).toMatch(reason);
      expect(await stream('urn:lo:nsid:sensor:bad')).toEqual([]);
    });

    it('takes the old dev/info of the C client without a word (facts 21)', async () => {
      const client = await connect('urn:lo:nsid:sensor:old');
      await client.publishAndWait('dev/info', '{"info":{}}');
      expect(await audit()).toEqual([]);
    });
  });

  describe('life cycle', () => {
    it('registers a device at its first contact and follows its connection', async () => {
      const client = await connect('urn:lo:nsid:tempSensor:17872800001W');
      expect(await mqttInterface('urn:lo:nsid:tempSensor:17872800001W')).toMatchObject({
        connector: 'mqtt',
        nodeId: 'urn:lo:nsid:tempSensor:17872800001W',
        enabled: true,
        status: 'ONLINE',
        activity: {
          mqttVersion: 4,
          mqttUsername: username,
          mqttTimeout: 0,
          remoteAddress: expect.stringMatching(/^127\.0\.0\.1\/\d+$/),
          lastSessionStartTime: new Date(bench.clock.now()).toISOString(),
        },
      });
      bench.clock.advance(60_000);
      client.send({ cmd: 'disconnect' });
      await client.closed();
      expect(await mqttInterface('urn:lo:nsid:tempSensor:17872800001W')).toMatchObject({
        status: 'OFFLINE',
        activity: { lastSessionEndTime: new Date(bench.clock.now()).toISOString() },
      });
    });

    it('goes OFFLINE when the connection is lost without DISCONNECT', async () => {
      const client = await connect('urn:lo:nsid:sensor:lost');
      await client.drop();
      await until(async () => (await mqttInterface('urn:lo:nsid:sensor:lost')).status === 'OFFLINE');
    });

    it('goes from REGISTERED to ONLINE when it was registered before (manual 5.5.3.4.1)', async () => {
      const interfaces = [{ connector: 'mqtt', enabled: true, definition: { clientId: 'mydevice_001' } }];
      await bench.call('POST', '/api/v1/deviceMgt/devices', {
        id: 'urn:lo:nsid:mqtt:mydevice_001',
        interfaces,
      });
      expect((await mqttInterface('urn:lo:nsid:mqtt:mydevice_001')).status).toBe('REGISTERED');
      await connect('mydevice_001');
      expect((await mqttInterface('urn:lo:nsid:mqtt:mydevice_001')).status).toBe('ONLINE');
    });

    it('announces capabilities by subscribing, and loses them with the session', async () => {
      const client = await connect('urn:lo:nsid:sensor:able');
      const capabilities = async () => {
        const { capabilities: found } = await mqttInterface('urn:lo:nsid:sensor:able');
        return ['command', 'configuration', 'resource'].filter((name) => found[name].available);
      };
      expect(await capabilities()).toEqual([]);
      expect(await client.subscribe('dev/cmd', 2)).toBe(1);
      expect(await client.subscribe('dev/cfg/upd')).toBe(1);
      expect(await client.subscribe('dev/rsc/upd', 0)).toBe(0);
      expect(await capabilities()).toEqual(['command', 'configuration', 'resource']);
      client.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['dev/cfg/upd'] });
      await client.next('unsuback');
      expect(await capabilities()).toEqual(['command', 'resource']);
      client.send({ cmd: 'disconnect' });
      await client.closed();
      expect(await capabilities()).toEqual([]);
    });

    it.each(['dev/data', 'dev/#', '#', '+/cmd', 'fifo/x', 'dev/cmd/res'])(
      'may not subscribe to %s',
      async (topic) => {
        const client = await connect('urn:lo:nsid:sensor:curious');
        expect(await client.subscribe(topic)).toBe(0x80);
        expect((await audit())[0].description).toBe(`Subscription to ${topic} refused`);
      },
    );

    it('is taken over by a second connection of the same client id, and stays ONLINE', async () => {
      const first = await connect('urn:lo:nsid:sensor:twice');
      const second = await connect('urn:lo:nsid:sensor:twice');
      await first.closed();
      expect((await mqttInterface('urn:lo:nsid:sensor:twice')).status).toBe('ONLINE');
      await second.publishAndWait('dev/data', '{"v":{}}');
    });

    it('makes one device when its first two connections come at once', async () => {
      const [a, b] = await Promise.all([
        connect('urn:lo:nsid:sensor:race'),
        connect('urn:lo:nsid:sensor:race'),
      ]);
      await Promise.race([a.closed(), b.closed()]);
      expect((await device('urn:lo:nsid:sensor:race')).interfaces).toHaveLength(1);
    });

    it('is disconnected when its key is deleted', async () => {
      const { body: key } = await bench.call('POST', '/api/v0/apiKeys', {
        label: 'gone',
        roles: ['DEVICE_ACCESS'],
      });
      const { client } = await RawMqttClient.connect(bench.mqttPort, {
        clientId: 'k',
        username,
        password: key.value,
      });
      await bench.call('DELETE', `/api/v0/apiKeys/${key.id}`);
      await client.closed();
    });

    it('is disconnected when it is deleted', async () => {
      const client = await connect('urn:lo:nsid:sensor:deleted');
      await bench.call('DELETE', '/api/v1/deviceMgt/devices/urn:lo:nsid:sensor:deleted');
      await client.closed();
      expect((await bench.call('GET', '/api/v1/deviceMgt/devices/urn:lo:nsid:sensor:deleted')).status).toBe(
        404,
      );
    });

    it('notes each sign of life as last contact', async () => {
      const client = await connect('urn:lo:nsid:sensor:alive');
      const beforeMs = bench.clock.now();
      bench.clock.advance(5000);
      await client.publishAndWait('dev/data', '{"v":{}}');
      const { lastContact } = await mqttInterface('urn:lo:nsid:sensor:alive');
      expect(Date.parse(lastContact)).toBe(beforeMs + 5000);
    });
  });

  it('keeps the trace of a message through all stages', async () => {
    await bench.call('PUT', '/api/v1/event2action/actionPolicies/p1', {
      name: 'to one',
      triggers: { dataMessage: { filter: { connectors: ['mqtt'] } } },
      actions: { fifoPublish: [{ fifoName: 'one' }] },
    });
    const client = await connect('urn:lo:nsid:sensor:traced');
    await client.publishAndWait('dev/data', '{"v":{"x":1},"zzz":1}');
    const [message] = await stream('urn:lo:nsid:sensor:traced');
    const { body: trace } = await bench.call('GET', `/bench/v1/traces/${message.id}`);
    expect(trace).toMatchObject({
      messageId: message.id,
      connector: 'mqtt',
      sender: 'urn:lo:nsid:sensor:traced',
      target: 'dev/data',
      outcome: 'ok',
      payload: { text: '{"v":{"x":1},"zzz":1}', truncated: false },
    });
    expect(trace.steps.map((step: any) => `${step.stage}: ${step.reason}`)).toEqual([
      'wire: urn:lo:nsid:sensor:traced sent 21 bytes to dev/data',
      'validate: follows the data model; ignored unknown fields: zzz',
      `enrich: became message ${message.id} of urn:lo:nsid:sensor:traced`,
      'route: matched to one → fifo/one',
      'store: synced to the journal',
      'acknowledge: answered the sender',
    ]);
  });
});
