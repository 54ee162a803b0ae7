// libcoap's client, over OpenSSL's and over GnuTLS's DTLS, against the bootstrap server.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BootstrapBench } from '../../../testing/bootstrap-bench.ts';
import { run } from '../../../testing/openssl.ts';
import { until } from '../../../testing/until.ts';

const secret = 'a-secret-in-plain-text';
let bench: BootstrapBench;
beforeAll(async () => {
  bench = await BootstrapBench.start();
  const security = { shortServerId: 1, lwm2mServerUri: 'coaps://a:5684', securityMode: 3 };
  const { id } = await bench.config({
    id: 'a',
    lwm2mDefinition: { security, server: { shortServerId: 1 } },
  });
  for (const name of ['openssl', 'gnutls']) await bench.entry(name, { bootstrapConfigId: id }, secret);
});
afterAll(() => bench[Symbol.asyncDispose]());

const post = async (client: string, identity: string, key: string): Promise<string> => {
  const url = `coaps://127.0.0.1:${bench.port}/bs?ep=${identity}`;
  const { output } = await run(
    `coap-client-${client}`,
    '-v',
    '7',
    '-m',
    'post',
    '-u',
    identity,
    '-k',
    key,
    '-B',
    '5',
    url,
  );
  return output;
};

it.each(['openssl', 'gnutls'])(
  '%s is let in, is answered 2.04, and then asked what it has',
  async (client) => {
    expect(await post(client, client, secret)).toContain('2.04');
    // It serves nothing, so the bootstrap ends there, and the audit log says how.
    await until(async () => (await bench.read(client)).activity.status === 'FAILED');
    expect((await bench.read(client)).activity).toMatchObject({
      bootstrapRequestCount: 1,
      bootstrapFinishCount: 0,
    });
    expect(bench.said.at(-1)).toMatch(/^LwM2M bootstrap failed: .*Bootstrap-Discover/);
  },
);

it('with another key is not let in', async () => {
  const before = bench.audited.length;
  expect(await post('openssl', 'openssl', 'another-key').catch(String)).not.toContain('2.04');
  await until(() => bench.audited.length > before);
  expect(bench.said.at(-1)).toMatch(/^LwM2M bootstrap refused: /);
});
