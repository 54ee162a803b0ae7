import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoTime } from '../../platform/clock.ts';
import { idle, offered } from '../../testing/capabilities.ts';
import { OpensslPki } from '../../testing/openssl.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { openWithMqttJs } from '../../testing/tls-clients.ts';

/**
 * The examples of manual 5.4, request in, answer out, field by field. What differs from the manual is listed in
 * docs/compatibility.md.
 */
const devices = '/api/v1/deviceMgt/devices';
const id = 'urn:lo:nsid:sensor:temp001';
const ofSms = { ...idle, command: offered };

let bench: TestPlatform;
let pki: OpensslPki;
const now = (): string => isoTime(bench.clock.now());
const call = (method: string, path: string, body?: unknown) => bench.call(method, `${devices}/${path}`, body);

beforeAll(async () => {
  pki = await OpensslPki.start();
  bench = await startTestPlatform({ ports: { http: 0, https: undefined, mqtt: 0, mqtts: 0 } });
  await bench.call('POST', devices, { id });
  await bench.call('POST', devices, { id: 'urn:lo:nsid:sensor:temp002' });
});
afterAll(async () => {
  await bench.stop();
  await pki.stop();
});

/** What the SMS connector notes when a message comes (manual 5.5.2.3). */
async function noteUplink(nodeId: string): Promise<string> {
  const found = bench.platform.inventory.findInterface(bench.tenantId, 'sms', nodeId);
  if (!found) throw new Error('there is no such interface');
  const timestamp = now();
  const lastUplink = { timestamp, serverPhoneNumber: '20259' };
  await bench.platform.inventory.updateSession(found, { activity: { lastUplink } });
  return timestamp;
}

describe('an SMS interface', () => {
  let created: string;

  it('5.4.1: is added', async () => {
    created = now();
    const request = { connector: 'sms', enabled: true, definition: { msisdn: '33601201201' } };
    expect(await call('POST', `${id}/interfaces`, request)).toEqual({
      status: 201,
      body: {
        connector: 'sms',
        nodeId: '33601201201',
        deviceId: id,
        enabled: true,
        status: 'ONLINE',
        definition: { msisdn: '33601201201' },
        activity: {},
        capabilities: ofSms,
        created,
        updated: created,
      },
    });
  });

  it('5.4.3: is got, after a message came over it', async () => {
    bench.clock.advance(4000);
    const timestamp = await noteUplink('33601201201');
    expect(await call('GET', `${id}/interfaces/sms:33601201201`)).toEqual({
      status: 200,
      body: {
        connector: 'sms',
        nodeId: '33601201201',
        deviceId: id,
        enabled: true,
        status: 'ONLINE',
        definition: { msisdn: '33601201201' },
        activity: { lastUplink: { timestamp, serverPhoneNumber: '20259' } },
        capabilities: ofSms,
        created,
        updated: timestamp,
      },
    });
  });

  it('5.4.4: is changed: moved, switched off, with a decoder', async () => {
    const before = (await call('GET', `${id}/interfaces/sms:33601201201`)).body;
    bench.clock.advance(4000);
    const request = {
      deviceId: 'urn:lo:nsid:sensor:temp002',
      enabled: 'false',
      definition: { encoding: 'myDecoder' },
    };
    expect(await call('PATCH', `${id}/interfaces/sms:33601201201`, request)).toEqual({
      status: 200,
      body: {
        connector: 'sms',
        nodeId: '33601201201',
        deviceId: 'urn:lo:nsid:sensor:temp002',
        enabled: false,
        status: 'DEACTIVATED',
        definition: { msisdn: '33601201201', encoding: 'myDecoder' },
        activity: before.activity,
        capabilities: ofSms,
        created,
        updated: now(),
      },
    });
    expect((await call('GET', `${id}/interfaces`)).body).toEqual([]);
  });

  it('5.4.5: is deleted', async () => {
    const path = 'urn:lo:nsid:sensor:temp002/interfaces/sms:33601201201';
    expect(await call('DELETE', path)).toEqual({ status: 204, body: undefined });
    expect(await call('DELETE', path)).toMatchObject({
      status: 404,
      body: { code: 'DM_INTERFACE_NOT_FOUND' },
    });
  });
});

it('5.4.2: the interfaces of a device are listed, one of them live over TLS with a client certificate', async () => {
  const ca = await pki.ca('CA');
  const { body: added } = await bench.call('POST', '/api/v0/certificates/ca', {
    certificate: ca.certificate,
  });
  const { body: key } = await bench.call('POST', '/api/v0/apiKeys', {
    ...{ label: 'device', roles: ['DEVICE_ACCESS'] },
    clientCert: { required: true, caCertIds: [added.id] },
  });
  const registered = now();
  await call('POST', `${id}/interfaces`, {
    ...{ connector: 'sms', definition: { msisdn: '33601201201', serverPhoneNumber: '12345' } },
  });
  const client = await openWithMqttJs({
    ...{ endpoint: bench.platform.endpoints().mqtts ?? '', clientId: id, username: 'json+device' },
    ...{ password: key.value, identity: await pki.device(id, ca), tls: 'TLSv1.2' },
    trustedFile: await pki.write('trusted.pem', bench.platform.caCertificatePem ?? ''),
  });
  await client.subscribeAsync(['dev/cmd', 'dev/cfg/upd', 'dev/rsc/upd'], { qos: 1 });
  bench.clock.advance(1000);
  await client.publishAsync('dev/data', '{"v":{"t":1}}', { qos: 1 });
  expect(await call('GET', `${id}/interfaces`)).toEqual({
    status: 200,
    body: [
      {
        connector: 'sms',
        nodeId: '33601201201',
        deviceId: id,
        enabled: true,
        status: 'ONLINE',
        activity: {},
        definition: { msisdn: '33601201201', serverPhoneNumber: '12345' },
        capabilities: ofSms,
        created: registered,
        updated: registered,
      },
      {
        connector: 'mqtt',
        nodeId: id,
        deviceId: id,
        enabled: true,
        status: 'ONLINE',
        lastContact: now(),
        definition: { clientId: id },
        activity: {
          apiKeyId: key.id,
          mqttVersion: 4,
          mqttUsername: 'json+device',
          mqttTimeout: 0,
          remoteAddress: expect.stringMatching(/^127\.0\.0\.1\/\d+$/),
          lastSessionStartTime: registered,
          security: {
            secured: true,
            protocol: 'TLSv1.2',
            cipher: expect.stringMatching(/^TLS_[A-Z\d_]+$/),
            clientCertAuthentication: true,
            sniHostname: 'localhost',
          },
        },
        capabilities: { command: offered, configuration: offered, resource: offered, twin: idle.twin },
        created: registered,
        updated: registered,
      },
    ],
  });
  await client.endAsync();
});
