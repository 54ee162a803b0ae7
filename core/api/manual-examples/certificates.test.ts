import { afterAll, beforeAll, expect, it } from 'vitest';
import { OpensslPki, rsa2048 } from '../../testing/openssl.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

/** The requests of manual 6.3.4.2; that the whole guide works on the wire is tested in docs/certificates.test.ts. */
let bench: TestPlatform;
let pki: OpensslPki;
beforeAll(async () => {
  pki = await OpensslPki.start();
  bench = await startTestPlatform();
});
afterAll(async () => {
  await bench.stop();
  await pki.stop();
});

it('6.3.4.2: a CA certificate is configured, and associated with an API key', async () => {
  const { certificate } = await pki.ca('rootCA', { key: rsa2048 });
  const added = await bench.call('POST', '/api/v0/certificates/ca', {
    ...{ certificate, comment: 'my awesome intermediate CA certificate' },
  });
  expect(added).toEqual({ status: 200, body: { id: expect.stringMatching(/^[0-9a-f]{24}$/) } });
  const { body: key } = await bench.call('POST', '/api/v0/apiKeys', {
    ...{ label: 'devices', roles: ['DEVICE_ACCESS'] },
  });
  const clientCert = { caCertIds: [added.body.id], required: true };
  const { value: _onceOnly, ...shown } = key;
  expect(await bench.call('POST', `/api/v0/apiKeys/${key.id}`, { clientCert })).toEqual({
    status: 200,
    body: { ...shown, clientCert },
  });
});
