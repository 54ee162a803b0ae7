import { afterAll, beforeAll, expect, it } from 'vitest';
import { BootstrapClient } from '../../../testing/bootstrap-client.ts';
import { startTestPlatform, type TestPlatform } from '../../../testing/test-platform.ts';
import { until } from '../../../testing/until.ts';
import { pskKeyOf } from '../psk-key.ts';

const configs = '/api/v1/bootstrap/lwm2m/configs';
const entries = '/api/v1/bootstrap/lwm2m/entries';
const secret = '00112233445566778899aabbccddeeff';

let bench: TestPlatform;
beforeAll(async () => {
  bench = await startTestPlatform({
    ports: { http: 0, https: undefined, mqtt: 0, mqtts: undefined, bs: 0 },
  });
});
afterAll(() => bench.stop());

async function makeEntry(): Promise<void> {
  const lwm2mDefinition = {
    security: { shortServerId: 1, lwm2mServerUri: 'coaps://a:5684', securityMode: 3 },
    server: { shortServerId: 1 },
  };
  const { body } = await bench.call('POST', configs, {
    name: 'c',
    runServers: [{ id: 'a', lwm2mDefinition }],
  });
  const security = { mode: 'PSK', pskInfo: { identity: 'dev', secret } };
  const entry = { endpointName: 'dev', security, definition: { bootstrapConfigId: body.id } };
  expect((await bench.call('POST', entries, entry)).status).toBe(201);
}
const port = () => Number(new URL(bench.platform.endpoints().bs ?? '').port);
const connect = () => BootstrapClient.connect({ port: port(), identity: 'dev', key: pskKeyOf(secret) });

it('is told where it is, and is served on its own port until a reset, and after it', async () => {
  const { body: endpoints } = await bench.call('GET', '/bench/v1/endpoints');
  expect(endpoints.bs).toBe(`coaps://127.0.0.1:${port()}`);
  for (const _ of [1, 2]) {
    await makeEntry();
    const client = await connect();
    expect((await client.request('ep=dev')).codeText).toBe('2.04');
    await until(() => client.asked.includes('POST /bs'));
    await until(async () => (await bench.call('GET', `${entries}/dev`)).body.activity.status === 'FINISHED');
    const { body: log } = await bench.call('GET', '/api/v0/auditlog/messages?type=lwm2m_bootstrap_entry_log');
    expect(JSON.stringify(log)).toContain('LwM2M bootstrap finished');
    await bench.platform.reset();
    await expect(client.request('ep=dev')).rejects.toThrow();
    await client.close();
    expect((await bench.call('GET', entries)).body).toEqual([]);
    await expect(connect()).rejects.toThrow('does not let PSK identity dev in');
  }
});
