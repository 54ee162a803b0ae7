import { expect, it } from 'vitest';
import { Lwm2mBench } from '../../testing/lwm2m-bench.ts';
import { TestLwm2mDevice } from '../../testing/lwm2m-device.ts';
import { until } from '../../testing/until.ts';
import { pskKeyOf } from './psk-key.ts';

it.each([
  ['coaps', 'DTLS handshake refused'],
  ['bs', 'LwM2M bootstrap refused'],
] as const)('who tries many identities at %s fills no audit log and keeps nobody out', async (name, said) => {
  const bench = await Lwm2mBench.start({ settings: { coapsMaxFailures: 3 } });
  const port = Number(new URL(bench.url(name)).port);
  const connect = (identity: string) => TestLwm2mDevice.connect({ port, identity, key: pskKeyOf('aa') });
  const refusals = async (): Promise<any[]> => {
    const { body } = await bench.platform.call('GET', '/api/v0/auditlog/messages?limit=100');
    return body.filter(({ description }: any) => description === said);
  };
  for (let index = 0; index < 8; index++) await expect(connect(`unknown-${index}`)).rejects.toThrow();
  await until(async () => (await refusals()).length > 0);
  expect((await refusals()).map(({ content }) => content.pskIdentity)).toEqual([
    ...['unknown-2', 'unknown-1', 'unknown-0'],
  ]);

  const security = { mode: 'PSK', pskInfo: { identity: 'unknown-7', secret: 'aa' } };
  await bench.platform.call('POST', '/api/v1/bootstrap/lwm2m/entries', { endpointName: 'e', security });
  await bench.platform.call('POST', '/api/v1/deviceMgt/devices', {
    id: 'urn:lo:nsid:lwm2m:e',
    interfaces: [{ connector: 'lwm2m', definition: { endpointName: 'e', security } }],
  });
  const device = await connect('unknown-7');
  expect(device.closed).toBe(false);
  await device.close();
  await bench.stop();
});
