import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../audit/audit-log.ts';
import { TraceStore } from '../../bus/trace-store.ts';
import { PlatformError } from '../../contract/errors.ts';
import type { DatagramSocket } from '../../platform/datagrams.ts';
import { silentLogger } from '../../platform/logger.ts';
import { nodeDatagrams } from '../../platform/node/node-datagrams.ts';
import { nodeRandom } from '../../platform/node/node-random.ts';
import { codes, codeText, methods } from '../../protocols/coap/codes.ts';
import { Lwm2mPath } from '../../protocols/lwm2m/path.ts';
import { defaultSettings } from '../../settings.ts';
import { TestLwm2mDevice } from '../../testing/lwm2m-device.ts';
import { callApi, TestServices } from '../../testing/test-services.ts';
import { until } from '../../testing/until.ts';
import type { TwinDelivery, TwinOutcome, TwinReports } from '../twin-link.ts';
import { CoapLog } from './log/coap-log.ts';
import { Lwm2mConnector } from './lwm2m-connector.ts';
import { pskKeyOf } from './psk-key.ts';

const secret = '00112233445566778899aabbccddeeff';
const endpointName = 'urn:lo:lwm2m:one';
const deviceUrl = '/api/v1/deviceMgt/devices/urn:lo:nsid:lwm2m:one';

/** Hears what the connector tells, as the twin engine does. */
class Ear implements TwinReports {
  readonly told: string[] = [];
  readonly outcomes: TwinOutcome[] = [];
  readonly values: string[] = [];
  wants: 'taken' | 'unwanted' = 'taken';
  failure: Error | undefined;

  registered(...[via, { lwm2mVersion, objects }, done]: Parameters<TwinReports['registered']>): void {
    const paths = objects.map(({ objectId, instanceIds }) => `${objectId}:${instanceIds}`);
    this.told.push(`registered ${via.nodeId} ${lwm2mVersion} ${paths}`);
    done(this.failure);
  }
  updated(...[, registration, done]: Parameters<TwinReports['updated']>): void {
    this.told.push(`updated ${registration?.objects.map(({ objectId }) => objectId) ?? '-'}`);
    done();
  }
  gone(): void {
    this.told.push('gone');
  }
  ready(): void {
    this.told.push('ready');
  }
  ended(...[, , outcome]: Parameters<TwinReports['ended']>): void {
    this.outcomes.push(outcome);
  }
  reported(...[, { origin, values }, done]: Parameters<TwinReports['reported']>): 'taken' | 'unwanted' {
    const texts = values.map(({ path, value }) => `${path}=${value.value}`);
    this.values.push(`${origin.kind} ${texts}`);
    done();
    return this.wants;
  }
  resourcesOf(): ReturnType<TwinReports['resourcesOf']> {
    return (_object, resource) => ({ type: resource === 9 ? 'INTEGER' : 'STRING', multiple: false });
  }
}

let services: TestServices;
let ear: Ear;
let connector: Lwm2mConnector;
let socket: DatagramSocket;
let audited: AuditEntry[];
let call: (line: string, body?: unknown) => Promise<any>;
const devices: TestLwm2mDevice[] = [];

beforeEach(async () => {
  services = await TestServices.start();
  const app = await services.api();
  call = async (line, body) => (await callApi(app, line, { body })).body;
  ear = new Ear();
  audited = [];
  const { clock, wireClock, bus, inventory } = services;
  connector = new Lwm2mConnector({
    ...{ clock, wireClock, bus, registry: inventory, random: nodeRandom, logger: silentLogger, twin: ear },
    traces: new TraceStore(clock, bus, defaultSettings),
    audit: { record: (_tenant: string, entry: AuditEntry) => void audited.push(entry) } as never,
    interfaces: () => inventory.interfacesOf('lwm2m'),
    log: new CoapLog(defaultSettings),
    operatorTenant: () => 'operator',
    store: services.store,
    resources: { ready: () => {} } as never,
    localAddress: nodeDatagrams.localAddress,
    openDownload: () => {
      throw new PlatformError('resources.linkNotFound', 'There is nothing at this link.');
    },
    settings: defaultSettings,
  });
  socket = await nodeDatagrams.bind({ host: '127.0.0.1', port: 0 }, (bytes, from) =>
    connector.receive(bytes, from),
  );
  connector.attach(socket);
  await connector.start();
  await makeDevice('one');
});

