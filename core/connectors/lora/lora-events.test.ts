import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, expect, it } from 'vitest';
import { loraBench, loraDeviceId, loraDeviceUrl } from '../../testing/lora-bench.ts';
import { until } from '../../testing/until.ts';

const bench = loraBench();
let application: MqttClient | undefined;
afterEach(() => application?.endAsync(true));

/** What an application gets of the events that a policy with this trigger sends. */
async function eventsOf(triggers: object): Promise<any[]> {
  await bench.call('POST', '/api/v1/event2action/actionPolicies', {
    name: 'events',
    triggers,
    actions: { fifoPublish: [{ fifoName: 'events' }] },
  });
  const got: any[] = [];
  application = await connectAsync(`mqtt://127.0.0.1:${bench.mqttPort}`, {
    ...{ clientId: 'events', username: 'application', password: bench.masterKey },
    // Time is the test's: nobody would keep a connection alive in it.
    ...{ protocolVersion: 4, reconnectPeriod: 0, keepalive: 0 },
  });
  application.on('message', (_topic, payload) => got.push(JSON.parse(String(payload))));
  await application.subscribeAsync('fifo/events', { qos: 1 });
  return got;
}

it('tells of each frame, up and down, with what the network knows of it', async () => {
  const got = await eventsOf({ loraNetwork: { filter: {} } });
  await bench.activate();
  const request = { connector: 'lora', value: { data: '0A30F5', port: 7 } };
  await bench.call('POST', `${loraDeviceUrl}/commands`, { request, policy: { ackMode: 'NETWORK' } });
  await bench.hear(bench.device.uplink({ port: 9, payload: 'beef', confirmed: true }));
  await bench.gateway.sent();
  await until(() => got.length >= 6);
  const device = {
    devEUI: '0101010210101010',
    deviceId: loraDeviceId,
    timestamp: '2030-01-01T00:00:00.000Z',
  };
  const signal = { rssi: -97, snr: 7.5, esp: -97.7, sf: 9, frequency: 868.1, signalLevel: 4, gatewayCnt: 1 };
  const gatewayId = 'AA555A0000000101';
  const type = 'loraNetwork';
  expect(got).toEqual([
    { type, messageType: 'JOIN_REQUEST', ...device, signal },
    { type, messageType: 'JOIN_ACCEPT', ...device, gatewayId },
    {
      ...{ type, messageType: 'UNCONFIRMED_DATA_UP', ...device, signal },
      ...{ port: 1, fcnt: 0, payload: '00', ack: false },
    },
    // It was asked for its battery: MAC commands are not told.
    { type, messageType: 'UNCONFIRMED_DATA_DOWN', ...device, fcnt: 0, ack: false, gatewayId },
    {
      ...{ type, messageType: 'CONFIRMED_DATA_UP', ...device, signal },
      ...{ port: 9, fcnt: 1, payload: 'beef', ack: false },
    },
    {
      ...{ type, messageType: 'CONFIRMED_DATA_DOWN', ...device, gatewayId },
      ...{ port: 7, fcnt: 1, payload: '0a30f5', ack: true },
    },
  ]);
});

it('tells of frames of the types that a policy names, and of no others', async () => {
  const got = await eventsOf({
    loraNetwork: { filter: { messageTypes: ['JOIN_ACCEPT', 'CONFIRMED_DATA_UP'] } },
  });
  await bench.activate();
  await bench.hear(bench.device.uplink({ port: 9, payload: '01' }));
  await bench.hear(bench.device.uplink({ port: 9, payload: '02', confirmed: true }));
  await until(() => got.length >= 2);
  expect(got.map(({ messageType }) => messageType)).toEqual(['JOIN_ACCEPT', 'CONFIRMED_DATA_UP']);
});

it('tells of gateways that come and go', async () => {
  const got = await eventsOf({ loraGatewayStatus: { filter: {} } });
  await bench.call('POST', '/bench/v1/lora/gateways', { id: 'AA555A0000000909', name: 'Roof' });
  await bench.openGateway('AA555A0000000909');
  await until(() => got.length === 1);
  bench.wireClock.advance(91_000);
  await until(() => got.length === 3);
  const roof = { type: 'loraGatewayStatus', gatewayId: 'AA555A0000000909', name: 'Roof' };
  const timestamp = '2030-01-01T00:00:00.000Z';
  expect(got.filter(({ name }) => name === 'Roof')).toEqual([
    { ...roof, status: 'ONLINE', timestamp },
    { ...roof, status: 'OFFLINE', timestamp },
  ]);
});

it('gives a place to messages as the plan says, and as the options say only where there is no plan', async () => {
  const url = '/api/v1/deviceMgt/connectors/lora/gateways/AA555A0000000101';
  await bench.call('PATCH', url, { location: { lat: 48.1, lon: -1.6 } });
  const withLocation = { ackUl: false, location: true };
  await bench.activate({ connectivityOptions: withLocation });
  expect((await bench.messages())[0]).not.toHaveProperty('location');
  await bench.call('DELETE', loraDeviceUrl);
  await bench.register({ connectivityOptions: withLocation, connectivityPlan: undefined });
  await bench.join();
  await bench.hear(bench.device.uplink({ port: 1, payload: '00' }));
  await until(async () => (await bench.messages()).length === 2);
  expect((await bench.messages())[0]).toMatchObject({
    location: { lat: 48.1, lon: -1.6, accuracy: 5000, provider: 'lora' },
    metadata: { network: { lora: { location: { lat: 48.1, lon: -1.6, accuracy: 5000 } } } },
  });
});
