import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeviceRequest } from '../contract/devices.ts';
import { PlatformError } from '../contract/errors.ts';
import type { InterfaceStatusEvent } from '../contract/events.ts';
import { isoTime } from '../platform/clock.ts';
import type { Statement, Store } from '../store/types.ts';
import { TestServices } from '../testing/test-services.ts';
import { toDeviceJson } from './device-json.ts';
import { toInterfaceJson } from './interface-json.ts';
import type { Device, ProvisionRequest } from './types.ts';

let services: TestServices;
let tenantId: string;

beforeEach(async () => {
  services = await TestServices.start();
  tenantId = services.tenantId;
});
afterEach(async () => services[Symbol.asyncDispose]());

const create = (request: object): Promise<Device> =>
  services.inventory.createDevice(tenantId, createDeviceRequest.parse(request));

const mqtt = (clientId: string, enabled: unknown = true) => ({
  connector: 'mqtt',
  enabled,
  definition: { clientId },
});

const node = (nodeId: string): ProvisionRequest => ({
  tenantId,
  connector: 'mqtt',
  nodeId,
  deviceId: `urn:lo:nsid:mqtt:${nodeId}`,
  definition: { clientId: nodeId },
});

/** Makes the next commits of the store fail, or wait until they are let go. */
function holdCommits(): { release(): void; fail(): void } {
  const { store } = services;
  const commit = store.commit.bind(store);
  const waiting: (() => void)[] = [];
  let failing = false;
  store.commit = async (transaction: readonly Statement[]) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    if (failing) throw new PlatformError('store.full', 'full');
    return commit(transaction);
  };
  const restore = (): void => {
    store.commit = commit as Store['commit'];
    for (const go of waiting) go();
  };
  return {
    release: restore,
    fail: () => {
      failing = true;
      restore();
    },
  };
}

describe('provision', () => {
  it('makes the device of a node that is met for the first time', async () => {
    const created: string[] = [];
    services.bus.on('deviceCreated', created, ({ deviceId }) => created.push(deviceId));
    const added = await services.inventory.provision(node('n1'));
    expect(toInterfaceJson(added)).toEqual({
      connector: 'mqtt',
      nodeId: 'n1',
      deviceId: 'urn:lo:nsid:mqtt:n1',
      enabled: true,
      status: 'REGISTERED',
      definition: { clientId: 'n1' },
      capabilities: {
        configuration: { available: false },
        command: { available: false },
        resource: { available: false },
        twin: { available: false },
      },
      activity: {},
      created: isoTime(services.clock.now()),
      updated: isoTime(services.clock.now()),
    });
    expect(added.device).toMatchObject({
      id: 'urn:lo:nsid:mqtt:n1',
      name: undefined,
      defaultDataStreamId: 'urn:lo:nsid:mqtt:n1',
      group: { id: 'root', path: '/' },
    });
    expect(added.device.description).toContain('mqtt');
    expect(created).toEqual(['urn:lo:nsid:mqtt:n1']);
    expect(services.inventory.findInterface(tenantId, 'mqtt', 'n1')).toBe(added);
    expect(await services.inventory.provision(node('n1'))).toBe(added);
  });

  it('joins callers that meet the same node at the same time', async () => {
    const created: string[] = [];
    services.bus.on('deviceCreated', created, ({ deviceId }) => created.push(deviceId));
    const made = await Promise.all(
      Array.from({ length: 20 }, () => services.inventory.provision(node('n1'))),
    );
    expect(new Set(made).size).toBe(1);
    expect(created).toHaveLength(1);
    expect(await services.store.query({ sql: 'select * from interfaces', parameters: [] })).toHaveLength(1);
  });

  it('adds an interface to a device that is there, also for two nodes at once', async () => {
    const device = await create({ id: 'urn:lo:nsid:a:b' });
    const [one, two] = await Promise.all(
      ['n1', 'n2'].map((name) =>
        services.inventory.provision({ ...node(name), deviceId: 'urn:lo:nsid:a:b' }),
      ),
    );
    expect(one?.device).toBe(device);
    expect(two?.device).toBe(device);
    expect([...device.interfaces]).toEqual([one, two]);
    await services.restart({ stopped: true });
    expect(services.inventory.findDevice(tenantId, 'urn:lo:nsid:a:b')?.interfaces.size).toBe(2);
  });

  it('waits for a registration of the same node over the API', async () => {
    const held = holdCommits();
    const registered = create({ id: 'urn:lo:nsid:a:b', interfaces: [mqtt('n1')] });
    const provisioned = services.inventory.provision(node('n1'));
    held.release();
    expect((await provisioned).device).toBe(await registered);
  });

  it('leaves nothing behind when the store fails, and lets the next one try', async () => {
    const held = holdCommits();
    const [first, second] = [
      services.inventory.provision(node('n1')),
      services.inventory.provision(node('n1')),
    ];
    held.fail();
    await expect(first).rejects.toMatchObject({ code: 'store.full' });
    expect((await second).nodeId).toBe('n1');
  });

  it('refuses an id that no device may have', async () => {
    await expect(
      services.inventory.provision({ ...node('n1'), deviceId: 'urn:lo:nsid:a b' }),
    ).rejects.toMatchObject({
      code: 'api.invalidParameter',
    });
  });
});

