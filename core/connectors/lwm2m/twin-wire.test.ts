import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codes, methods } from '../../protocols/coap/codes.ts';
import { decodeContent } from '../../protocols/lwm2m/codec.ts';
import { Lwm2mPath } from '../../protocols/lwm2m/path.ts';
import { TestLwm2mDevice } from '../../testing/lwm2m-device.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';
import { pskKeyOf } from './psk-key.ts';

const deviceId = 'urn:lo:nsid:lwm2m:test12';
const endpointName = 'urn:lo:lwm2m:my_endpoint123';
const device = `/api/v1/deviceMgt/devices/${deviceId}`;
const operations = `${device}/twin/operations`;
const observations = `${device}/twin/observations`;

const security = { mode: 'PSK', pskInfo: { identity: 'spare', secret: '00' } };

let bench: TestPlatform;
let client: TestLwm2mDevice;

beforeEach(async () => {
  bench = await startTestPlatform({
    ports: { http: 0, https: undefined, mqtt: undefined, mqtts: undefined, coaps: 0 },
  });
  // The device of manual 5.5.4.5.1.
  const pskInfo = { identity: 'test_lwm2m_id2', secret: 'my_psk_secret' };
  await bench.call('POST', '/api/v1/deviceMgt/devices', {
    id: deviceId,
    defaultDataStreamId: 'urn:lo:nsid:lwm2m:test13Stream',
    interfaces: [
      {
        connector: 'lwm2m',
        enabled: 'true',
        definition: { endpointName, security: { mode: 'PSK', pskInfo } },
      },
    ],
  });
  client = await connect();
});
afterEach(async () => {
  await client.close();
  await bench.stop();
});

function connect(): Promise<TestLwm2mDevice> {
  const port = Number(new URL(bench.platform.endpoints().coaps ?? '').port);
  return TestLwm2mDevice.connect({ port, identity: 'test_lwm2m_id2', key: pskKeyOf('my_psk_secret') });
}

const register = (...more: string[]) =>
  client.register(
    [`ep=${endpointName}`, 'lt=300', 'lwm2m=1.1', ...more],
    '</>;rt="oma.lwm2m";ct="110 112",</1/0>,</3/0>,</6/0>',
  );
const get = async (url: string): Promise<any> => (await bench.call('GET', url)).body;
async function operate(body: object): Promise<any> {
  const made = await bench.call('POST', operations, body);
  expect(made.status).toBe(201);
  expect(made.body.status).toBe('PENDING');
  return ended(made.body.id);
}
async function ended(id: string): Promise<any> {
  let operation: any;
  await until(async () => {
    operation = await get(`${operations}/${id}`);
    return !['PENDING', 'SENT', 'RETRYING'].includes(operation.status);
  });
  return operation;
}

describe('operations on a device that is registered', () => {
  it('read what it has, and the twin keeps it', async () => {
    await register();
    client.script['GET /3/0/0'] = 'Fleetbench';
    expect(await operate({ type: 'READ', paths: ['/3/0/0'] })).toMatchObject({ type: 'READ', status: 'OK' });
    const object = await get(`${device}/twin/objects/3?expand=1`);
    expect(object.instances[0].attributes).toMatchObject([
      { path: '/3/0/0', content: { reportedValue: 'Fleetbench' } },
    ]);
    expect(await get(`${device}/twin/supported-objects`)).toHaveLength(3);
  });

  it('end with what the device says when it refuses', async () => {
    await register();
    expect(await operate({ type: 'READ', paths: ['/3/0/1'] })).toMatchObject({
      status: 'FAILED',
      error: { code: 'DEVICE_ERROR', deviceCode: { value: 404 } },
    });
  });

  it('write, execute and set attributes', async () => {
    await register();
    client.script['POST /1/0'] = { code: codes.changed };
    const values = [{ path: '/1/0/1', value: 86400 }];
    expect(await operate({ type: 'WRITE', writeMode: 'UPDATE', paths: ['/1/0'], values })).toMatchObject({
      status: 'OK',
    });
    // The device lists SenML CBOR, so that is what it gets (manual 7.3).
    const [{ contentFormat, payload } = {} as never] = client.requests;
    expect(contentFormat).toBe(112);
    const content = decodeContent('SENML_CBOR', payload, { path: Lwm2mPath.root, nowMs: 0 });
    expect(content.records.map(({ path, value }) => [`${path}`, value.value])).toEqual([['/1/0/1', 86400]]);
    client.script['POST /3/0/4'] = { code: codes.changed };
    expect(await operate({ type: 'EXECUTE', paths: ['/3/0/4'] })).toMatchObject({ status: 'OK' });
    expect(client.asked).toContain('POST /3/0/4');
  });

  it('go out when a device in queue mode wakes', async () => {
    const location = `/${(await register('Q')).locationPath.join('/')}`;
    bench.wireClock.advance(95_000);
    expect((await get(device)).interfaces[0].status).toBe('SLEEPING');
    client.script['GET /3/0/0'] = 'awake';
    const { body } = await bench.call('POST', operations, { type: 'READ', paths: ['/3/0/0'] });
    expect((await get(`${operations}/${body.id}`)).status).toBe('PENDING');
    await client.send({ method: methods.POST, path: location });
    expect(await ended(body.id)).toMatchObject({ status: 'OK' });
    expect((await get(device)).interfaces[0].status).toBe('ONLINE');
  });
});

