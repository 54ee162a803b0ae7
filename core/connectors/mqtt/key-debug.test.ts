import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';

let bench: TestPlatform;
beforeAll(async () => {
  bench = await startTestPlatform({ settings: { connectorPlainOnLoopback: true } });
});
afterAll(() => bench.stop());

const logged = async (): Promise<string[]> =>
  (await bench.call('GET', '/api/v0/auditlog/messages?type=mqtt_debug_logs&sort=timestamp')).body.map(
    ({ description }: { description: string }) => description,
  );

it('writes what a device does with a key in debug mode, until that ends', async () => {
  const { body: key } = await bench.call('POST', '/api/v0/apiKeys', { label: 'd', roles: ['DEVICE_ACCESS'] });
  const url = `/api/v0/apiKeys/${key.id}/debugMode`;
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${bench.mqttPort}`, {
    ...{
      username: 'json+device',
      password: key.value,
      clientId: 'urn:lo:nsid:debug:one',
      reconnectPeriod: 0,
    },
  });
  const publish = () => client.publishAsync('dev/data', JSON.stringify({ value: { a: 1 } }), { qos: 1 });
  await publish();
  expect(await logged()).toEqual([]);

  const on = await bench.call('PUT', url, { activated: true });
  expect(on).toMatchObject({
    status: 200,
    body: { id: key.id, debugModeEndTs: bench.clock.now() + 900_000 },
  });
  await publish();
  expect(await logged()).toEqual(['PUBLISH received']);

  bench.clock.advance(900_000);
  await publish();
  expect(await logged()).toHaveLength(1);
  expect((await bench.call('GET', `/api/v0/apiKeys/${key.id}`)).body).not.toHaveProperty('debugModeEndTs');

  await bench.call('PUT', url, { activated: true, durationSeconds: 60 });
  await client.subscribeAsync('dev/cmd');
  expect(await logged()).toContain('SUBSCRIBE accepted');
  const off = await bench.call('PUT', url, { activated: false });
  expect(off.body).not.toHaveProperty('debugModeEndTs');
  const before = (await logged()).length;
  await publish();
  expect(await logged()).toHaveLength(before);
  expect((await bench.call('PUT', url, {})).status).toBe(400);
  await client.endAsync(true);
});

it('writes as well what an application or an external connector does with it', async () => {
  await bench.call('POST', '/api/v0/topics/fifo', { name: 'debugged' });
  const { body: key } = await bench.call('POST', '/api/v0/apiKeys', {
    label: 'both',
    roles: ['BUS_R', 'CONNECTOR_ACCESS'],
  });
  await bench.call('PUT', `/api/v0/apiKeys/${key.id}/debugMode`, { activated: true });
  const connect = (username: string) =>
    mqtt.connectAsync(`mqtt://127.0.0.1:${bench.mqttPort}`, {
      ...{ username, password: key.value, clientId: username, reconnectPeriod: 0 },
    });
  const application = await connect('application');
  const got = new Promise((resolve) => application.once('message', resolve));
  await application.subscribeAsync('fifo/debugged', { qos: 1 });
  await application.subscribeAsync('fifo/none', { qos: 1 }).catch(() => {});
  await bench.call('POST', '/api/v0/topics/fifo/debugged', { a: 1 });
  await got;
  await application.unsubscribeAsync('fifo/debugged');
  await application.endAsync();
  const connector = await connect('connector');
  await connector.publishAsync('connector/v1/nodes/n1/data', '{"value":{"a":1}}', { qos: 1 });
  await connector.endAsync();
  const written = async (): Promise<any[]> =>
    (await bench.call('GET', '/api/v0/auditlog/messages?type=mqtt_debug_logs&limit=1000&sort=timestamp')).body
      .filter(({ content }: any) => content.clientId !== undefined)
      .map(({ description, source, content }: any) => ({ description, source, ...content }));
  await until(async () => (await written()).at(-1)?.reason === 'client sent DISCONNECT');
  const of = (clientId: string) => ({ source: { connector: 'mqtt' }, clientId, username: clientId });
  const common = { keepAliveS: 60, protocolVersion: 4, remoteAddress: expect.any(String) };
  const ended = { description: 'Connection ended', reason: 'client sent DISCONNECT' };
  expect(await written()).toEqual([
    { ...of('application'), description: 'CONNECT accepted', ...common },
    { ...of('application'), description: 'SUBSCRIBE accepted', topic: 'fifo/debugged', qos: 1 },
    { ...of('application'), description: 'SUBSCRIBE refused', topic: 'fifo/none' },
    { ...of('application'), description: 'PUBLISH sent', topic: 'fifo/debugged', qos: 1, payload: '{"a":1}' },
    { ...of('application'), description: 'PUBACK received', packetId: expect.any(Number) },
    { ...of('application'), description: 'UNSUBSCRIBE received', topic: 'fifo/debugged' },
    { ...of('application'), ...ended },
    { ...of('connector'), description: 'CONNECT accepted', ...common },
    {
      ...of('connector'),
      description: 'PUBLISH received',
      topic: 'connector/v1/nodes/n1/data',
      qos: 1,
      bytes: 17,
      payload: '{"value":{"a":1}}',
    },
    { ...of('connector'), ...ended },
  ]);
});

it('says why a connection with it has ended, and which one was not let in', async () => {
  const { body: key } = await bench.call('POST', '/api/v0/apiKeys', { label: 'e', roles: ['DEVICE_ACCESS'] });
  await bench.call('PUT', `/api/v0/apiKeys/${key.id}/debugMode`, { activated: true });
  const one = 'urn:lo:nsid:debug:ends';
  const connect = () =>
    mqtt.connectAsync(`mqtt://127.0.0.1:${bench.mqttPort}`, {
      ...{ username: 'json+device', password: key.value, clientId: one, reconnectPeriod: 0 },
    });
  await connect();
  await connect();
  await bench.call('PATCH', `/api/v1/deviceMgt/devices/${one}/interfaces/mqtt:${one}`, { enabled: false });
  await expect(connect()).rejects.toThrow('Not authorized');
  const path = `/api/v0/auditlog/messages?type=mqtt_debug_logs&source.deviceId=${one}&sort=timestamp`;
  const written = async (): Promise<any[]> => (await bench.call('GET', path)).body;
  await until(async () => (await written()).length === 5);
  expect((await written()).map(({ description, content }) => [description, content.reason])).toEqual([
    ['CONNECT accepted', undefined],
    ['Connection ended', 'taken over by a newer connection with the same client id'],
    ['CONNECT accepted', undefined],
    ['Connection ended', 'its interface was disabled'],
    ['CONNECT refused', `interface mqtt:${one} is disabled`],
  ]);
});
