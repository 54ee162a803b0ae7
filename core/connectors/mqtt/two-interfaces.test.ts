import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorBench, online } from '../../testing/connector-bench.ts';
import { RawMqttClient } from '../../testing/raw-mqtt-client.ts';
import { until } from '../../testing/until.ts';

const deviceId = 'urn:lo:nsid:sensor:both';
const nodeId = 'both';
const commands = `/api/v1/deviceMgt/devices/${deviceId}/commands`;
const commandTopic = 'connector/v1/requests/command';

describe('a device with an MQTT interface and one behind an external connector', () => {
  let connectors: ConnectorBench;
  let device: RawMqttClient;
  let backend: RawMqttClient;

  beforeAll(async () => {
    connectors = await ConnectorBench.start();
  });
  afterAll(() => connectors.stop());
  beforeEach(async () => {
    await connectors.reset();
    const { bench } = connectors;
    await connectors.ok('POST', '/api/v1/deviceMgt/devices', {
      id: deviceId,
      interfaces: [
        { connector: 'mqtt', definition: { clientId: deviceId } },
        { connector: 'x-connector', definition: { nodeId } },
      ],
    });
    const options = { clientId: deviceId, username: 'json+device', password: bench.masterKey };
    device = (await RawMqttClient.connect(bench.mqttPort, options)).client;
    await device.subscribe('dev/cmd');
    backend = await connectors.connect();
    await connectors.status(backend, nodeId, online('command'));
    await backend.subscribe(commandTopic);
  });

  const order = async (connector: 'mqtt' | 'x-connector', req: string): Promise<string> =>
    (await connectors.ok('POST', commands, { request: { connector, value: { req } } })).id;
  const stateOf = async (id: string): Promise<string> => (await connectors.get(id)).status;
  /** All that the platform had sent over both connections by now is there. */
  const settle = async (): Promise<void> => {
    await device.roundTrip();
    await backend.roundTrip();
  };
  const publications = (client: RawMqttClient) => client.received.filter(({ cmd }) => cmd === 'publish');

  it('gets one command at a time, whichever interface each goes over', async () => {
    const first = await order('mqtt', 'one');
    const second = await order('x-connector', 'two');
    const third = await order('mqtt', 'three');
    const { cid } = await connectors.next(device, 'dev/cmd');
    await settle();
    expect([await stateOf(first), await stateOf(second), await stateOf(third)]).toEqual([
      'PROCESSING',
      'PENDING',
      'PENDING',
    ]);
    expect(publications(backend)).toEqual([]);

    await device.publishAndWait('dev/cmd/res', JSON.stringify({ res: {}, cid }));
    expect(await connectors.next(backend, commandTopic)).toMatchObject({ id: second });
    await settle();
    expect([await stateOf(first), await stateOf(second), await stateOf(third)]).toEqual([
      'PROCESSED',
      'PROCESSING',
      'PENDING',
    ]);
    expect(publications(device)).toEqual([]);

    await connectors.say(backend, 'responses/command', { id: second, nodeId, response: {} });
    expect(await connectors.next(device, 'dev/cmd')).toMatchObject({ req: 'three' });
    expect(await stateOf(second)).toBe('PROCESSED');
  });

  it('gets the next over the other interface when the first one is given up', async () => {
    const first = await order('x-connector', 'one');
    const second = await order('mqtt', 'two');
    await connectors.next(backend, commandTopic);
    await settle();
    expect(publications(device)).toEqual([]);
    await connectors.bench.call('POST', '/bench/v1/clock/advance', { duration: 'PT60S' });
    expect(await connectors.next(device, 'dev/cmd')).toMatchObject({ req: 'two' });
    await until(async () => (await stateOf(second)) === 'PROCESSING');
    expect(await stateOf(first)).toBe('ERROR');
  });
});
