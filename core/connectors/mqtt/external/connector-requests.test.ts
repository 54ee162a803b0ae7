import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorBench, online } from '../../../testing/connector-bench.ts';
import type { TestPlatform } from '../../../testing/test-platform.ts';
import { until } from '../../../testing/until.ts';

const commandTopic = 'connector/v1/requests/command';
const configurationTopic = 'connector/v1/requests/configuration';

describe('requests to nodes behind external connectors (manual 6.6.5, 6.6.6)', () => {
  let connectors: ConnectorBench;
  let bench: TestPlatform;
  let connect: ConnectorBench['connect'];
  let say: ConnectorBench['say'];
  let status: ConnectorBench['status'];
  let command: ConnectorBench['command'];
  let get: ConnectorBench['get'];
  let configure: ConnectorBench['configure'];
  let parametersOf: ConnectorBench['parametersOf'];
  let audit: ConnectorBench['audit'];
  let next: ConnectorBench['next'];

  beforeAll(async () => {
    connectors = await ConnectorBench.start();
    ({ bench, connect, say, status, command, get } = connectors);
    ({ configure, parametersOf, audit, next } = connectors);
  });
  afterAll(() => connectors.stop());
  beforeEach(() => connectors.reset());

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
});
