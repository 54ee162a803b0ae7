import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawMqttClient } from '../../testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';

describe('MQTT on the wire (manual 6.1, 6.4)', () => {
  let bench: TestPlatform;
  let deviceKey: string;
  let busKey: string;
  let port: number;

  beforeAll(async () => {
    const settings = { mqttMaxPacketBytes: 100_000, mqttConnectTimeoutMs: 10_000 };
    bench = await startTestPlatform({ settings });
    port = bench.mqttPort;
    deviceKey = await bench.key(['DEVICE_ACCESS']);
    busKey = await bench.key(['BUS_R']);
  });
  afterAll(() => bench.stop());

  const unknownKey = 'f'.repeat(32);
  const device = { clientId: 'urn:lo:nsid:demo:dev1', username: 'json+device' };

  describe('CONNACK codes', () => {
    it.each([
      ['user name and key bad', () => ({ ...device, username: 'nobody', password: unknownKey }), 4],
      ['user name bad', () => ({ ...device, username: 'nobody', password: deviceKey }), 4],
      ['user name in other case', () => ({ ...device, username: 'JSON+device', password: deviceKey }), 4],
      ['user name missing', () => ({ clientId: 'a' }), 4],
      ['key unknown', () => ({ ...device, password: unknownKey }), 4],
      ['key malformed', () => ({ ...device, password: 'secret' }), 4],
      ['key missing', () => ({ ...device }), 4],
      ['both good', () => ({ ...device, password: deviceKey }), 0],
      [
        'MQTT 3.1 with a long client id',
        () => ({ ...device, clientId: urnOf(100), password: deviceKey, protocolVersion: 3 as const }),
        0,
      ],
      ['a device URN of 269 characters', () => ({ ...device, clientId: urnOf(269), password: deviceKey }), 0],
      ['a device URN of 270 characters', () => ({ ...device, clientId: urnOf(270), password: deviceKey }), 2],
      ['a client id with a space', () => ({ ...device, clientId: 'a b', password: deviceKey }), 2],
      [
        'a client id with a wildcard',
        () => ({ ...device, clientId: 'urn:lo:nsid:a:#', password: deviceKey }),
        2,
      ],
      ['an empty client id', () => ({ ...device, clientId: '', password: deviceKey }), 2],
      ['a plain client id', () => ({ ...device, clientId: '123456', password: deviceKey }), 0],
      [
        'a plain client id of 129 characters',
        () => ({ ...device, clientId: 'x'.repeat(129), password: deviceKey }),
        2,
      ],
      ['a key without DEVICE_ACCESS', () => ({ ...device, password: busKey }), 5],
      [
        'an application without BUS_R',
        () => ({ clientId: '', username: 'application', password: deviceKey }),
        5,
      ],
      [
        'an application with any client id',
        () => ({ clientId: 'a b/c', username: 'application', password: busKey }),
        0,
      ],
      ['MQTT 5', () => ({ ...device, password: deviceKey, protocolVersion: 5 as const }), 1],
    ])('%s', async (_name, options, code) => {
      const { client, code: answered } = await RawMqttClient.connect(port, options());
      expect(answered).toBe(code);
      if (code === 0) client.send({ cmd: 'disconnect' });
      await client.closed();
    });

    it('refuses a disabled interface and says so in the audit log', async () => {
      const interfaces = [{ connector: 'mqtt', enabled: false, definition: { clientId: 'off' } }];
      await bench.call('POST', '/api/v1/deviceMgt/devices', { id: 'urn:lo:nsid:a:off', interfaces });
      const { client, code } = await RawMqttClient.connect(port, {
        ...device,
        clientId: 'off',
        password: deviceKey,
      });
      expect(code).toBe(5);
      await client.closed();
      const { body } = await bench.call('GET', '/api/v0/auditlog/messages?source.nodeId=off');
      expect(body[0]).toMatchObject({
        description: 'MQTT connection refused',
        detailedDescription: 'interface mqtt:off is disabled',
        content: { connackCode: 5 },
      });
    });
  });

  const connect = async (clientId: string, more: object = {}) =>
    (await RawMqttClient.connect(port, { ...device, clientId, password: deviceKey, ...more })).client;

  it('starts a new session each time, whatever the client asks for', async () => {
    const client = await RawMqttClient.open(port);
    client.sendConnect({ ...device, clientId: 'clean', password: deviceKey, clean: false });
    expect((await client.next('connack')).sessionPresent).toBe(false);
  });

  it('ignores will and retain', async () => {
    const will = { topic: 'dev/data', payload: '{"v":{"will":true}}' };
    const client = await connect('willing', { will });
    client.send({
      cmd: 'publish',
      topic: 'dev/data',
      payload: '{"v":{}}',
      qos: 1,
      messageId: 1,
      retain: true,
      dup: false,
    });
    await client.next('puback');
    await client.drop();
    const { body } = await bench.call('GET', '/api/v0/data/streams/urn:lo:nsid:mqtt:willing');
    expect(body.map((message: any) => message.value)).toEqual([{}]);
  });

  it('answers pings and takes packets sent before the CONNACK', async () => {
    const client = await RawMqttClient.open(port);
    client.sendConnect({ ...device, clientId: 'eager', password: deviceKey });
    client.publish('dev/data', '{"v":{"eager":true}}', 1, 5);
    client.send({ cmd: 'pingreq' });
    await client.next('connack');
    expect((await client.next('puback')).messageId).toBe(5);
    await client.next('pingresp');
  });

  it('stores what a client sent that went without waiting for anything', async () => {
    for (let n = 0; n < 10; n++) {
      const client = await RawMqttClient.open(port);
      client.socket.cork();
      client.sendConnect({ ...device, clientId: `hasty-${n}`, password: deviceKey });
      client.publish('dev/data', '{"s":"hasty","v":{}}', 1, 1);
      client.send({ cmd: 'disconnect' });
      client.socket.uncork();
      client.socket.end();
      await client.closed();
    }
    await until(async () => (await bench.call('GET', '/api/v0/data/streams/hasty')).body.length === 10);
  });

  it('answers a protocol level that nobody knows', async () => {
    const client = await RawMqttClient.open(port);
    client.socket.write(Buffer.from('100c00044d5154540602003c0000', 'hex'));
    expect((await client.next('connack')).returnCode).toBe(1);
    await client.closed();
  });

  it('says in the audit log why it closed a connection', async () => {
    const client = await connect('violator');
    client.publish('dev/data', '{}', 1, 0);
    await client.closed();
    const { body } = await bench.call('GET', '/api/v0/auditlog/messages?source.nodeId=violator');
    expect(body[0]).toMatchObject({
      description: 'MQTT connection closed',
      detailedDescription: 'a publication with QoS 1 or 2 has the packet id 0',
    });
  });

  it.each([
    ['SUBSCRIBE with the packet id 0', '82 08 0000 0003 612f62 00', 'SUBSCRIBE has the packet id 0'],
    ['UNSUBSCRIBE with the packet id 0', 'a2 07 0000 0003 612f62', 'UNSUBSCRIBE has the packet id 0'],
    ['UNSUBSCRIBE without a topic', 'a2 02 0001', 'UNSUBSCRIBE names no topic'],
    [
      'a topic with U+0000',
      '32 0b 0003 610062 0005 7b7d7b7d',
      'the topic of a publication holds the character',
    ],
    [
      'a topic whose bytes are no UTF-8',
      '32 0b 0003 64c328 0005 7b7d7b7d',
      'the topic of a publication holds bytes that are no UTF-8',
    ],
    [
      'a filter whose bytes are no UTF-8',
      '82 08 0005 0003 64ff65 00',
      'a topic filter holds bytes that are no UTF-8',
    ],
  ])('closes at %s', async (name, hex, reason) => {
    const client = await connect(`malformed ${name}`.replaceAll(/[^a-z]/gi, '-'));
    client.socket.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    await client.closed();
    const { body } = await bench.call('GET', '/api/v0/auditlog/messages?limit=1');
    expect(body[0].detailedDescription).toContain(reason);
  });

  it('lets go of a client that reads nothing when its connection ends', async () => {
    await bench.call('PUT', '/api/v1/event2action/actionPolicies/big', {
      triggers: { dataMessage: {} },
      actions: { fifoPublish: [{ fifoName: 'big' }] },
    });
    const options = { username: 'application', password: busKey };
    const { client } = await RawMqttClient.connect(port, options);
    await client.subscribe('fifo/big');
    client.socket.pause();
    const value = { text: 'x'.repeat(900_000) };
    for (let n = 0; n < 20; n++) await bench.call('POST', '/api/v0/data/streams/s', { value });
    const waiting = (await bench.call('GET', '/api/v0/topics/fifo/big')).body;
    expect(waiting.messageUnacknowledgedBytes).toBeLessThan(10_000_000);
    await bench.call('DELETE', '/api/v1/event2action/actionPolicies/big');
    bench.wireClock.advance(3000);
    client.socket.resume();
    await client.closed();
  });

  it('tells an MQTT 3.1 client nothing of a refused subscription, which has no code there', async () => {
    const client = await connect('old', { protocolVersion: 3 });
    expect(await client.subscribe('nothing/here', 1)).toBe(1);
  });

  it('closes a connection that breaks the protocol', async () => {
    const first = await RawMqttClient.open(port);
    first.send({ cmd: 'pingreq' });
    await first.closed();
    const garbage = await RawMqttClient.open(port);
    garbage.socket.write(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    await garbage.closed();
    const twice = await connect('twice');
    twice.sendConnect({ ...device, clientId: 'twice', password: deviceKey });
    await twice.closed();
    const server = await connect('server');
    server.send({ cmd: 'connack', returnCode: 0, sessionPresent: false });
    await server.closed();
  });

  it('closes a connection whose packet is longer than the setting, before it is all there', async () => {
    const client = await connect('long');
    const header = Buffer.from([0x32, 0xff, 0xff, 0x7f]);
    client.socket.write(Buffer.concat([header, Buffer.alloc(100_001)]));
    await client.closed();
  });

  it('closes a silent connection after one and a half times its keep-alive', async () => {
    const client = await connect('silent', { keepalive: 10 });
    bench.wireClock.advance(14_000);
    await client.roundTrip();
    bench.wireClock.advance(16_000);
    await client.closed();
  });

  it('keeps a silent connection without keep-alive', async () => {
    const client = await connect('patient', { keepalive: 0 });
    bench.wireClock.advance(24 * 60 * 60 * 1000);
    await client.roundTrip();
  });

  it('does not take a jump of the platform clock for silence', async () => {
    const client = await connect('traveller', { keepalive: 10 });
    bench.clock.advance(7 * 24 * 60 * 60 * 1000);
    await client.roundTrip();
  });

  it('does not take its own delay for silence of a client', async () => {
    const client = await connect('punctual', { keepalive: 10 });
    const silent = await connect('silent', { keepalive: 10 });
    bench.wireClock.holdUp(60_000);
    bench.wireClock.advance(0);
    await client.roundTrip();
    bench.wireClock.advance(2000);
    await silent.closed();
    await client.roundTrip();
  });

  it('closes a connection that sends no CONNECT', async () => {
    const client = await RawMqttClient.open(port);
    // The server must have taken the connection: another one, opened later, has been answered.
    await connect('later');
    bench.wireClock.advance(11_000);
    await client.closed();
  });

  it('survives any bytes', async () => {
    for (let round = 0; round < 50; round++) {
      const client = await RawMqttClient.open(port);
      const connected = round % 2 === 0;
      if (connected) client.sendConnect({ ...device, clientId: 'fuzz', password: deviceKey });
      client.socket.end(
        Buffer.from(Array.from({ length: 200 }, (_, index) => (index * 7919 + round * 104_729) % 256)),
      );
      await client.closed();
    }
    await (await connect('after')).roundTrip();
  });

  it('ends only the connection in whose service a defect shows', async () => {
    const broken = await startTestPlatform();
    const options = { username: 'json+device', password: broken.masterKey };
    const { client: other } = await RawMqttClient.connect(broken.mqttPort, { ...options, clientId: 'other' });
    const { client } = await RawMqttClient.connect(broken.mqttPort, { ...options, clientId: 'one' });
    const { data } = broken.platform;
    const { accept } = data;
    data.accept = () => {
      throw new Error('planted');
    };
    client.publish('dev/data', '{"v":{}}');
    await client.closed();
    data.accept = accept;
    await other.publishAndWait('dev/data', '{"v":{}}');
    await broken.stop();
  });

  it('refuses a connection above the limit as server unavailable', async () => {
    const small = await startTestPlatform({ settings: { mqttMaxConnections: 1 } });
    const options = { clientId: 'one', username: 'json+device', password: small.masterKey };
    const { code } = await RawMqttClient.connect(small.mqttPort, options);
    expect(code).toBe(0);
    const second = await RawMqttClient.open(small.mqttPort);
    expect((await second.next('connack')).returnCode).toBe(3);
    await second.closed();
    await small.stop();
  });
});

function urnOf(length: number): string {
  const start = `urn:lo:nsid:${'n'.repeat(Math.min(128, length - 30))}:`;
  return start + 'i'.repeat(length - start.length);
}