describe('an operation under way, when its interface', () => {
  const other = 'urn:lo:nsid:lwm2m:other';
  const own = `${device}/interfaces/lwm2m:${endpointName}`;
  it.each([
    ['goes to another device', 'PATCH', { deviceId: other }, 'went to another device'],
    ['is disabled', 'PATCH', { enabled: false }, 'was disabled'],
    ['is deleted', 'DELETE', undefined, 'was deleted'],
  ])('%s, ends at once with the reason, and with no other attempt', async (_what, method, body, reason) => {
    await bench.call('POST', '/api/v1/deviceMgt/devices', {
      id: other,
      interfaces: [{ connector: 'mqtt', enabled: true, definition: { clientId: 'other' } }],
    });
    await register();
    let answer: () => void = () => {};
    client.script['GET /3/0/0'] = () =>
      new Promise((resolve) => {
        answer = () => resolve({ code: codes.content, payload: Buffer.from('late') });
      });
    const read = { type: 'READ', paths: ['/3/0/0'], policy: { attempts: 3 } };
    // What is asked of the device by its id is found by its id.
    const spare = { connector: 'lwm2m', enabled: true, definition: { endpointName: 'spare', security } };
    await bench.call('POST', `${device}/interfaces`, spare);
    const { body: made } = await bench.call('POST', operations, read);
    await until(() => client.asked.includes('GET /3/0/0'));
    expect((await bench.call(method, own, body)).status).toBeLessThan(300);
    const failed = await ended(made.id);
    expect(failed).toMatchObject({ status: 'FAILED', error: { code: 'INTERFACE_UNUSABLE' } });
    expect(failed.error.details).toContain(reason);
    answer();
    await until(() => client.closed);
    if (method === 'DELETE' || !body || !('deviceId' in body)) return;
    // The device registers for the other one, and is asked there.
    await client.close();
    client = await connect();
    await register();
    client.script['GET /3/0/0'] = 'here';
    const there = `/api/v1/deviceMgt/devices/${other}/twin/operations`;
    const { body: next } = await bench.call('POST', there, { type: 'READ', paths: ['/3/0/0'] });
    await until(async () => (await get(`${there}/${next.id}`)).status === 'OK');
  });
});

describe('observations', () => {
  it('bring data messages where a rule wants them, and are asked for again after a new registration', async () => {
    await bench.call('POST', '/api/v1/deviceMgt/twin/data/rules', {
      name: 'all',
      type: 'PASSTHROUGH',
      paths: ['/'],
    });
    await register();
    client.script['GET /3/0/1'] = 'Model 500';
    const { body } = await bench.call('POST', observations, { paths: ['/3/0/1'], name: 'model' });
    const status = async () => (await get(`${observations}/${body.id}`)).status;
    await until(async () => (await status()) === 'OBSERVING');
    await until(() => client.observers.length === 1);
    void client.observers[0]?.notify({
      code: codes.content,
      contentFormat: 0,
      payload: Buffer.from('Model 501'),
    });
    const stream = '/api/v0/data/streams/urn:lo:nsid:lwm2m:test13Stream';
    await until(async () => (await get(stream)).length > 0);
    expect((await get(stream))[0]).toMatchObject({
      model: 'twin_json',
      value: { device: { 0: { modelNumber: 'Model 501' } } },
      metadata: { source: deviceId, connector: 'lwm2m', network: { lwm2m: { ep: endpointName } } },
    });
    await client.vanish();
    client = await connect();
    client.script['GET /3/0/1'] = 'Model 502';
    await register();
    await until(() => client.observers.length === 1);
    await until(async () => (await status()) === 'OBSERVING');
    expect((await bench.call('DELETE', `${observations}/${body.id}`)).status).toBe(204);
    await until(() => client.requests.some(({ observe }) => observe === 'cancel'));
  });

  it('take what a device sends by itself, with its location', async () => {
    await bench.call('POST', '/api/v1/deviceMgt/twin/data/rules', {
      name: 'a',
      type: 'PASSTHROUGH',
      paths: ['/'],
    });
    await register();
    const payload = Buffer.from('[{"bn":"/6/0/","n":"0","v":43.6},{"n":"1","v":1.4}]');
    const answer = await client.send({ method: methods.POST, path: '/dp', contentFormat: 110, payload });
    expect(answer.codeText).toBe('2.04');
    const [message] = await get('/api/v0/data/streams/urn:lo:nsid:lwm2m:test13Stream');
    expect(message).toMatchObject({ location: { lat: 43.6, lon: 1.4 } });
    const trace = await get(`/bench/v1/traces/${message.id}`);
    expect(trace).toMatchObject({ connector: 'lwm2m', sender: endpointName });
  });
});
