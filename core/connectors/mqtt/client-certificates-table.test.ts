import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Logger } from '../../platform/logger.ts';
import { silentLogger } from '../../platform/logger.ts';
import { type Issued, OpensslPki, rsa2048 } from '../../testing/openssl.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { connectWithMosquitto, connectWithMqttJs, type TestConnect } from '../../testing/tls-clients.ts';
import { until } from '../../testing/until.ts';

const clientId = 'urn:lo:nsid:demo:dev1';
const unknownKey = 'f'.repeat(32);
const dayMs = 24 * 3600 * 1000;

/** The table of manual 6.4, line by line, with clients nobody here wrote and certificates by openssl. */
describe('CONNACK codes of manual 6.4', () => {
  let folder: string;
  let pki: OpensslPki;
  let bench: TestPlatform;
  let trustedFile: string;
  let ca: Issued;
  let plainKey: string;
  let certKey: string;
  let expiredCaKey: string;
  let otherCaKey: string;
  let deletedCaKey: string;
  let byExpiredCa: Issued;
  let device: Issued;
  const handshakes: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleetbench-table-'));
    const logger: Logger = {
      ...silentLogger,
      warn: (fields, message) => {
        if (message === 'TLS handshake failed') handshakes.push((fields as { reason: string }).reason);
      },
    };
    bench = await startTestPlatform({
      dataDir: folder,
      ports: { http: 0, https: 0, mqtt: 0, mqtts: 0 },
      seams: { logger },
    });
    trustedFile = join(folder, 'tls/ca.pem');
    pki = await OpensslPki.start();
    ca = await pki.ca('Demo CA', { key: rsa2048 });
    device = await pki.device(clientId, ca, { key: rsa2048 });
    const other = await pki.ca('Other CA');
    const deleted = await pki.ca('Deleted CA');
    const expired = await pki.ca('Expired CA', { toMs: Date.now() + dayMs });
    byExpiredCa = await pki.device(clientId, expired);
    plainKey = await bench.key(['DEVICE_ACCESS']);
    certKey = await keyFor(await caId(ca));
    expiredCaKey = await keyFor(await caId(expired));
    otherCaKey = await keyFor(await caId(other));
    const deletedId = await caId(deleted);
    deletedCaKey = await keyFor(deletedId);
    await bench.call('DELETE', `/api/v0/certificates/ca/${deletedId}`);
    // From here on the platform sees one CA as expired; what the clients check goes by the real time.
    bench.wireClock.advance(2 * dayMs);
  });
  afterAll(async () => {
    await bench.stop();
    await pki.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const caId = async ({ certificate }: Issued): Promise<string> =>
    (await bench.call('POST', '/api/v0/certificates/ca', { certificate })).body.id;
  const keyFor = async (id: string): Promise<string> => {
    const clientCert = { required: true, caCertIds: [id] };
    const body = { label: 'devices', roles: ['DEVICE_ACCESS'], clientCert };
    return (await bench.call('POST', '/api/v0/apiKeys', body)).body.value;
  };

  const clients = [
    ['MQTT.js, TLS 1.2', connectWithMqttJs, { tls: 'TLSv1.2' }],
    ['MQTT.js, TLS 1.3', connectWithMqttJs, { tls: 'TLSv1.3' }],
    ['mosquitto_pub', connectWithMosquitto, {}],
  ] as const;

  describe.each(clients)('%s', (_client, connect, more) => {
    const attempt = (options: Partial<TestConnect>) =>
      connect({
        endpoint: bench.platform.endpoints().mqtts ?? '',
        trustedFile,
        clientId,
        username: 'json+device',
        password: plainKey,
        ...more,
        ...options,
      });

    describe.each(['mqtt', 'mqtts'] as const)('%s, basic authentication', (scheme) => {
      const basic = (options: Partial<TestConnect>) =>
        attempt({ endpoint: bench.platform.endpoints()[scheme] ?? '', ...options });

      it('user name bad, key bad: 0x04', async () => {
        expect(await basic({ username: 'nobody', password: unknownKey })).toEqual({ connack: 4 });
      });
      it('user name bad, key compliant: 0x04', async () => {
        expect(await basic({ username: 'nobody' })).toEqual({ connack: 4 });
      });
      it('user name compliant, key bad: 0x04', async () => {
        expect(await basic({ password: unknownKey })).toEqual({ connack: 4 });
      });
      it('user name compliant, key compliant: 0x00', async () => {
        expect(await basic({})).toEqual({ connack: 0 });
      });
    });

    describe('MQTTS, server authentication', () => {
      /**
       * What "Root CA issuer certificate" means decides who refuses. When it is what the platform holds for the
       * key, the platform does, with the code of the table.
       */
      it.each([
        ['bad', () => otherCaKey, undefined],
        ['expired', () => expiredCaKey, undefined],
        ['expired, with a client certificate by it', () => expiredCaKey, () => byExpiredCa],
        ['missing', () => deletedCaKey, undefined],
      ] as const)('issuer CA of the key %s: 0x05', async (_name, password, identity) => {
        const answer = await attempt({ password: password(), identity: identity?.() });
        expect(answer).toEqual({ connack: 5 });
      });

      /** When it is in the truststore of the client, the client ends the handshake, and no CONNACK can be. */
      it.each(['bad', 'expired', 'missing'] as const)(
        'root CA in the truststore of the client %s: no session, as the client leaves the handshake',
        async (state) => {
          const id = `urn:lo:nsid:truststore:${state}-${_client.replace(/\W/g, '')}`;
          const answer = await attempt({ clientId: id, trustedFile: await truststore(state) });
          expect(answer).toEqual({ failure: expect.stringMatching(/certificate|TLS|ssl/i) });
          expect((await bench.call('GET', `/api/v1/deviceMgt/devices/${id}`)).status).toBe(404);
        },
      );

      it('root CA compliant: 0x00', async () => {
        expect(await attempt({})).toEqual({ connack: 0 });
      });
    });

    describe('MQTTS, server and client authentication', () => {
      it('client certificate none: 0x05', async () => {
        expect(await attempt({ password: certKey })).toEqual({ connack: 5 });
      });
      it('common name that is not the client id: 0x05', async () => {
        expect(
          await attempt({ password: certKey, identity: device, clientId: 'urn:lo:nsid:demo:dev2' }),
        ).toEqual({ connack: 5 });
      });
      it('bad certificate chain: 0x05', async () => {
        const stranger = await pki.ca('Demo CA');
        const identity = await pki.device(clientId, stranger);
        expect(await attempt({ password: certKey, identity })).toEqual({ connack: 5 });
      });
      it('all compliant: 0x00', async () => {
        expect(await attempt({ password: certKey, identity: device })).toEqual({ connack: 0 });
      });
    });
  });

  it('tells in the log of the program why a client left the handshake', async () => {
    handshakes.length = 0;
    await connectWithMosquitto({
      endpoint: bench.platform.endpoints().mqtts ?? '',
      trustedFile: ca.certificateFile,
      clientId,
      username: 'json+device',
      password: plainKey,
    });
    await until(() => handshakes.length > 0);
    expect(handshakes[0]).toMatch(/unknown ca/);
  });

  /** A file for the client: another root, the platform's own as it was until it expired, or none. */
  async function truststore(state: 'bad' | 'expired' | 'missing'): Promise<string | undefined> {
    if (state === 'missing') return undefined;
    if (state === 'bad') return ca.certificateFile;
    const subject = '/CN=Fleetbench local CA';
    const keyOf = { ...ca, key: await readFile(join(folder, 'tls/ca.key'), 'utf8') };
    const expired = await pki.ca('x', {
      subject,
      keyOf,
      fromMs: Date.now() - 9 * dayMs,
      toMs: Date.now() - dayMs,
    });
    return expired.certificateFile;
  }
});
