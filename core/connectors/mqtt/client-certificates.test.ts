import { once } from 'node:events';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CertificateRequest, type Issued, OpensslPki, rsa2048 } from '../../testing/openssl.ts';
import { RawMqttClient } from '../../testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { connectWithMqttJs, openWithMqttJs, type TestConnect } from '../../testing/tls-clients.ts';
import { until } from '../../testing/until.ts';

const clientId = 'urn:lo:nsid:demo:dev1';
const dayMs = 24 * 3600 * 1000;
const closing = (client: MqttClient) => new Promise<void>((done) => client.once('close', () => done()));

describe('client certificates (manual 6.3.4)', () => {
  let pki: OpensslPki;
  let bench: TestPlatform;
  let trustedFile: string;
  let root: Issued;
  let intermediate: Issued;
  let rootId: string;
  let intermediateId: string;
  let device: Issued;
  let deviceKey: string;

  beforeAll(async () => {
    pki = await OpensslPki.start();
    bench = await startTestPlatform({ ports: { http: 0, https: 0, mqtt: 0, mqtts: 0 } });
    trustedFile = await pki.write('trusted.pem', bench.platform.caCertificatePem ?? '');
    root = await pki.ca('Root CA', { key: rsa2048 });
    intermediate = await pki.ca('Intermediate CA', { by: root });
    rootId = await addCa(root);
    intermediateId = await addCa(intermediate);
    device = await pki.device(clientId, intermediate);
    deviceKey = await keyFor([intermediateId]);
  });
  afterAll(async () => {
    await bench.stop();
    await pki.stop();
  });

  const addCa = async ({ certificate }: Issued, key?: string): Promise<string> => {
    const { status, body } = await bench.call('POST', '/api/v0/certificates/ca', { certificate }, key);
    expect(status).toBe(200);
    return body.id;
  };
  const deleteCa = async (id: string): Promise<void> => {
    expect((await bench.call('DELETE', `/api/v0/certificates/ca/${id}`)).status).toBe(204);
  };
  const makeKey = async (caCertIds: string[], required = true, roles = ['DEVICE_ACCESS'], by?: string) => {
    const request = { label: 'devices', roles, clientCert: { required, caCertIds } };
    const { status, body } = await bench.call('POST', '/api/v0/apiKeys', request, by);
    expect(status).toBe(200);
    return body as { id: string; value: string };
  };
  const keyFor = async (...args: Parameters<typeof makeKey>) => (await makeKey(...args)).value;
  const options = (more: Partial<TestConnect> = {}): TestConnect => ({
    ...{ endpoint: bench.platform.endpoints().mqtts ?? '', trustedFile, clientId },
    ...{ username: 'json+device', password: deviceKey, identity: device },
    ...more,
  });
  const attempt = (more: Partial<TestConnect> = {}) => connectWithMqttJs(options(more));
  const open = (more: Partial<TestConnect> = {}): Promise<MqttClient> => openWithMqttJs(options(more));
  const newestAudit = async () => {
    const newest = { offset: 0, limit: 1, oldestFirst: false, equals: {} };
    return (await bench.platform.audit.list(bench.tenantId, newest)).messages[0];
  };
  /** Refused with this code, and the audit log says why. */
  const expectRefusal = async (connack: number, reason: RegExp, more: Partial<TestConnect> = {}) => {
    expect(await attempt(more)).toEqual({ connack });
    expect(await newestAudit()).toMatchObject({
      level: 'error',
      category: 'connectivity',
      subcategory: 'mqtt',
      description: 'MQTT connection refused',
      detailedDescription: expect.stringMatching(reason),
      content: { clientId: more.clientId ?? clientId, connackCode: connack },
    });
  };

  it('let a device in, whose interface then tells so', async () => {
    const client = await open();
    await client.publishAsync('dev/data', '{"v":{"temp":12}}', { qos: 1 });
    const { body } = await bench.call('GET', `/api/v1/deviceMgt/devices/${clientId}`);
    expect(body.interfaces[0].activity.security).toMatchObject({ clientCertAuthentication: true });
    await client.endAsync();
  });

  it('are not looked at when the key does not ask for them', async () => {
    const stranger = await pki.device('stranger', await pki.ca('Strange CA'));
    for (const password of [await keyFor([], false), await keyFor([intermediateId], false)]) {
      for (const identity of [undefined, device, stranger]) {
        const client = await open({ password, identity });
        const { body } = await bench.call('GET', `/api/v1/deviceMgt/devices/${clientId}`);
        expect(body.interfaces[0].activity.security).toMatchObject({ clientCertAuthentication: false });
        await client.endAsync();
      }
    }
  });

  it.each(['mqtt', 'ws', 'wss'] as const)('cannot be shown over %s: 0x04', async (scheme) => {
    const endpoint = bench.platform.endpoints()[scheme] ?? '';
    await expectRefusal(4, /which only MQTTS carries/, { endpoint });
    await expectRefusal(4, /which only MQTTS carries/, { endpoint, identity: undefined });
  });

  it('do not matter to HTTP, where the same key is used', async () => {
    const key = await keyFor([intermediateId], true, ['DEVICE_R']);
    expect((await bench.call('GET', '/api/v1/deviceMgt/devices', undefined, key)).status).toBe(200);
  });

  it('are asked for in application mode too, with any common name', async () => {
    const app = { username: 'application', password: await keyFor([intermediateId], true, ['BUS_R']) };
    expect(await attempt({ ...app, clientId: 'anything' })).toEqual({ connack: 0 });
    await expectRefusal(5, /showed none/, { ...app, identity: undefined });
  });

  it('count after user name and key, whose faults are told first', async () => {
    expect(await attempt({ username: 'nobody', identity: undefined })).toEqual({ connack: 4 });
    expect(await attempt({ password: 'f'.repeat(32), identity: undefined })).toEqual({ connack: 4 });
  });

  describe('the common name', () => {
    it.each([
      [
        'another',
        '/CN=urn:lo:nsid:demo:dev2',
        /has the common name urn:lo:nsid:demo:dev2, and must have the client id "urn:lo:nsid:demo:dev1"/,
      ],
      ['the same in other letter case', '/CN=URN:lo:nsid:demo:dev1', /must have the client id/],
      ['none', '/O=Demo', /has no common name/],
      ['two', `/CN=${clientId}/CN=urn:lo:nsid:demo:dev2`, /dev1 and urn:lo:nsid:demo:dev2/],
      ['in an alternative name only', '/O=Demo', /has no common name/, [`subjectAltName=URI:${clientId}`]],
    ])('%s: 0x05', async (_name, subject, reason, extensions: string[] = []) => {
      const identity = await pki.issue({ subject, by: intermediate, extensions });
      await expectRefusal(5, reason, { identity });
    });

    it('may stand among other names, and be a plain client id', async () => {
      const identity = await pki.issue({ subject: '/O=A, B=1/CN=plain-1/OU=x', by: intermediate });
      expect(await attempt({ identity, clientId: 'plain-1' })).toEqual({ connack: 0 });
      await expectRefusal(5, /must have the client id/, { identity, clientId: 'urn:lo:nsid:mqtt:plain-1' });
    });
  });

  describe('the issuer', () => {
    const chained = (identity: Issued, ...more: Issued[]): Issued => ({
      ...identity,
      certificate: [identity, ...more].map(({ certificate }) => certificate).join(''),
    });

    it('is the CA that signed directly, whether or not the client sends the chain above', async () => {
      expect(await attempt({ identity: chained(device, intermediate) })).toEqual({ connack: 0 });
      expect(await attempt({ identity: chained(device, intermediate, root) })).toEqual({ connack: 0 });
    });

    it('is not a root above the one that signed, also with a complete chain: 0x05', async () => {
      const password = await keyFor([rootId]);
      const reason =
        /was issued by "CN=Intermediate CA" \([0-9a-f]{24}\), which is not among the CA certificates of the API key/;
      await expectRefusal(5, reason, { password });
      await expectRefusal(5, reason, { password, identity: chained(device, intermediate, root) });
      expect(await attempt({ password: await keyFor([rootId, intermediateId]) })).toEqual({ connack: 0 });
    });

    it.each([
      [
        'the device itself',
        async () => pki.issue({ subject: `/CN=${clientId}` }),
        /which is no CA certificate of this tenant/,
      ],
      [
        'a stranger',
        async () => pki.device(clientId, await pki.ca('Stranger')),
        /was issued by "CN=Stranger", which is no CA/,
      ],
      [
        'a stranger that calls itself as the CA, and cannot sign as it',
        async () => pki.device(clientId, await pki.ca('Intermediate CA')),
        /names "CN=Intermediate CA" as its issuer, and was not signed with the key of that CA/,
      ],
      [
        'one that calls itself as the CA and has a key of another kind',
        async () => pki.device(clientId, await pki.ca('Intermediate CA', { key: rsa2048 })),
        /names "CN=Intermediate CA" as its issuer, and was not signed with the key of that CA/,
      ],
    ])('%s: 0x05', async (_name, make, reason) => {
      await expectRefusal(5, reason, { identity: await make() });
    });

    it('is a CA of the same tenant', async () => {
      const { masterKey, tenantId } = await bench.platform.accounts.createTenant('other tenant');
      const theirs = await pki.ca('Their CA');
      const theirId = await addCa(theirs, masterKey);
      const theirKey = await keyFor([theirId], true, ['DEVICE_ACCESS'], masterKey);
      const identity = await pki.device(clientId, theirs);
      expect(await attempt({ password: theirKey, identity })).toEqual({ connack: 0 });
      await expectRefusal(5, /"CN=Their CA", which is no CA certificate of this tenant/, { identity });
      expect(await attempt({ password: theirKey })).toEqual({ connack: 5 });
      const { messages } = await bench.platform.audit.list(tenantId, {
        offset: 0,
        limit: 9,
        oldestFirst: false,
        equals: {},
      });
      expect(messages.map(({ detailedDescription }) => detailedDescription)).toEqual([
        expect.stringMatching(/"CN=Intermediate CA", which is no CA certificate of this tenant/),
      ]);
    });

    it('has several certificates when it was renewed, of which one must be valid', async () => {
      const old = await pki.ca('Renewed CA', { toMs: Date.now() + dayMs });
      const renewed = await pki.ca('Renewed CA', { keyOf: old });
      const [oldId, renewedId] = [await addCa(old), await addCa(renewed)];
      const identity = await pki.device(clientId, old);
      const [onlyOld, both] = [await keyFor([oldId]), await keyFor([oldId, renewedId])];
      bench.wireClock.advance(2 * dayMs);
      await expectRefusal(5, new RegExp(`own certificate \\(${oldId}\\) expired at`), {
        identity,
        password: onlyOld,
      });
      expect(await attempt({ identity, password: both })).toEqual({ connack: 0 });
    });
  });

  describe('the certificate of a device', () => {
    const clientExtensions = [
      'basicConstraints=CA:FALSE',
      'keyUsage=critical,digitalSignature',
      'extendedKeyUsage=clientAuth',
    ];
    it.each<[string, Partial<CertificateRequest>]>([
      ['RSA', { key: rsa2048 }],
      [
        'P-384 with SHA-384',
        { key: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp384r1'], digest: 'sha384' },
      ],
      ['with the extensions of a client', { extensions: clientExtensions }],
      ['for any purpose', { extensions: ['extendedKeyUsage=anyExtendedKeyUsage'] }],
    ])('may be %s', async (_name, more) => {
      expect(
        await attempt({ identity: await pki.device(clientId, root, more), password: await keyFor([rootId]) }),
      ).toEqual({ connack: 0 });
    });

    it.each<[string, Partial<CertificateRequest>, RegExp]>([
      ['expired', { toMs: Date.now() - 1000 }, /expired at \d{4}-/],
      ['not valid yet', { fromMs: Date.now() + 9 * dayMs }, /is not valid before \d{4}-/],
      ['that of a CA', { extensions: ['basicConstraints=CA:TRUE'] }, /is that of a CA/],
      [
        'for servers only',
        { extensions: ['extendedKeyUsage=serverAuth'] },
        /extendedKeyUsage lacks clientAuth/,
      ],
      ['not for signatures', { extensions: ['keyUsage=keyEncipherment'] }, /keyUsage lacks digitalSignature/],
      ['signed with SHA-1', { digest: 'sha1' }, /is signed with SHA-1/],
      [
        'with an unknown critical extension',
        { extensions: ['1.2.3.4=critical,ASN1:NULL'] },
        /critical extensions .* 1\.2\.3\.4/,
      ],
    ])('is refused when it is %s: 0x05', async (_name, more, reason) => {
      const identity = await pki.device(clientId, intermediate, more);
      await expectRefusal(5, reason, { identity, anyDigest: true });
    });

    it('is refused when it is that of the CA itself', async () => {
      await expectRefusal(5, /"CN=Intermediate CA" is that of a CA/, {
        identity: intermediate,
        clientId: 'Intermediate CA',
      });
    });
  });

  describe('what is trusted', () => {
    it('changes at once, without a new listener', async () => {
      const ca = await pki.ca('Late CA');
      const identity = await pki.device(clientId, ca);
      const { endpoints } = bench.platform;
      const before = endpoints.call(bench.platform);
      const key = await makeKey([intermediateId]);
      expect(await attempt({ identity, password: key.value })).toEqual({ connack: 5 });
      const id = await addCa(ca);
      const body = { clientCert: { required: true, caCertIds: [intermediateId, id] } };
      await bench.call('POST', `/api/v0/apiKeys/${key.id}`, body);
      expect(await attempt({ identity, password: key.value })).toEqual({ connack: 0 });
      await deleteCa(id);
      await expectRefusal(5, /"CN=Late CA", which is no CA certificate/, { identity, password: key.value });
      expect(bench.platform.endpoints()).toEqual(before);
    });

    it('ends the sessions of a CA that is deleted, and no others', async () => {
      const [leaving, staying] = [await pki.ca('Leaving CA'), await pki.ca('Staying CA')];
      const [leavingId, stayingId] = [await addCa(leaving), await addCa(staying)];
      const key = await makeKey([leavingId, stayingId]);
      const ids = ['urn:lo:nsid:demo:leaving', 'urn:lo:nsid:demo:staying'] as const;
      const [goes, stays] = [
        await open({ clientId: ids[0], password: key.value, identity: await pki.device(ids[0], leaving) }),
        await open({ clientId: ids[1], password: key.value, identity: await pki.device(ids[1], staying) }),
      ];
      const closed = closing(goes);
      await deleteCa(leavingId);
      await closed;
      expect(await newestAudit()).toMatchObject({
        description: 'MQTT connection closed',
        detailedDescription: expect.stringMatching(
          /^not accepted any more: .*"CN=Leaving CA", which is no CA/,
        ),
        source: { nodeId: ids[0] },
      });
      await stays.publishAsync('dev/data', '{"v":{"a":1}}', { qos: 1 });
      expect(stays.connected).toBe(true);
      const { body } = await bench.call('GET', `/api/v0/apiKeys/${key.id}`);
      expect(body.clientCert).toEqual({ required: true, caCertIds: [stayingId] });

      const lastClosed = closing(stays);
      await deleteCa(stayingId);
      await lastClosed;
      expect((await newestAudit())?.detailedDescription).toMatch(/it has none any more/);
      const identity = await pki.device(ids[1], staying);
      expect(await attempt({ clientId: ids[1], password: key.value, identity })).toEqual({ connack: 5 });
    });

    it('leaves a session whose certificate expires while it is open, whatever else changes', async () => {
      const id = 'urn:lo:nsid:demo:aging';
      const nowMs = bench.wireClock.now();
      const ca = await pki.ca('Lasting CA', { toMs: nowMs + 99 * dayMs });
      const [caId, otherId] = [await addCa(ca), await addCa(await pki.ca('Passing CA'))];
      const key = await makeKey([caId, otherId]);
      const identity = await pki.device(id, ca, { toMs: nowMs + dayMs });
      const client = await open({ clientId: id, password: key.value, identity });
      bench.wireClock.advance(2 * dayMs);
      await deleteCa(otherId);
      await bench.call('POST', `/api/v0/apiKeys/${key.id}`, { clientCert: { caCertIds: [caId, rootId] } });
      await client.publishAsync('dev/data', '{"v":{"a":1}}', { qos: 1 });
      await client.endAsync();
      await expectRefusal(5, /expired at/, { clientId: id, password: key.value, identity });
    });

    it('moves an open session to the renewed certificate of its CA', async () => {
      const id = 'urn:lo:nsid:demo:moved';
      const old = await pki.ca('Moved CA');
      const [oldId, newId] = [await addCa(old), await addCa(await pki.ca('Moved CA', { keyOf: old }))];
      const password = await keyFor([oldId, newId]);
      const client = await open({ clientId: id, password, identity: await pki.device(id, old) });
      await deleteCa(oldId);
      await client.publishAsync('dev/data', '{"v":{"a":1}}', { qos: 1 });
      const closed = closing(client);
      await deleteCa(newId);
      await closed;
    });

    it('ends, when a key begins to ask, the sessions without a right certificate', async () => {
      const key = await makeKey([], false);
      const below = await keyFor([], false, ['DEVICE_ACCESS']);
      const ids = ['urn:lo:nsid:demo:bare', 'urn:lo:nsid:demo:plain', 'urn:lo:nsid:demo:right'] as const;
      const password = key.value;
      const bare = await open({ clientId: ids[0], password, identity: undefined });
      const plain = await open({
        clientId: ids[1],
        password,
        endpoint: bench.platform.endpoints().mqtt ?? '',
      });
      const misnamed = await open({ clientId: 'urn:lo:nsid:demo:misnamed', password });
      const right = await open({
        clientId: ids[2],
        password,
        identity: await pki.device(ids[2], intermediate),
      });
      const another = await open({
        clientId: 'urn:lo:nsid:demo:another',
        password: below,
        identity: undefined,
      });
      const closed = Promise.all([bare, plain, misnamed].map(closing));
      const clientCert = { required: true, caCertIds: [intermediateId] };
      await bench.call('POST', `/api/v0/apiKeys/${key.id}`, { clientCert });
      await closed;
      for (const client of [right, another]) {
        await client.publishAsync('dev/data', '{"v":{"a":1}}', { qos: 1 });
        await client.endAsync();
      }
    });

    it('is told in the list of sessions, with the CA certificate that let them in', async () => {
      const { id, value } = await makeKey([intermediateId]);
      const client = await open({ password: value });
      const list = (query: string) => bench.call('GET', `/bench/v1/mqtt/sessions?${query}`);
      const expected = {
        ...{ clientId, username: 'json+device', apiKeyId: id, caCertificateId: intermediateId, tls: true },
        remoteAddress: expect.stringContaining('127.0.0.1'),
      };
      expect((await list(`apiKeyIds=${id}`)).body).toEqual([expected]);
      expect((await list(`caCertificateId=${intermediateId}`)).body).toContainEqual(expected);
      expect((await list(`caCertificateId=${rootId}`)).body).not.toContainEqual(expected);
      await client.endAsync();
      await until(async () => (await list(`apiKeyIds=${id}`)).body.length === 0);
    });

    it('is what the keys above a key ask for as well', async () => {
      const parent = await makeKey([], false, ['API_KEY_W', 'DEVICE_ACCESS']);
      const child = await keyFor([], false, ['DEVICE_ACCESS'], parent.value);
      expect(await attempt({ password: child, identity: undefined })).toEqual({ connack: 0 });
      const clientCert = { required: true, caCertIds: [intermediateId] };
      await bench.call('POST', `/api/v0/apiKeys/${parent.id}`, { clientCert });
      expect(await attempt({ password: child, identity: undefined })).toEqual({ connack: 5 });
      expect(await attempt({ password: child })).toEqual({ connack: 0 });
    });

    it.each(['TLSv1.2', 'TLSv1.3'] as const)(
      'counts for a TLS session that is resumed too, %s',
      async (version) => {
        const ca = await pki.ca(`Resumed CA ${version}`);
        const id = await addCa(ca);
        const password = await keyFor([id, intermediateId]);
        const identity = await pki.device(clientId, ca);
        let session: Buffer | undefined;
        const connect = async () => {
          const socket: TLSSocket = connectTls({
            ...{ port: Number(bench.platform.endpoints().mqtts?.split(':').at(-1)), host: '127.0.0.1' },
            ...{ servername: 'localhost', ca: bench.platform.caCertificatePem },
            ...{ minVersion: version, maxVersion: version, session },
            // When it resumes, the certificate is not sent again: what counts is the one of the session.
            ...(session ? {} : { cert: identity.certificate, key: identity.key }),
          });
          socket.on('session', (ticket) => {
            session = ticket;
          });
          await once(socket, 'secureConnect');
          const client = RawMqttClient.over(socket);
          client.sendConnect({ clientId, username: 'json+device', password });
          const { returnCode } = await client.next('connack');
          const resumed = socket.isSessionReused();
          await until(() => session !== undefined);
          socket.end();
          return { returnCode, resumed };
        };
        expect(await connect()).toEqual({ returnCode: 0, resumed: false });
        expect(await connect()).toEqual({ returnCode: 0, resumed: true });
        await deleteCa(id);
        expect(await connect()).toEqual({ returnCode: 5, resumed: true });
      },
    );
  });
});