afterEach(async () => {
  await Promise.all(devices.splice(0).map((device) => device.close()));
  connector.stop();
  await socket.close();
  await services[Symbol.asyncDispose]();
});

const makeDevice = (name: string, psk: { identity?: string; secret?: string } = {}): Promise<any> =>
  call('POST /api/v1/deviceMgt/devices', {
    id: `urn:lo:nsid:lwm2m:${name}`,
    interfaces: [
      {
        connector: 'lwm2m',
        enabled: true,
        definition: {
          endpointName: `urn:lo:lwm2m:${name}`,
          security: { mode: 'PSK', pskInfo: { identity: `id-${name}`, secret, ...psk } },
        },
      },
    ],
  });

async function connect(identity = 'id-one', key = secret): Promise<TestLwm2mDevice> {
  const device = await TestLwm2mDevice.connect({ port: socket.local.port, identity, key: pskKeyOf(key) });
  devices.push(device);
  return device;
}

const interfaceOf = async (url = deviceUrl): Promise<any> => (await call(`GET ${url}`)).interfaces[0];
const status = async (): Promise<string> => (await interfaceOf()).status;
const query = [`ep=${endpointName}`, 'lt=300', 'lwm2m=1.1', 'b=U'];

async function registered(
  more: readonly string[] = query,
): Promise<{ device: TestLwm2mDevice; location: string }> {
  const device = await connect();
  const answer = await device.register(more, '</>;rt="oma.lwm2m";ct="60 110 112",</1/0>,</3/0>');
  expect(answer.codeText).toBe('2.01');
  return { device, location: `/${answer.locationPath.join('/')}` };
}

async function ask(request: TwinDelivery['request'], correlation = 1): Promise<TwinOutcome> {
  const via = services.inventory.findInterface(services.tenantId, 'lwm2m', endpointName);
  const before = ear.outcomes.length;
  connector.connectivity.twin?.send(via as never, { correlation, attempt: 1, request });
  await until(() => ear.outcomes.length > before);
  return ear.outcomes[before] as TwinOutcome;
}
const read = (...paths: string[]): TwinDelivery['request'] => ({
  kind: 'read',
  paths: paths.map((path) => Lwm2mPath.parse(path)),
  responseFormat: undefined,
});

