import { afterEach, beforeEach, expect, it } from 'vitest';
import { BootstrapClient } from '../../testing/bootstrap-client.ts';
import { TestLwm2mDevice } from '../../testing/lwm2m-device.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';
import { pskKeyOf } from './psk-key.ts';

const endpointName = 'urn:imei:000000000000001';
const device = '/api/v1/deviceMgt/devices/urn:lo:nsid:lwm2m:managed';

let bench: TestPlatform;
beforeEach(async () => {
  bench = await startTestPlatform({
    ports: { http: 0, https: undefined, mqtt: undefined, mqtts: undefined, coaps: 0, bs: 0 },
  });
});
afterEach(() => bench.stop());

const portOf = (name: 'coaps' | 'bs'): number => Number(new URL(bench.platform.endpoints()[name] ?? '').port);

it('lets a device register with what the bootstrap has written, and no longer with what it wrote before', async () => {
  const { body: config } = await bench.call('POST', '/api/v1/bootstrap/lwm2m/configs', {
    name: 'renewing',
    runServers: [
      {
        ...{ id: 'LOServer', useLiveObjects: true, renewSecurityOnBootstrap: true },
        lwm2mDefinition: {
          security: { shortServerId: 1 },
          server: { shortServerId: 1, lifetime: 300, binding: 'U' },
        },
      },
    ],
  });
  const security = { mode: 'PSK', pskInfo: { identity: 'factory', secret: 'aabb' } };
  const definition = { bootstrapConfigId: config.id, runServers: [{ id: 'LOServer' }] };
  await bench.call('POST', '/api/v1/bootstrap/lwm2m/entries', { endpointName, security, definition });
  const managed = { endpointName, bootstrap: { managed: true } };
  await bench.call('POST', '/api/v1/deviceMgt/devices', {
    id: 'urn:lo:nsid:lwm2m:managed',
    interfaces: [{ connector: 'lwm2m', enabled: true, definition: managed }],
  });
  const status = async (): Promise<string> => (await bench.call('GET', device)).body.interfaces[0].status;

  const bootstrap = async (): Promise<{ uri: string; identity: string; key: Uint8Array }> => {
    const client = await BootstrapClient.connect({
      port: portOf('bs'),
      identity: 'factory',
      key: pskKeyOf('aabb'),
    });
    expect((await client.request(`ep=${endpointName}`)).codeText).toBe('2.04');
    await until(() => client.asked.some((asked) => asked.startsWith('POST /bs')));
    const written = client.objects.get('/0/1') as Record<string, string>;
    await client.close();
    return {
      uri: written['0'] ?? '',
      identity: Buffer.from(written['3'] ?? '', 'hex').toString(),
      key: new Uint8Array(Buffer.from(written['5'] ?? '', 'hex')),
    };
  };
  const register = async ({ uri, ...psk }: { uri: string; identity: string; key: Uint8Array }) => {
    const client = await TestLwm2mDevice.connect({ port: Number(new URL(uri).port), ...psk });
    const { codeText } = await client.register([`ep=${endpointName}`, 'lt=300', 'lwm2m=1.1']);
    return { client, codeText };
  };

  const first = await bootstrap();
  expect(first.uri).toBe(bench.platform.endpoints().coaps);
  const before = await register(first);
  expect(before.codeText).toBe('2.01');
  expect(await status()).toBe('ONLINE');
  const second = await bootstrap();
  await until(() => before.client.closed);
  await expect(register(first)).rejects.toThrow();
  const after = await register(second);
  expect(after.codeText).toBe('2.01');
  expect(await status()).toBe('ONLINE');
  await before.client.close();
  await after.client.close();
});