describe('createDevice', () => {
  it('is visible once it is durable, and holds its ids until then', async () => {
    const held = holdCommits();
    const first = create({ id: 'urn:lo:nsid:a:b', interfaces: [mqtt('n1')] });
    expect(services.inventory.findDevice(tenantId, 'urn:lo:nsid:a:b')).toBeUndefined();
    await expect(create({ id: 'urn:lo:nsid:a:b' })).rejects.toMatchObject({
      code: 'inventory.deviceDuplicate',
    });
    await expect(create({ id: 'urn:lo:nsid:a:c', interfaces: [mqtt('n1')] })).rejects.toMatchObject({
      code: 'inventory.interfaceDuplicate',
    });
    held.release();
    const made = await first;
    expect(services.inventory.findDevice(tenantId, 'urn:lo:nsid:a:b')).toBe(made);
  });

  it('gives its ids back when the store fails', async () => {
    const held = holdCommits();
    const failing = create({ id: 'urn:lo:nsid:a:b', interfaces: [mqtt('n1')] });
    held.fail();
    await expect(failing).rejects.toMatchObject({ code: 'store.full' });
    expect((await create({ id: 'urn:lo:nsid:a:b', interfaces: [mqtt('n1')] })).id).toBe('urn:lo:nsid:a:b');
  });

  it('refuses two interfaces of one node in one request', async () => {
    await expect(create({ id: 'urn:lo:nsid:a:b', interfaces: [mqtt('n'), mqtt('n')] })).rejects.toMatchObject(
      {
        code: 'inventory.interfaceDuplicate',
      },
    );
  });

  it('is the same after a start', async () => {
    await services.inventory.groups.create(tenantId, { pathNode: 'é', parentId: null, description: null });
    const device = await create({
      id: 'urn:lo:nsid:a:b',
      name: 'nämé 温度',
      description: 'd',
      tags: ['a', 'b', 'a'],
      properties: { k: 'v' },
      group: { path: '/é' },
      staticLocation: { lat: 1.5, lon: -2, alt: 3 },
      interfaces: [
        mqtt('n1'),
        mqtt('n2', 'false'),
        { connector: 'x-connector', definition: { nodeId: 'x' } },
      ],
    });
    const before = toDeviceJson(device);
    expect(before.interfaces?.map(({ status }) => status)).toEqual([
      'REGISTERED',
      'DEACTIVATED',
      'REGISTERED',
    ]);
    expect(before.tags).toEqual(['a', 'b']);
    services.clock.advance(5000);
    await services.restart({ stopped: false });
    expect(toDeviceJson(services.inventory.getDevice(tenantId, 'urn:lo:nsid:a:b'))).toEqual(before);
  });
});