describe('a registration', () => {
  it('makes the interface ONLINE, with its activity, until the device says that it goes', async () => {
    expect(await interfaceOf()).toMatchObject({
      status: 'REGISTERED',
      activity: {},
      capabilities: { twin: { available: false } },
    });
    const { device, location } = await registered();
    expect(await interfaceOf()).toMatchObject({
      status: 'ONLINE',
      capabilities: { twin: { available: true, version: 1 } },
      activity: {
        lwm2mVersion: '1.1',
        remoteAddress: '127.0.0.1',
        remotePort: expect.any(Number),
        queueMode: false,
        bindings: ['U'],
        registrationLifetime: 300,
        lastRegistrationDate: expect.any(String),
      },
    });
    expect(ear.told).toEqual([`registered ${endpointName} 1.1 1:0,3:0`]);
    expect((await device.send({ method: methods.POST, path: location, query: ['lt=60'] })).codeText).toBe(
      '2.04',
    );
    expect((await interfaceOf()).activity).toMatchObject({
      registrationLifetime: 60,
      lastUpdateDate: expect.any(String),
    });
    expect((await device.send({ method: methods.DELETE, path: location })).codeText).toBe('2.02');
    expect(await interfaceOf()).toMatchObject({
      status: 'OFFLINE',
      capabilities: { twin: { available: false } },
      activity: { lastDeregistrationDate: expect.any(String) },
    });
    expect(ear.told.slice(1)).toEqual(['updated -', 'gone']);
    expect((await device.send({ method: methods.POST, path: location })).codeText).toBe('4.04');
  });

  it('ends with its lifetime, which goes by real time', async () => {
    await registered();
    services.clock.advance(3_600_000);
    expect(await status()).toBe('ONLINE');
    services.wireClock.advance(299_000);
    expect(await status()).toBe('ONLINE');
    services.wireClock.advance(3000);
    expect(await status()).toBe('OFFLINE');
    expect(ear.told.at(-1)).toBe('gone');
  });

  it('goes on when the device comes back over a new session, and what was observed is to be asked again', async () => {
    const { device, location } = await registered();
    await device.vanish();
    const again = await connect();
    expect((await again.send({ method: methods.POST, path: location })).codeText).toBe('2.04');
    expect(ear.told).toHaveLength(2);
    expect(ear.told[1]).toBe(ear.told[0]);
    again.script['GET /3/0/0'] = 'maker';
    expect(await ask(read('/3/0/0'))).toMatchObject({ kind: 'ok' });
    expect(connector.registrationCount).toBe(1);
  });

  it('outlives the program: the update of a device is taken, and what was observed is to be asked again', async () => {
    const { device, location } = await registered();
    await device.vanish();
    connector.stop();
    expect(await status()).toBe('OFFLINE');
    await connector.start();
    expect([connector.registrationCount, await status()]).toEqual([1, 'OFFLINE']);
    await makeDevice('two');
    const stranger = await connect('id-two');
    expect((await stranger.send({ method: methods.POST, path: location })).codeText).toBe('4.04');
    const again = await connect();
    expect((await again.send({ method: methods.POST, path: location, query: ['lt=60'] })).codeText).toBe(
      '2.04',
    );
    expect(ear.told.at(-1)).toBe(`registered ${endpointName} 1.1 1:0,3:0`);
    expect(await interfaceOf()).toMatchObject({
      ...{ status: 'ONLINE', capabilities: { twin: { available: true } } },
      activity: { registrationLifetime: 60 },
    });
    again.script['GET /3/0/0'] = 'maker';
    expect(await ask(read('/3/0/0'))).toMatchObject({ kind: 'ok' });
    // What an update changed is known at the next start, too; and the lifetime begins anew with it.
    await again.vanish();
    connector.stop();
    await connector.start();
    services.wireClock.advance(59_000);
    expect(connector.registrationCount).toBe(1);
    services.wireClock.advance(3000);
    expect(connector.registrationCount).toBe(0);
    connector.stop();
    await connector.start();
    expect(connector.registrationCount).toBe(0);
  });

  it.each([
    ['leaves', async ({ device, location }: any) => device.send({ method: methods.DELETE, path: location })],
    ['is disabled', () => call(`PATCH ${deviceUrl}/interfaces/lwm2m:${endpointName}`, { enabled: false })],
    ['is deleted', () => call(`DELETE ${deviceUrl}`)],
  ])('of a device that %s is not there at the next start', async (_what, end) => {
    await end(await registered());
    connector.stop();
    await connector.start();
    expect(connector.registrationCount).toBe(0);
  });

  it('takes the place of the one before', async () => {
    const { device } = await registered();
    await registered();
    expect(connector.registrationCount).toBe(1);
    await until(() => device.closed);
  });

  it('is refused for an endpoint of other credentials, and the owner is told', async () => {
    await makeDevice('two');
    const device = await connect();
    const answer = await device.register(['ep=urn:lo:lwm2m:two', 'lwm2m=1.1']);
    expect([answer.codeText, answer.payloadText]).toEqual([
      '4.03',
      'the PSK identity id-one is not that of endpoint urn:lo:lwm2m:two',
    ]);
    expect(audited).toMatchObject([
      {
        description: 'Registration refused',
        source: { deviceId: 'urn:lo:nsid:lwm2m:one', connector: 'lwm2m' },
      },
    ]);
    const two = await connect('id-two');
    const { location } = await registered();
    expect((await two.send({ method: methods.DELETE, path: location })).codeText).toBe('4.04');
    expect(await status()).toBe('ONLINE');
  });

  it('needs no endpoint name where the credentials say whose it is', async () => {
    const device = await connect();
    expect((await device.register(['lwm2m=1.1'])).codeText).toBe('2.01');
    expect(await status()).toBe('ONLINE');
    expect((await interfaceOf()).activity.registrationLifetime).toBe(300);
  });

  it.each([
    [['lt=0'], '</3/0>', '4.00', 'lt must be'],
    [['lwm2m=2.0'], '</3/0>', '4.12', 'lwm2m=2.0 is not spoken'],
    [['lwm2m=1.1'], '<broken', '4.00', 'link format'],
  ])('with %j and %s is refused with %s, and the owner is told', async (more, links, code, why) => {
    const device = await connect();
    expect((await device.register([`ep=${endpointName}`, ...more], links)).codeText).toBe(code);
    expect(await status()).toBe('REGISTERED');
    expect(audited.map((entry) => entry.detailedDescription)).toEqual([expect.stringContaining(why)]);
  });

  it('is answered 5.03 when it cannot be stored', async () => {
    ear.failure = new Error('full');
    const device = await connect();
    expect((await device.register(query)).codeText).toBe('5.03');
  });

  it('leaves other paths and methods alone', async () => {
    const { device, location } = await registered();
    for (const [method, path, code] of [
      [methods.GET, '/rd', codes.methodNotAllowed],
      [methods.PUT, location, codes.methodNotAllowed],
      [methods.GET, '/dp', codes.methodNotAllowed],
      [methods.GET, '/.well-known/core', codes.notFound],
      [methods.POST, '/rd/a/b', codes.notFound],
    ] as const) {
      expect((await device.send({ method, path })).codeText, path).toBe(codeText(code));
    }
  });
});

