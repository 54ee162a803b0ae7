import { Buffer } from 'node:buffer';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';

/** The same suite over each transport and protocol version, with a client nobody here wrote. */
describe('MQTT over every transport, with MQTT.js', () => {
  let bench: TestPlatform;
  let password: string;
  let busKey: string;

  beforeAll(async () => {
    bench = await startTestPlatform({ ports: { http: 0, https: 0, mqtt: 0, mqtts: 0 } });
    password = await bench.key(['DEVICE_ACCESS']);
    busKey = await bench.key(['BUS_R']);
    await bench.call('POST', '/api/v1/event2action/actionPolicies', {
      triggers: { dataMessage: {} },
      actions: { fifoPublish: [{ fifoName: 'all' }] },
    });
  });
  afterAll(() => bench.stop());

  const transports = ['mqtt', 'mqtts', 'ws', 'wss'] as const;
  const versions = [
    ['MQTT 3.1.1', { protocolVersion: 4 }],
    ['MQTT 3.1', { protocolVersion: 3, protocolId: 'MQIsdp' }],
  ] as const;

  const trust = () => ({
    ca: [Buffer.from(bench.platform.caCertificatePem ?? '')],
    servername: 'localhost',
  });
  const open = (transport: (typeof transports)[number], options: IClientOptions): Promise<MqttClient> =>
    mqtt.connectAsync(bench.platform.endpoints()[transport] ?? '', {
      reconnectPeriod: 0,
      ...trust(),
      wsOptions: trust(),
      ...options,
    });

  for (const transport of transports) {
    it.each(versions)(
      `${transport}, %s: publish as a device, take as an application`,
      async (_name, version) => {
        const clientId = `urn:lo:nsid:transport:${transport}-${version.protocolVersion}`;
        const device = await open(transport, { ...version, clientId, username: 'json+device', password });
        const app = await open(transport, { ...version, username: 'application', password: busKey });
        const event = new Promise<{ value: unknown }>((resolve) => {
          app.once('message', (_topic, payload) => resolve(JSON.parse(payload.toString())));
        });
        await app.subscribeAsync('fifo/all', { qos: 1 });
        await device.publishAsync('dev/data', JSON.stringify({ v: { by: transport } }), { qos: 1 });
        expect((await event).value).toEqual({ by: transport });
        const { body } = await bench.call('GET', `/api/v1/deviceMgt/devices/${clientId}`);
        const { security, mqttVersion } = body.interfaces[0].activity;
        expect(mqttVersion).toBe(version.protocolVersion);
        if (transport === 'mqtt' || transport === 'ws') {
          expect(security).toBeUndefined();
        } else {
          expect(security).toEqual({
            secured: true,
            protocol: 'TLSv1.3',
            cipher: expect.stringMatching(/^TLS_AES_/),
            clientCertAuthentication: false,
            sniHostname: 'localhost',
          });
        }
        await Promise.all([device.endAsync(), app.endAsync()]);
      },
    );
  }

  it.each(transports)('%s: notices a client that goes without DISCONNECT', async (transport) => {
    const clientId = `urn:lo:nsid:transport:gone-${transport}`;
    // With no keep-alive only the end of the connection itself can tell.
    const device = await open(transport, { clientId, username: 'json+device', password, keepalive: 0 });
    const app = await open(transport, { username: 'application', password: busKey, keepalive: 0 });
    await app.subscribeAsync('fifo/all', { qos: 1 });
    const consumers = async (): Promise<number> =>
      (await bench.call('GET', '/api/v0/topics/fifo/all')).body.consumers;
    expect(await consumers()).toBe(1);
    device.stream.destroy();
    app.stream.destroy();
    await until(async () => {
      const { body } = await bench.call('GET', `/api/v1/deviceMgt/devices/${clientId}`);
      return body.interfaces[0].status === 'OFFLINE';
    });
    await until(async () => (await consumers()) === 0);
  });

  it('refuses a WebSocket on another path', async () => {
    const socket = new WebSocket(`${bench.platform.endpoints().ws}/elsewhere`, 'mqtt');
    const answer = new Promise((resolve) => socket.once('error', ({ message }) => resolve(message)));
    expect(await answer).toBe('Unexpected server response: 404');
  });

  it('does not trust the server without its authority', async () => {
    const refusal = open('mqtts', { ca: [], clientId: 'x', username: 'json+device', password });
    await expect(refusal).rejects.toThrow(/certificate/);
  });
});
