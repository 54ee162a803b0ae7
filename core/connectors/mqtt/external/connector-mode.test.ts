import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorBench, nodeDevice, online } from '../../../testing/connector-bench.ts';
import { RawMqttClient } from '../../../testing/raw-mqtt-client.ts';
import type { TestPlatform } from '../../../testing/test-platform.ts';
import { until } from '../../../testing/until.ts';

const commandTopic = 'connector/v1/requests/command';
const devices = '/api/v1/deviceMgt/devices';

describe('external connectors (manual 6.6)', () => {
  let connectors: ConnectorBench;
  let bench: TestPlatform;
  let connect: ConnectorBench['connect'];
  let say: ConnectorBench['say'];
  let status: ConnectorBench['status'];
  let device: ConnectorBench['device'];
  let command: ConnectorBench['command'];
  let get: ConnectorBench['get'];
  let audit: ConnectorBench['audit'];
  let next: ConnectorBench['next'];

  beforeAll(async () => {
    connectors = await ConnectorBench.start();
    ({ bench, connect, say, status, device, command, get } = connectors);
    ({ audit, next } = connectors);
  });
  afterAll(() => connectors.stop());
  beforeEach(() => connectors.reset());

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
      ['nodes/n/data', { metadata: { encoding: 'twointegers' } }, 'value.payload must be a text'],
      ['nodes/n/data', { value: {}, metadata: { encoding: 'e' } }, 'how to decode; got none'],
      ['nodes/n/data', { value: { payload: 5 }, metadata: { encoding: 'e' } }, 'how to decode; got 5'],
      ['nodes/n/data', { value: { payload: '00' }, metadata: { encoding: 5 } }, 'metadata.encoding must be'],
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
    // Each names the node that it was about, as far as it can be known.
    const sources = (await audit()).map(({ detailedDescription, source }: any) => [
      detailedDescription,
      source,
    ]);
    for (const [topic, body, says] of malformed) {
      const nodeId = /^nodes\/(n)\//.exec(topic)?.[1] ?? (body as { nodeId?: string }).nodeId;
      const source = {
        connector: 'x-connector',
        ...(nodeId !== undefined && { nodeId }),
        ...(nodeId === 'n' && { deviceId: nodeDevice('n') }),
      };
      expect(sources, `${topic} ${JSON.stringify(body)}`).toContainEqual([
        expect.stringContaining(says),
        source,
      ]);
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

    it('are shown with what they take and how many nodes they speak for', async () => {
      const [one, two] = [await connect('one'), await connect('two')];
      await one.subscribe(commandTopic);
      await status(one, 'a', online('command'));
      await status(one, 'b', { status: 'OFFLINE' });
      await status(one, 'c', online('command'));
      await status(two, 'c', online('command'));
      await connectors.ok('DELETE', `${devices}/${nodeDevice('b')}`);
      const connected = new Date(bench.clock.now()).toISOString();
      const common = { remoteAddress: expect.stringContaining('127.0.0.1'), tls: false, connected };
      expect(await connectors.ok('GET', '/bench/v1/connectors')).toEqual([
        { clientId: 'one', ...common, takes: ['command'], nodes: 1, nodesOnline: 1, unacknowledged: 0 },
        { clientId: 'two', ...common, takes: [], nodes: 1, nodesOnline: 1, unacknowledged: 0 },
      ]);
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
    const key = await bench.key(roles ?? ['CONNECTOR_ACCESS']);
    const wanted = { clientId: 'c', username: 'connector', password: key, ...options };
    const { code } = await RawMqttClient.connect(bench.mqttPort, wanted);
    expect(code).toBe(expected);
  });
});
