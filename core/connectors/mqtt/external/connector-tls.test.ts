import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../../testing/test-platform.ts';
import { connectWithMqttJs } from '../../../testing/tls-clients.ts';

describe('the connection of an external connector (manual 6.6.1)', () => {
  let bench: TestPlatform;
  let folder: string;
  let trustedFile: string;
  let password: string;

  beforeAll(async () => {
    bench = await startTestPlatform({ ports: { http: 0, https: undefined, mqtt: 0, mqtts: 0 } });
    folder = await mkdtemp(join(tmpdir(), 'fleetbench-connector-'));
    trustedFile = join(folder, 'ca.pem');
    await writeFile(trustedFile, bench.platform.caCertificatePem ?? '');
    password = await bench.key(['CONNECTOR_ACCESS']);
  }, 60_000);
  afterAll(async () => {
    await bench.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const connect = (endpoint: string | undefined) =>
    connectWithMqttJs({
      endpoint: endpoint ?? '',
      trustedFile,
      clientId: 'backend',
      username: 'connector',
      password,
    });

  it('is taken with TLS', async () => {
    expect(await connect(bench.platform.endpoints().mqtts)).toEqual({ connack: 0 });
  });

  it('is refused without, and the audit log says what to do', async () => {
    expect(await connect(bench.platform.endpoints().mqtt)).toEqual({ connack: 5 });
    const { body } = await bench.call('GET', '/api/v0/auditlog/messages');
    expect(body[0]).toMatchObject({
      description: 'MQTT connection refused',
      detailedDescription: expect.stringMatching(/TLS \(mqtts\).*connectorPlainOnLoopback/),
    });
  });
});
