import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RawMqttClient } from '../../../testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from '../../../testing/test-platform.ts';
import { until } from '../../../testing/until.ts';

const commandTopic = 'connector/v1/requests/command';
const configurationTopic = 'connector/v1/requests/configuration';
const devices = '/api/v1/deviceMgt/devices';
const nodeDevice = (nodeId: string): string => `urn:lo:nsid:x-connector:${nodeId}`;
const online = (...features: string[]) => ({
  status: 'ONLINE',
  capabilities: Object.fromEntries(features.map((name) => [name, { available: true }])),
});

describe('external connectors (manual 6.6)', () => {
  let bench: TestPlatform;
  let password: string;
  let packetId = 100;

  beforeAll(async () => {
    bench = await startTestPlatform({ settings: { connectorPlainOnLoopback: true, mqttSendWindow: 3 } });
    password = await bench.key(['CONNECTOR_ACCESS']);
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.platform.reset());

  const connect = async (clientId = 'backend'): Promise<RawMqttClient> => {
    const options = { clientId, username: 'connector', password };
    const { client, code } = await RawMqttClient.connect(bench.mqttPort, options);
    expect(code).toBe(0);
    return client;
  };
  const say = (client: RawMqttClient, topic: string, body: unknown) =>
    client.publishAndWait(
      `connector/v1/${topic}`,
      typeof body === 'string' ? body : JSON.stringify(body),
      packetId++,
    );
  const status = (client: RawMqttClient, nodeId: string, body: unknown) =>
    say(client, `nodes/${nodeId}/status`, body);
  const device = async (id: string) => (await bench.call('GET', `${devices}/${id}`)).body;
  const command = async (nodeId: string, value: object, policy: object = {}) => {
    const body = { request: { connector: 'x-connector', value }, policy };
    const made = await bench.call('POST', `${devices}/${nodeDevice(nodeId)}/commands`, body);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.id;
  };
  const get = async (id: string) => (await bench.call('GET', `/api/v1/deviceMgt/commands/${id}`)).body;
  const configure = async (nodeId: string, parameters: object) => {
    const { status: code } = await bench.call('POST', `${devices}/${nodeDevice(nodeId)}/config`, {
      parameters,
    });
    expect(code).toBe(200);
  };
  const parametersOf = async (nodeId: string) =>
    (await bench.call('GET', `${devices}/${nodeDevice(nodeId)}/config/parameters`)).body;
  const audit = async () => (await bench.call('GET', '/api/v0/auditlog/messages')).body;
  const next = async (client: RawMqttClient, topic: string, acknowledge = true) => {
    const packet = await client.next('publish');
    expect(packet.topic).toBe(topic);
    if (acknowledge && packet.qos > 0) client.send({ cmd: 'puback', messageId: packet.messageId ?? 0 });
    return JSON.parse(String(packet.payload));
  };

  describe('node status (6.6.3)', () => {
    it('makes a device of a node that nobody knew: the example of the manual', async () => {
      const client = await connect();
      await status(client, 'myDevice', {
        status: 'ONLINE',
        capabilities: {
          command: { available: true },
          configuration: { available: true },
          resource: { available: true },
        },
        lastContact: '2019-05-20T16:01:47Z',
        sessionSequenceId: 1,
        eventSequenceId: 3,
      });
      const { interfaces, ...made } = await device('urn:lo:nsid:x-connector:myDevice');
      expect(made).toMatchObject({
        defaultDataStreamId: 'urn:lo:nsid:x-connector:myDevice',
        group: { path: '/' },
      });
      expect(interfaces).toEqual([
        expect.objectContaining({
          connector: 'x-connector',
          nodeId: 'myDevice',
          enabled: true,
          status: 'ONLINE',
          definition: { nodeId: 'myDevice' },
          lastContact: '2019-05-20T16:01:47.000Z',
          capabilities: {
            command: { version: 1, available: true },
            configuration: { version: 1, available: true },
            resource: { version: 1, available: true },
            twin: { available: false },
          },
          // It has none (facts 5), also where something is kept for the platform.
          activity: {},
        }),
      ]);
    });

    it('is of the device that is registered with the node', async () => {
      const id = 'urn:lo:nsid:external:measures';
      const interfaces = [{ connector: 'x-connector', definition: { nodeId: 'myDevice1234' } }];
      await bench.call('POST', devices, { id, interfaces });
      expect((await device(id)).interfaces[0].status).toBe('REGISTERED');
      const client = await connect();
      await status(client, 'myDevice1234', { status: 'OFFLINE' });
      expect((await device(id)).interfaces[0]).toMatchObject({ status: 'OFFLINE' });
      await status(client, 'myDevice1234', { status: 'ONLINE' });
      const [via] = (await device(id)).interfaces;
      expect(via).toMatchObject({ status: 'ONLINE', lastContact: new Date(bench.clock.now()).toISOString() });
      expect((await bench.call('GET', `${devices}/${nodeDevice('myDevice1234')}`)).status).toBe(404);
    });

    it.each([
      ['a lower session', { sessionSequenceId: 1, eventSequenceId: 9 }, false],
      ['the same session and a lower event', { sessionSequenceId: 2, eventSequenceId: 4 }, false],
      ['a higher session and a lower event', { sessionSequenceId: 3, eventSequenceId: 4 }, false],
      ['a lower event alone', { eventSequenceId: 4 }, false],
      ['a lower session alone', { sessionSequenceId: 1 }, false],
      ['the same ids', { sessionSequenceId: 2, eventSequenceId: 5 }, true],
      ['a higher event', { sessionSequenceId: 2, eventSequenceId: 6 }, true],
      ['a higher session', { sessionSequenceId: 3, eventSequenceId: 5 }, true],
      ['no ids', {}, true],
    ])('after ids 2 and 5, with %s', async (_what, ids, taken) => {
      const client = await connect();
      await status(client, 'n', { status: 'ONLINE', sessionSequenceId: 2, eventSequenceId: 5 });
      await status(client, 'n', { status: 'OFFLINE', ...ids });
      expect((await device(nodeDevice('n'))).interfaces[0].status).toBe(taken ? 'OFFLINE' : 'ONLINE');
      const ignored = (await audit()).filter((entry: any) => entry.description === 'Node status ignored');
      expect(ignored).toHaveLength(taken ? 0 : 1);
      // An id that was left out does not lower what was there.
      await status(client, 'n', { status: 'ONLINE', eventSequenceId: 1 });
      expect((await device(nodeDevice('n'))).interfaces[0].status).toBe(taken ? 'OFFLINE' : 'ONLINE');
    });

    it('registers a node once, and takes what came for it in its order', async () => {
      const client = await connect();
      for (let n = 1; n <= 20; n++) {
        client.publish('connector/v1/nodes/burst/data', JSON.stringify({ value: { n } }), 1, n);
      }
      for (let n = 1; n <= 20; n++) expect((await client.next('puback')).messageId).toBe(n);
      const { body } = await bench.call('GET', `/api/v0/data/streams/${nodeDevice('burst')}?limit=100`);
      expect(body.map(({ value }: any) => value.n).reverse()).toEqual(
        Array.from({ length: 20 }, (_, n) => n + 1),
      );
    });
  });

  describe('data messages (6.6.4)', () => {
    it('are stored as of the device: the example of the manual', async () => {
      const client = await connect();
      const message = {
        streamId: 'urn:lo:nsid:detector_A8:12435355',
        timestamp: '2019-05-20T16:01:47Z',
        model: 'data_v0',
        value: { temperature: 14.6, battery: 53, messageAlert: 'low battery' },
        location: { lat: 48.86667, lon: 2.33333, alt: 35.2, accuracy: 12.3, provider: 'GPS' },
        tags: ['production', 'london'],
      };
      await say(client, 'nodes/12435355/data', message);
      const { body } = await bench.call('GET', `/api/v0/data/streams/${message.streamId}`);
      expect(body).toEqual([
        expect.objectContaining({
          streamId: message.streamId,
          timestamp: '2019-05-20T16:01:47.000Z',
          model: 'data_v0',
          value: message.value,
          location: message.location,
          tags: message.tags,
          metadata: expect.objectContaining({ source: nodeDevice('12435355'), connector: 'x-connector' }),
        }),
      ]);
    });

    it('may be encoded: the example of the manual', async () => {
      const client = await connect();
      await say(client, 'nodes/enc/data', {
        value: { payload: '000003F5000000DD' },
        metadata: { encoding: 'twointegers' },
      });
      const { body } = await bench.call('GET', `/api/v0/data/streams/${nodeDevice('enc')}`);
      expect(body[0]).toMatchObject({
        value: { payload: '000003F5000000DD' },
        metadata: { encoding: 'twointegers', connector: 'x-connector' },
      });
    });

    it('take the encoding of the interface over their own', async () => {
      const definition = { nodeId: 'enc', encoding: 'myEncoding_v1' };
      await bench.call('POST', devices, {
        id: 'urn:lo:nsid:ext:enc',
        interfaces: [{ connector: 'x-connector', definition }],
      });
      const client = await connect();
      await say(client, 'nodes/enc/data', { value: { payload: '00' }, metadata: { encoding: 'other' } });
      const { body } = await bench.call('GET', '/api/v0/data/streams/urn:lo:nsid:ext:enc');
      expect(body[0].metadata.encoding).toBe('myEncoding_v1');
    });
  });

  describe('commands (6.6.5)', () => {
    it('go to the connector and come back: the example of the manual', async () => {
      const client = await connect();
      await status(client, 'myDevice', online('command'));
      expect(await client.subscribe(commandTopic)).toBe(1);
      const value = { req: 'on', args: { level: 75 } };
      const id = await command('myDevice', value);
      expect(await next(client, commandTopic)).toEqual({
        id,
        nodeId: 'myDevice',
        value,
        ackMode: 'APPLICATIVE',
      });
      expect(await get(id)).toMatchObject({ status: 'PROCESSING', deliveryStatus: 'SENT' });
      const response = { status: 'ok', message: { level: 75 } };
      await say(client, 'responses/command', { id, nodeId: 'myDevice', response });
      expect(await get(id)).toMatchObject({
        status: 'PROCESSED',
        deliveryStatus: 'REPLIED',
        response: { value: response },
        policy: { ackTimeoutInSeconds: 60 },
      });
    });

    it('with NETWORK wait for the answer too, and with NONE for nothing', async () => {
      const client = await connect();
      await status(client, 'n', online('command'));
      await client.subscribe(commandTopic);
      const network = await command('n', { a: 1 }, { ackMode: 'NETWORK' });
      expect(await next(client, commandTopic)).toMatchObject({ id: network, ackMode: 'NETWORK' });
      await client.roundTrip();
      expect(await get(network)).toMatchObject({ status: 'PROCESSING' });
      await say(client, 'responses/command', { id: network, nodeId: 'n' });
      expect(await get(network)).toMatchObject({ status: 'PROCESSED' });
      const none = await command('n', { any: ['object'] }, { ackMode: 'NONE' });
      await next(client, commandTopic);
      await until(async () => (await get(none)).status === 'PROCESSED');
      expect((await get(none)).response).toBeUndefined();
    });

    it('wait until the node is there and announces commands, and one is sent after the other', async () => {
      const client = await connect();
      await client.subscribe(commandTopic);
      await status(client, 'n', { status: 'OFFLINE', capabilities: { command: { available: true } } });
      const first = await command('n', { n: 1 });
      const second = await command('n', { n: 2 });
      await status(client, 'n', { status: 'ONLINE', capabilities: { command: { available: false } } });
      await client.roundTrip();
      expect([await get(first), await get(second)].map((each) => each.status)).toEqual([
        'PENDING',
        'PENDING',
      ]);
      await status(client, 'n', online('command'));
      expect((await next(client, commandTopic)).id).toBe(first);
      await say(client, 'responses/command', { id: first, nodeId: 'n', response: {} });
      expect((await next(client, commandTopic)).id).toBe(second);
    });

    it('go out when a connector subscribes, and more than its window holds as it acknowledges', async () => {
      const client = await connect();
      const nodes = Array.from({ length: 10 }, (_, index) => `n${index}`);
      for (const nodeId of nodes) await status(client, nodeId, online('command'));
      for (const nodeId of nodes) await command(nodeId, {});
      await client.subscribe(commandTopic);
      const got: string[] = [];
      while (got.length < nodes.length) got.push((await next(client, commandTopic)).nodeId);
      expect(got.sort()).toEqual(nodes);
    });

    it('time out at the platform’s clock when no answer comes', async () => {
      const client = await connect();
      await status(client, 'n', online('command'));
      await client.subscribe(commandTopic);
      const id = await command('n', {});
      await next(client, commandTopic);
      await bench.call('POST', '/bench/v1/clock/advance', { duration: 'PT60S' });
      expect(await get(id)).toMatchObject({ status: 'ERROR', errorCode: 'ACK_TIMEOUT' });
      await say(client, 'responses/command', { id, nodeId: 'n', response: {} });
      expect(JSON.stringify(await audit())).toContain(id);
    });

    it('are not completed by the answer of another node', async () => {
      const client = await connect();
      for (const nodeId of ['a', 'b']) await status(client, nodeId, online('command'));
      await client.subscribe(commandTopic);
      const id = await command('a', {});
      await next(client, commandTopic);
      await say(client, 'responses/command', { id, nodeId: 'b', response: {} });
      expect(await get(id)).toMatchObject({ status: 'PROCESSING' });
    });
  });

  describe('configuration (6.6.6)', () => {
    it('goes to the connector, and is acknowledged in part', async () => {
      const client = await connect();
      await status(client, 'n', online('configuration'));
      await client.subscribe(configurationTopic);
      const parameters = {
        my_param1: { type: 'UINT32', value: 3_095_625_792 },
        my_param2: { type: 'FLOAT', value: 0.8862329945028716 },
        my_param3: { type: 'BINARY', value: 'WldGbE16QXdtRmlPV1pt' },
        my_param4: { type: 'INT32', value: 1101263487 },
        my_param5: { type: 'STRING', value: 'my config as a string' },
      };
      await configure('n', parameters);
      const request = await next(client, configurationTopic);
      expect(request).toEqual({ nodeId: 'n', targetVersion: expect.any(Number), parameters });
      const { my_param1, my_param2 } = parameters;
      const { targetVersion } = request;
      await say(client, 'responses/configuration', {
        nodeId: 'n',
        targetVersion,
        parameters: { my_param1, my_param2 },
      });
      const after = await parametersOf('n');
      expect(
        Object.entries<any>(after)
          .map(([key, { syncStatus }]) => `${key} ${syncStatus}`)
          .sort(),
      ).toEqual([...['my_param1 OK', 'my_param2 OK', 'my_param3 SENT', 'my_param4 SENT', 'my_param5 SENT']]);
      const other = { my_param4: { type: 'INT32', value: 7 } };
      await say(client, 'responses/configuration', { nodeId: 'n', targetVersion, parameters: other });
      expect((await parametersOf('n')).my_param4).toMatchObject({
        syncStatus: 'FAILED',
        reported: { value: 7 },
      });
    });

    it('goes out again over another connection when the one it went over ends', async () => {
      const [one, two] = [await connect('one'), await connect('two')];
      await status(one, 'n', online('configuration'));
      for (const client of [one, two]) await client.subscribe(configurationTopic);
      const parameters = { period: { type: 'INT32', value: 60 } };
      await configure('n', parameters);
      await next(one, configurationTopic);
      await one.drop();
      const again = await next(two, configurationTopic);
      expect(again).toMatchObject({ nodeId: 'n', parameters });
      await say(two, 'responses/configuration', again);
      expect((await parametersOf('n')).period.syncStatus).toBe('OK');
    });

    it('is reported by the node itself: the example of the manual', async () => {
      const client = await connect();
      await status(client, 'n', { status: 'ONLINE' });
      await say(client, 'current/configuration', {
        nodeId: 'n',
        parameters: {
          my_param4: { type: 'INT32', value: 123 },
          my_param5: { type: 'FLOAT', value: 0.45562329946543 },
        },
      });
      expect(await parametersOf('n')).toMatchObject({
        my_param4: { reported: { type: 'INT32', value: 123 }, syncStatus: 'NONE' },
        my_param5: { reported: { type: 'FLOAT', value: 0.45562329946543 }, syncStatus: 'NONE' },
      });
    });

    it('takes the parameters that can be, and says which cannot: the UINT32 in the manual’s example is none', async () => {
      const client = await connect();
      await status(client, 'n', { status: 'ONLINE' });
      const parameters = {
        my_param1: { type: 'UINT32', value: 8035095625792325998n.toString() },
        my_param2: { type: 'FLOAT', value: 0.8862329945028716 },
      };
      const text = JSON.stringify({ nodeId: 'n', targetVersion: 363745365, parameters });
      await say(client, 'responses/configuration', text.replace(/"(8035095625792325998)"/, '$1'));
      expect(Object.keys(await parametersOf('n'))).toEqual(['my_param2']);
      expect(JSON.stringify(await audit())).toContain(
        'my_param1: value must be a whole number from 0 to 4294967295',
      );
    });
  });

  it('acknowledges what is malformed, and tells of it in the audit log', async () => {
    const client = await connect();
    await status(client, 'n', online('command'));
    const malformed: [string, unknown, string][] = [
      ['nodes/n/status', '{', 'not JSON'],
      ['nodes/n/status', {}, 'status must be'],
      ['nodes/n/status', { status: 'REGISTERED' }, 'status must be'],
      ['nodes/n/status', { status: 'ONLINE', capabilities: [] }, 'capabilities must be an object'],
      [
        'nodes/n/status',
        { status: 'ONLINE', capabilities: { command: true } },
        'capabilities.command must be',
      ],
      ['nodes/n/status', { status: 'ONLINE', lastContact: 'noon' }, 'lastContact must be'],
      ['nodes/n/status', { status: 'ONLINE', sessionSequenceId: 1.5 }, 'sessionSequenceId must be'],
      ['nodes/n/status', { status: 'ONLINE', eventSequenceId: '3' }, 'eventSequenceId must be'],
      ['nodes/a b/status', { status: 'ONLINE' }, 'node id "a b"'],
      ['nodes//data', { value: {} }, 'node id ""'],
      ['nodes/n/data', '[]', 'a data message is a JSON object'],
      ['nodes/n/data', { model: 'a b' }, 'model'],
      ['responses/command', { nodeId: 'n' }, 'id must be the text'],
      ['responses/command', { id: 'x' }, 'nodeId must have'],
      ['responses/command', { id: 'x', nodeId: 'nobody' }, 'no interface x-connector:nobody'],
      ['responses/command', { id: 'x', nodeId: 'n', response: 'ok' }, 'response must be an object'],
      ['responses/configuration', { nodeId: 'n', parameters: {} }, 'targetVersion must be'],
      ['responses/configuration', { nodeId: 'n', targetVersion: 1 }, 'parameters must be an object'],
      ['current/configuration', { nodeId: 'nobody', parameters: {} }, 'no interface x-connector:nobody'],
      [
        'current/configuration',
        { nodeId: 'n', parameters: { a: { type: 'i32', value: 1 } } },
        'type must be one of',
      ],
      ['elsewhere', {}, 'is no topic of external connectors'],
    ];
    for (const [topic, body] of malformed) await say(client, topic, body);
    const told = (await audit()).map((entry: any) => `${entry.level}: ${entry.detailedDescription}`);
    for (const [topic, body, says] of malformed) {
      const found = told.find((text: string) => text.includes(says));
      expect(found, `${topic} ${JSON.stringify(body)}: ${told.join('\n')}`).toMatch(/^error/);
    }
    expect((await device(nodeDevice('n'))).interfaces[0].status).toBe('ONLINE');
    // An answer to a command that nobody sent is told as well.
    await say(client, 'responses/command', { id: 'no-command', nodeId: 'n', response: {} });
    expect(JSON.stringify(await audit())).toContain('no-command');
  });

  it('refuses the publications of a node that is disabled', async () => {
    const client = await connect();
    await status(client, 'n', online('command'));
    const path = `${devices}/${nodeDevice('n')}/interfaces/x-connector:n`;
    expect((await bench.call('PATCH', path, { enabled: false })).status).toBe(200);
    await status(client, 'n', online('command'));
    await say(client, 'nodes/n/data', { value: { n: 1 } });
    expect((await device(nodeDevice('n'))).interfaces[0]).toMatchObject({
      status: 'OFFLINE',
      enabled: false,
    });
    expect((await bench.call('GET', `/api/v0/data/streams/${nodeDevice('n')}`)).body).toEqual([]);
    expect(JSON.stringify(await audit())).toContain('interface x-connector:n is disabled');
  });

  it('refuses subscriptions to anything else', async () => {
    const client = await connect();
    for (const topic of ['#', 'connector/v1/#', 'connector/v1/requests/+', 'dev/cmd', 'fifo/a']) {
      expect(await client.subscribe(topic), topic).toBe(0x80);
    }
    expect(await client.subscribe('connector/v1/requests/resource')).toBe(1);
  });

  describe('two connectors at once', () => {
    it('each get the requests of the nodes that they speak for', async () => {
      const [one, two] = [await connect('one'), await connect('two')];
      for (const client of [one, two]) await client.subscribe(commandTopic);
      await status(one, 'a', online('command'));
      await status(two, 'b', online('command'));
      const [a, b] = [await command('a', {}), await command('b', {})];
      expect((await next(one, commandTopic)).id).toBe(a);
      expect((await next(two, commandTopic)).id).toBe(b);
      for (const client of [one, two]) await client.roundTrip();
      expect([...one.received, ...two.received].filter(({ cmd }) => cmd === 'publish')).toEqual([]);
    });

    it('a node moves to the one that spoke of it last, and to whoever is left', async () => {
      const [one, two] = [await connect('one'), await connect('two')];
      for (const client of [one, two]) await client.subscribe(commandTopic);
      await status(one, 'a', online('command'));
      await status(two, 'a', online('command'));
      const first = await command('a', {});
      expect((await next(two, commandTopic)).id).toBe(first);
      await say(two, 'responses/command', { id: first, nodeId: 'a' });
      await two.drop();
      await until(() => bench.platform.mqtt.connectionCount === 1);
      const second = await command('a', {});
      expect((await next(one, commandTopic)).id).toBe(second);
    });

    it('one may publish and another one listen', async () => {
      const [speaker, listener] = [await connect('speaker'), await connect('listener')];
      await status(speaker, 'a', online('command'));
      const id = await command('a', {});
      await listener.subscribe(commandTopic);
      expect((await next(listener, commandTopic)).id).toBe(id);
      await say(speaker, 'responses/command', { id, nodeId: 'a' });
      expect(await get(id)).toMatchObject({ status: 'PROCESSED' });
    });

    it('of one client id both stay', async () => {
      const [one, two] = [await connect('same'), await connect('same')];
      await status(one, 'a', { status: 'ONLINE' });
      await status(two, 'b', { status: 'ONLINE' });
      expect(bench.platform.mqtt.connectionCount).toBe(2);
    });
  });

  it.each([
    [5, 'a key without the role', { roles: ['DEVICE_ACCESS'] }],
    [4, 'a user name in other letters', { username: 'Connector' }],
    [2, 'a client id with a space', { clientId: 'a b' }],
    [2, 'a client id of 129 characters', { clientId: 'x'.repeat(129) }],
  ])('answers CONNACK %i to %s', async (expected, _what, { roles, ...options }: any) => {
    const key = roles ? await bench.key(roles) : password;
    const wanted = { clientId: 'c', username: 'connector', password: key, ...options };
    const { code } = await RawMqttClient.connect(bench.mqttPort, wanted);
    expect(code).toBe(expected);
  });
});
