import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeNetwork } from '../../../platform/node/node-network.ts';
import type { Network } from '../../../platform/sockets.ts';
import { RawMqttClient } from '../../../testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from '../../../testing/test-platform.ts';

describe('the setting connectorPlainOnLoopback', () => {
  /** From where the next connection shall seem to come: tests reach their platform over loopback only. */
  let from: string;
  const network: Network = {
    ...nodeNetwork,
    listen: (address, accept, tls) =>
      nodeNetwork.listen(address, (connection) => accept({ ...connection, remoteAddress: from }), tls),
  };
  let allowing: TestPlatform;
  let strict: TestPlatform;
  beforeAll(async () => {
    const settings = { connectorPlainOnLoopback: true };
    allowing = await startTestPlatform({ settings, seams: { network } });
    strict = await startTestPlatform({ seams: { network } });
  });
  afterAll(() => Promise.all([allowing.stop(), strict.stop()]));

  const connackFrom = async (bench: TestPlatform, address: string): Promise<number> => {
    from = address;
    const options = { clientId: 'backend', username: 'connector', password: bench.masterKey };
    const { client, code } = await RawMqttClient.connect(bench.mqttPort, options);
    await client.drop();
    return code;
  };

  it.each(['127.0.0.1/50000', '127.8.9.10/50000', '::1/50000', '::ffff:127.0.0.1/50000'])(
    'lets %s connect without TLS, and only while it is on',
    async (address) => {
      expect(await connackFrom(allowing, address)).toBe(0);
      expect(await connackFrom(strict, address)).toBe(5);
    },
  );

  it.each(['192.0.2.7/50000', '10.127.0.1/50000', '128.0.0.1/127', '::1:2/50000', 'fe80::1/50000', '::/1'])(
    'is for this machine only: %s needs TLS',
    async (address) => {
      expect(await connackFrom(allowing, address)).toBe(5);
    },
  );
});