describe('credentials', () => {
  it('that nobody has, or with a wrong key, let nobody in', async () => {
    await expect(connect('nobody')).rejects.toThrow();
    await expect(connect('id-one', 'ffff')).rejects.toThrow();
    await until(() => audited.length > 1);
    expect(audited).toMatchObject([
      {
        description: 'DTLS handshake refused',
        source: { connector: 'lwm2m' },
        content: { pskIdentity: 'nobody' },
      },
      {
        source: { deviceId: 'urn:lo:nsid:lwm2m:one', nodeId: endpointName },
        description: 'DTLS handshake refused',
        content: { pskIdentity: 'id-one', remoteAddress: '127.0.0.1' },
      },
    ]);
  });

  it('may be a text, and may be shared with one secret and no other', async () => {
    await makeDevice('text', { secret: 'my secret' });
    const device = await connect('id-text', 'my secret');
    expect((await device.register(['ep=urn:lo:lwm2m:text'])).codeText).toBe('2.01');
    await makeDevice('a', { identity: 'shared' });
    await makeDevice('b', { identity: 'shared' });
    for (const name of ['a', 'b']) {
      const each = await connect('shared');
      expect((await each.register([`ep=urn:lo:lwm2m:${name}`])).codeText).toBe('2.01');
    }
    await makeDevice('c', { identity: 'shared', secret: 'other' });
    await expect(connect('shared')).rejects.toThrow();
  });

  it('that change, or an interface that is disabled or deleted, end the session', async () => {
    const path = `${deviceUrl}/interfaces/lwm2m:${endpointName}`;
    let { device } = await registered();
    await call(`PATCH ${path}`, {
      definition: { security: { mode: 'PSK', pskInfo: { identity: 'id-one', secret: 'aa' } } },
    });
    await until(() => device.closed);
    expect(await status()).toBe('OFFLINE');
    device = await connect('id-one', 'aa');
    await device.register(query);
    expect(await status()).toBe('ONLINE');
    await call(`PATCH ${path}`, { enabled: false });
    await until(() => device.closed);
    expect(await status()).toBe('DEACTIVATED');
    await expect(connect('id-one', 'aa')).rejects.toThrow();
    await call(`PATCH ${path}`, { enabled: true });
    device = await connect('id-one', 'aa');
    await device.register(query);
    await call(`DELETE ${deviceUrl}`);
    await until(() => device.closed);
    expect(connector.registrationCount).toBe(0);
    expect(ear.told.filter((text) => text === 'gone')).toHaveLength(3);
  });
});

describe('a device in queue mode', () => {
  it('sleeps when it was not heard for a while, and is asked again when it wakes', async () => {
    const { device, location } = await registered([`ep=${endpointName}`, 'lt=3600', 'lwm2m=1.1', 'Q']);
    device.script['GET /3/0/0'] = 'maker';
    expect((await interfaceOf()).activity).toMatchObject({ queueMode: true });
    services.wireClock.advance(95_000);
    expect(await status()).toBe('SLEEPING');
    expect(await ask(read('/3/0/0'))).toMatchObject({ kind: 'unsent' });
    expect((await device.send({ method: methods.POST, path: location })).codeText).toBe('2.04');
    expect(await status()).toBe('ONLINE');
    expect(ear.told).toContain('ready');
    expect(await ask(read('/3/0/0'))).toMatchObject({ kind: 'ok' });
  });

  it('that sleeps has no session any more under another name', async () => {
    const { device } = await registered([`ep=${endpointName}`, 'lt=3600', 'lwm2m=1.1', 'Q']);
    services.wireClock.advance(95_000);
    expect(await status()).toBe('SLEEPING');
    const definition = { endpointName: 'urn:lo:lwm2m:other' };
    await call(`PATCH ${deviceUrl}/interfaces/lwm2m:${endpointName}`, { definition });
    await until(() => device.closed);
    expect(await status()).toBe('OFFLINE');
    await services.restart({ stopped: false });
    expect(services.inventory.findInterface(services.tenantId, 'lwm2m', 'urn:lo:lwm2m:other')?.status).toBe(
      'OFFLINE',
    );
  });
});