describe('sessions', () => {
  it('shows changes at once, stores the status at once and the rest soon after', async () => {
    const target = await services.inventory.provision(node('n1'));
    const told: InterfaceStatusEvent[] = [];
    services.bus.on('interfaceStatus', told, (event) => told.push(event));
    void services.inventory.updateSession(target, {
      status: 'ONLINE',
      activity: { mqttVersion: 4 },
      capabilities: { command: true },
    });
    void services.inventory.updateSession(target, { activity: { mqttTimeout: 60 } });
    services.inventory.touch(target);
    expect(told).toEqual([
      { tenantId, deviceId: target.device.id, connector: 'mqtt', nodeId: 'n1', status: 'ONLINE' },
    ]);
    expect(toInterfaceJson(target)).toMatchObject({
      status: 'ONLINE',
      activity: { mqttVersion: 4, mqttTimeout: 60 },
      capabilities: { command: { version: 1, available: true }, twin: { available: false } },
      lastContact: isoTime(services.clock.now()),
    });
    const stored = () =>
      services.store.query({ sql: 'select status, last_contact from interfaces', parameters: [] });
    expect(await stored()).toEqual([{ status: 'ONLINE', last_contact: null }]);
    services.clock.advance(1000);
    expect(await stored()).toEqual([{ status: 'ONLINE', last_contact: services.clock.now() - 1000 }]);
    services.inventory.touch(target);
    services.clock.advance(1000);
    expect(await stored()).toEqual([{ status: 'ONLINE', last_contact: services.clock.now() - 1000 }]);
  });

  it('ends those that a kill left open', async () => {
    const [online, offline] = await Promise.all(
      ['n1', 'n2'].map((name) => services.inventory.provision(node(name))),
    );
    void services.inventory.updateSession(online!, {
      status: 'ONLINE',
      capabilities: { command: true },
      activity: { a: 1 },
    });
    void services.inventory.updateSession(offline!, {
      status: 'OFFLINE',
      activity: { lastSessionEndTime: 'then' },
    });
    services.clock.advance(1000);
    services.clock.advance(60_000);
    await services.restart({ stopped: false });
    expect(services.inventory.findInterface(tenantId, 'mqtt', 'n1')).toMatchObject({
      status: 'OFFLINE',
      capabilities: { command: false },
      activity: { a: 1, lastSessionEndTime: isoTime(services.clock.now()) },
    });
    expect(services.inventory.findInterface(tenantId, 'mqtt', 'n2')?.activity).toEqual({
      lastSessionEndTime: 'then',
    });
    expect(
      await services.store.query({ sql: `select 1 from interfaces where status = 'ONLINE'`, parameters: [] }),
    ).toEqual([]);
  });

  it('ends those of devices that were asleep, and no state that is no session', async () => {
    const security = { mode: 'PSK', pskInfo: { identity: 'i', secret: '00' } };
    const made = await services.inventory.createDevice(tenantId, {
      id: 'urn:lo:nsid:test:asleep',
      interfaces: [
        { connector: 'lwm2m', enabled: true, definition: { endpointName: 'asleep', security } },
        { connector: 'sms', enabled: true, definition: { msisdn: '33601201201' } },
      ],
    });
    const [asleep] = made.interfaces;
    void services.inventory.updateSession(asleep!, {
      status: 'SLEEPING',
      capabilities: { twin: true },
      activity: { lastRegistrationDate: 'then' },
    });
    services.clock.advance(1000);
    await services.restart({ stopped: false });
    expect(services.inventory.findInterface(tenantId, 'lwm2m', 'asleep')).toMatchObject({
      status: 'OFFLINE',
      capabilities: { twin: false },
    });
    expect(services.inventory.findInterface(tenantId, 'sms', '33601201201')?.status).toBe('ONLINE');
  });

  it('writes what is waiting at the stop, and leaves no timer', async () => {
    const target = await services.inventory.provision(node('n1'));
    void services.inventory.updateSession(target, { status: 'OFFLINE' });
    await services.inventory.stop();
    await services.accounts.stop();
    expect(services.clock.pendingTimers()).toEqual([]);
    expect(await services.store.query({ sql: 'select status from interfaces', parameters: [] })).toEqual([
      { status: 'OFFLINE' },
    ]);
  });

  it('tries again what the store refused', async () => {
    const target = await services.inventory.provision(node('n1'));
    const held = holdCommits();
    void services.inventory.updateSession(target, { status: 'ONLINE' });
    services.clock.advance(1000);
    held.fail();
    await new Promise((resolve) => setImmediate(resolve));
    services.clock.advance(1000);
    await services.inventory.stop();
    expect(await services.store.query({ sql: 'select status from interfaces', parameters: [] })).toEqual([
      { status: 'ONLINE' },
    ]);
  });

  it('ignores an interface that is gone', async () => {
    const target = await services.inventory.provision(node('n1'));
    await services.inventory.deleteDevice(tenantId, target.device.id);
    const told: string[] = [];
    services.bus.on('interfaceStatus', told, ({ status }) => told.push(status));
    void services.inventory.updateSession(target, { status: 'ONLINE' });
    services.inventory.touch(target);
    expect(told).toEqual([]);
  });
});

describe('deleteDevice', () => {
  it('takes its interfaces along and tells it', async () => {
    const device = await create({ id: 'urn:lo:nsid:a:b', interfaces: [mqtt('n1')] });
    const deleted: unknown[] = [];
    services.bus.on('deviceDeleted', deleted, (event) => deleted.push(event));
    await services.inventory.deleteDevice(tenantId, device.id);
    expect(deleted).toEqual([{ tenantId, deviceId: device.id, groupPath: '/', connectors: ['mqtt'] }]);
    expect(services.inventory.findInterface(tenantId, 'mqtt', 'n1')).toBeUndefined();
    await services.restart({ stopped: true });
    expect(services.inventory.findDevice(tenantId, device.id)).toBeUndefined();
    await create({ id: 'urn:lo:nsid:a:b', interfaces: [mqtt('n1')] });
  });

  it('happens once when asked for twice at once', async () => {
    await create({ id: 'urn:lo:nsid:a:b' });
    const both = await Promise.allSettled(
      [1, 2].map(() => services.inventory.deleteDevice(tenantId, 'urn:lo:nsid:a:b')),
    );
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });
});
