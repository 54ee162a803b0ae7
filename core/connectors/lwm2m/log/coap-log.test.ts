import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CoapLogEntry } from '../../../contract/coap-log.ts';
import { codes, methods } from '../../../protocols/coap/codes.ts';
import { BootstrapClient } from '../../../testing/bootstrap-client.ts';
import { TestLwm2mDevice } from '../../../testing/lwm2m-device.ts';
import { startTestPlatform, type TestPlatform } from '../../../testing/test-platform.ts';
import { until } from '../../../testing/until.ts';
import { pskKeyOf } from '../psk-key.ts';
import { CoapLog } from './coap-log.ts';
import { Conversation } from './conversation.ts';

const deviceId = 'urn:lo:nsid:lwm2m:logged';
const bootedId = 'urn:lo:nsid:lwm2m:booted';
const device = `/api/v1/deviceMgt/devices/${deviceId}`;
const secret = '00112233445566778899aabbccddeeff';

let bench: TestPlatform;
let client: TestLwm2mDevice;

beforeAll(async () => {
  bench = await startTestPlatform({
    ports: { http: 0, https: undefined, mqtt: undefined, mqtts: undefined, coaps: 0, bs: 0 },
  });
  const security = { mode: 'PSK', pskInfo: { identity: 'known', secret } };
  const { body: config } = await bench.call('POST', '/api/v1/bootstrap/lwm2m/configs', {
    name: 'plain',
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
  await bench.call('POST', '/api/v1/bootstrap/lwm2m/entries', {
    endpointName: 'booted',
    security,
    definition: { bootstrapConfigId: config.id, runServers: [{ id: 'LOServer' }] },
  });
  await bench.call('POST', '/api/v1/deviceMgt/devices', {
    id: deviceId,
    interfaces: [{ connector: 'lwm2m', definition: { endpointName: 'logged', security } }],
  });
  const managed = { endpointName: 'booted', bootstrap: { managed: true } };
  await bench.call('POST', '/api/v1/deviceMgt/devices', {
    id: bootedId,
    interfaces: [{ connector: 'lwm2m', enabled: true, definition: managed }],
  });
  await bench.call('POST', '/api/v1/deviceMgt/twin/data/rules', {
    ...{ name: 'all', type: 'PASSTHROUGH', paths: ['/'] },
  });
  await expect(connect('nobody')).rejects.toThrow();
  await expect(connect('known', 'ffff')).rejects.toThrow();
  client = await connect('known');
  await client.register(
    ['ep=logged', 'lt=300', 'lwm2m=1.1'],
    '</>;rt="oma.lwm2m";ct="110 112",</1/0>,</3/0>,</6/0>',
  );
});
afterAll(async () => {
  await client.close();
  await bench.stop();
});

const portOf = (name: 'coaps' | 'bs'): number => Number(new URL(bench.platform.endpoints()[name] ?? '').port);

function connect(identity: string, key = secret): Promise<TestLwm2mDevice> {
  return TestLwm2mDevice.connect({ port: portOf('coaps'), identity, key: pskKeyOf(key) });
}

const page = async (path = `/bench/v1/devices/${deviceId}/coap-log`): Promise<any> =>
  (await bench.call('GET', path)).body;
/** Oldest first. */
const entries = async (of = deviceId): Promise<CoapLogEntry[]> =>
  (await page(`/bench/v1/devices/${of}/coap-log`)).entries.toReversed();
const line = ({ direction, summary, note }: CoapLogEntry): string =>
  [direction, summary, note].filter((part) => part !== undefined).join(' ');

async function operation(body: object): Promise<void> {
  const { body: made } = await bench.call('POST', `${device}/twin/operations`, body);
  await until(async () => {
    const { status } = (await bench.call('GET', `${device}/twin/operations/${made.id}`)).body;
    return !['PENDING', 'SENT', 'RETRYING'].includes(status);
  });
}

describe('the CoAP log of a device', () => {
  it('has the handshake, with what it agreed on, and the registration', async () => {
    const all = await entries();
    const lines = all.map(line);
    const opened = lines.indexOf('Session opened');
    expect(lines.slice(opened - 8, opened + 3)).toEqual([
      'in ClientHello',
      'out ServerHello',
      'out ServerHelloDone',
      'in ClientKeyExchange',
      'in ChangeCipherSpec',
      'in Finished',
      'out ChangeCipherSpec',
      'out Finished',
      'Session opened',
      'in CON POST /rd',
      'out ACK 2.01 Created (POST /rd)',
    ]);
    expect(all[opened - 8]?.facts).toContainEqual({ name: 'version', value: 'DTLS 1.2' });
    expect(all[opened - 5]?.facts).toEqual([{ name: 'PSK identity', value: 'known' }]);
    const [registration, created] = all.slice(opened + 1);
    expect(registration).toMatchObject({
      ...{ server: 'lwm2m', protocol: 'coap', direction: 'in', nodeId: 'logged', pskIdentity: 'known' },
      peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      session: { suite: 'PSK_WITH_AES_128_CCM_8', resumed: false, connectionId: true },
      coap: {
        ...{ type: 'CON', code: 'POST', request: 'POST /rd', token: expect.stringMatching(/^[0-9a-f]{16}$/) },
        options: [
          { number: 11, name: 'Uri-Path', value: 'rd' },
          { number: 12, name: 'Content-Format', value: '40 (link format)' },
          { number: 15, name: 'Uri-Query', value: 'ep=logged' },
          { number: 15, name: 'Uri-Query', value: 'lt=300' },
          { number: 15, name: 'Uri-Query', value: 'lwm2m=1.1' },
        ],
        payload: {
          format: 'link format',
          paths: [
            { path: '/' },
            { path: '/1/0', name: 'LwM2M Server' },
            { path: '/3/0', name: 'Device' },
            { path: '/6/0', name: 'Location' },
          ],
        },
      },
    });
    expect(registration?.coap?.messageId).toBe(created?.coap?.messageId);
    expect(registration?.bytes).toBe((registration?.raw.length ?? 0) / 2);
  });

  it('has what came with a wrong key, and why it was refused', async () => {
    const failed = (await entries()).find(({ error }) => error !== undefined);
    expect(failed).toMatchObject({ summary: 'Handshake failed', pskIdentity: 'known' });
    expect(failed?.error).toContain('another key');
  });

  it('decodes payloads by their formats, with the names of the models', async () => {
    client.script['GET /3/0/1'] = 'Model 500';
    const tlv = { code: codes.content, contentFormat: 11_542, payload: Buffer.from('c800036f6e65', 'hex') };
    client.script['GET /3/0'] = tlv;
    await operation({ type: 'READ', paths: ['/3/0/1'] });
    await operation({ type: 'READ', paths: ['/3/0'] });
    await operation({ type: 'READ', paths: ['/3/0/2'] });
    const answers = (await entries()).filter(
      ({ coap }) => coap?.request?.startsWith('GET') && coap.code !== 'GET',
    );
    expect(answers.map(line)).toEqual([
      'in ACK 2.05 Content (GET /3/0/1)',
      'in ACK 2.05 Content (GET /3/0)',
      'in ACK 4.04 Not Found (GET /3/0/2)',
    ]);
    expect(answers[0]?.coap?.payload).toEqual({
      ...{ bytes: 9, format: 'text', text: 'Model 500' },
      values: [{ path: '/3/0/1', name: 'Device / Model Number', type: 'STRING', value: 'Model 500' }],
    });
    expect(answers[1]?.coap?.payload?.values).toEqual([
      { path: '/3/0/0', name: 'Device / Manufacturer', type: 'STRING', value: 'one' },
    ]);
  });

  it('leads to the trace of the data message that came of a message, and back', async () => {
    const payload = Buffer.from('[{"bn":"/6/0/","n":"0","v":43.6},{"n":"1","v":1.4}]');
    await client.send({ method: methods.POST, path: '/dp', contentFormat: 110, payload });
    const sent = (await entries()).find(({ summary }) => summary === 'CON POST /dp');
    expect(sent?.coap?.payload?.values).toMatchObject([
      { path: '/6/0/0', name: 'Location / Latitude', type: 'FLOAT', value: 43.6, units: 'lat' },
      { path: '/6/0/1', value: 1.4 },
    ]);
    const trace = await page(`/bench/v1/traces/${sent?.traceId}`);
    expect(trace).toMatchObject({ target: 'send', coapLogId: sent?.id, outcome: 'ok' });
  });

  it('says why a payload was not decoded, and leads to the refusal', async () => {
    const payload = Buffer.from('[{');
    await client.send({ method: methods.POST, path: '/dp', contentFormat: 110, payload });
    const sent = (await entries()).findLast(({ summary }) => summary === 'CON POST /dp');
    expect(sent?.error).toContain('SenML JSON');
    expect(await page(`/bench/v1/traces/${sent?.traceId}`)).toMatchObject({ outcome: 'rejected' });
  });

  it('has the bootstrap too, with zeros for keys', async () => {
    const given = { port: portOf('bs'), identity: 'known', key: pskKeyOf(secret) };
    const bootstrapped = await BootstrapClient.connect(given);
    await bootstrapped.request('ep=booted');
    await until(() => bootstrapped.asked.some((asked) => asked.startsWith('POST /bs')));
    const written = bootstrapped.objects.get('/0/1') as Record<string, string>;
    await bootstrapped.close();
    const all = await entries(bootedId);
    const write = all.find(({ summary }) => summary.startsWith('CON PUT /0/'));
    expect(write).toMatchObject({ server: 'bootstrap', direction: 'out', masked: true });
    const values = new Map(
      write?.coap?.payload?.values?.map(({ path, value }) => [path.split('/').at(-1), value]),
    );
    expect(Buffer.from(String(values.get('5')), 'base64')).toEqual(
      Buffer.alloc((written['5'] ?? '').length / 2),
    );
    expect(values.get('0')).toBe(written['0']);
    expect(JSON.stringify(all)).not.toContain(written['5']);
    expect(written['5']).toMatch(/^[0-9a-f]{32,}$/);
  });

  it('answers as many as asked for, and goes on from there', async () => {
    const all = (await page()).entries;
    const first = await page(`/bench/v1/devices/${deviceId}/coap-log?limit=3`);
    expect(first.entries).toEqual(all.slice(0, 3));
    const next = await page(`/bench/v1/devices/${deviceId}/coap-log?limit=3&before=${first.entries[2].id}`);
    expect(next.entries).toEqual(all.slice(3, 6));
    expect((await bench.call('GET', '/bench/v1/devices/urn:lo:nsid:lwm2m:none/coap-log')).status).toBe(404);
    expect((await bench.call('GET', `/bench/v1/devices/${deviceId}/coap-log?before=x`)).status).toBe(400);
  });
});

it('shows who runs the instance what came of clients that nobody knows', async () => {
  const { entries: unknown } = await page('/bench/v1/coap-log');
  expect(unknown.map(line)).toContain('out Alert fatal unknown_psk_identity');
  expect(unknown.find(({ error }: CoapLogEntry) => error)).toMatchObject({ pskIdentity: 'nobody' });
  expect(JSON.stringify(unknown)).not.toContain('"known"');
  expect(
    (await bench.call('GET', '/bench/v1/coap-log', undefined, await bench.key(['DEVICE_R']))).status,
  ).toBe(403);
});

it('writes to the audit log while debug mode is on', async () => {
  const debug = `${device}/interfaces/lwm2m:logged/debug`;
  const logs = async () => {
    const { body } = await bench.call('GET', '/api/v0/auditlog/messages?limit=1000');
    return body.filter(({ type }: { type: string }) => type === 'lwm2m_device_log');
  };
  expect(await logs()).toEqual([]);
  expect((await bench.call('POST', debug, { ttlHours: 1 })).status).toBe(201);
  await client.ping();
  expect((await logs()).map(({ description }: { description: string }) => description).sort()).toEqual([
    'CoAP received: CON 0.00 Empty',
    'CoAP sent: RST 0.00 Empty',
  ]);
  await bench.call('DELETE', debug);
  await client.ping();
  expect(await logs()).toHaveLength(2);
});

describe('what is kept', () => {
  const peer = { peer: { address: '127.0.0.1', port: 1 } };
  const event = { kind: 'changeCipherSpec', direction: 'in' } as const;

  it('is so many of each owner, and so many bytes of all, the newest', () => {
    const log = new CoapLog({ coapLogMaxMessages: 3, coapLogMaxBytes: 2000 });
    const [one, two] = ['a', 'b'].map((nodeId) => {
      const made = new Conversation(log, peer, 'lwm2m');
      made.belongsTo({ tenantId: 't', nodeId });
      return made;
    }) as [Conversation, Conversation];
    for (let time = 1; time <= 5; time++) one.dtls(time, event);
    const times = (nodeId: string) => log.latest({ tenantId: 't', nodeId }, 10).map(({ timeMs }) => timeMs);
    expect(times('a')).toEqual([5, 4, 3]);
    for (let time = 6; time <= 12; time++) two.dtls(time, event);
    expect(times('b')).toEqual([12, 11, 10]);
    const body = new Uint8Array(1000);
    two.dtls(13, { kind: 'handshake', direction: 'in', type: 1, body });
    expect(log.bytes).toBeLessThanOrEqual(2000);
    expect([...times('a'), ...times('b')]).toEqual([13, 12, 11]);
    two.dtls(14, { kind: 'handshake', direction: 'in', type: 1, body: new Uint8Array(3000) });
    expect(log.bytes).toBe(0);
  });

  it('gets its owner when that is known, and stays in order', () => {
    const log = new CoapLog({ coapLogMaxMessages: 10, coapLogMaxBytes: 100_000 });
    const [early, other] = [new Conversation(log, peer, 'lwm2m'), new Conversation(log, peer, 'lwm2m')];
    const owner = { tenantId: 't', nodeId: 'a' };
    early.dtls(1, event);
    other.dtls(2, event);
    other.belongsTo(owner);
    other.dtls(3, event);
    early.belongsTo(owner);
    expect(log.latest(owner, 10).map(({ timeMs }) => timeMs)).toEqual([3, 2, 1]);
    expect(log.latest(undefined, 10)).toEqual([]);
  });
});