describe('what is asked of a device', () => {
  it('has values, or the error of the device', async () => {
    const { device } = await registered();
    device.script['GET /3/0/0'] = 'maker';
    const outcome = await ask(read('/3/0/0'));
    expect(outcome).toMatchObject({ kind: 'ok', values: [{ value: { type: 'STRING', value: 'maker' } }] });
    expect(await ask(read('/3/0/1'))).toMatchObject({ kind: 'deviceError', code: 404 });
    device.script['GET /3/0/9'] = 'many';
    expect(await ask(read('/3/0/9'))).toMatchObject({ kind: 'unreadable' });
    device.script['POST /3/0/4'] = { code: codes.changed };
    const execute = { kind: 'execute', path: Lwm2mPath.parse('/3/0/4'), argument: '' } as const;
    expect(await ask(execute)).toMatchObject({ kind: 'ok' });
    expect(device.asked).toEqual(['GET /3/0/0', 'GET /3/0/1', 'GET /3/0/9', 'POST /3/0/4']);
  });

  it('is not sent to a device of 1.0 that cannot do it, nor to one that is not there', async () => {
    expect(await ask(read('/3/0/0'))).toMatchObject({
      kind: 'unsent',
      reason: 'the device is not registered',
    });
    await registered([`ep=${endpointName}`, 'lwm2m=1.0']);
    expect(await ask(read('/3', '/1'))).toMatchObject({
      kind: 'invalid',
      reason: expect.stringContaining('1.1'),
    });
  });

  it('may be to tell of changes, until it is ended', async () => {
    const { device } = await registered();
    device.script['GET /3/0/0'] = 'first';
    const observe = {
      kind: 'observe',
      paths: [Lwm2mPath.parse('/3/0/0')],
      responseFormat: undefined,
    } as const;
    expect(await ask(observe, 7)).toMatchObject({ kind: 'ok', values: [{ value: { value: 'first' } }] });
    await until(() => device.observers.length > 0);
    void device.observers[0]?.notify({
      code: codes.content,
      contentFormat: 0,
      payload: Buffer.from('second'),
    });
    await until(() => ear.values.length > 0);
    expect(ear.values).toEqual(['notify /3/0/0=second']);
    const via = services.inventory.findInterface(services.tenantId, 'lwm2m', endpointName);
    connector.connectivity.twin?.endObservation(via as never, 7);
    await until(() => device.asked.length === 2);
    expect(device.requests[1]?.observe).toBe('cancel');
  });
});

describe('what a device sends by itself', () => {
  it('is taken, or refused with the reason in the audit log', async () => {
    const { device } = await registered();
    const senml = Buffer.from('[{"bn":"/3/0/","n":"9","v":44},{"n":"0","vs":"maker"}]');
    const sent = await device.send({ method: methods.POST, path: '/dp', contentFormat: 110, payload: senml });
    expect(sent.codeText).toBe('2.04');
    expect(ear.values).toEqual(['send /3/0/9=44,/3/0/0=maker']);
    const bad = await device.send({
      method: methods.POST,
      path: '/dp',
      contentFormat: 110,
      payload: Buffer.from('['),
    });
    expect(bad.codeText).toBe('4.00');
    expect(audited.at(-1)).toMatchObject({ description: 'What the device sent cannot be read' });
    const odd = await device.send({ method: methods.POST, path: '/dp', contentFormat: 9999, payload: senml });
    expect(odd.codeText).toBe('4.15');
  });

  it('needs a registration first', async () => {
    const device = await connect();
    const sent = await device.send({
      method: methods.POST,
      path: '/dp',
      contentFormat: 110,
      payload: Buffer.from('[]'),
    });
    expect(sent.codeText).toBe('4.04');
  });
});
