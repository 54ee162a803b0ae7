import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isoTime } from '../../platform/clock.ts';
import { idle, offered } from '../../testing/capabilities.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

/**
 * The examples of manual 5.5, request in, answer out, field by field. What differs from the manual is listed in
 * docs/compatibility.md; secrets such as appKey are in no answer.
 */
const devices = '/api/v1/deviceMgt/devices';
const sensor = 'urn:lo:nsid:sensor:temp001';
const ofCommands = { ...idle, command: offered };
const ofLwm2m = { ...idle, twin: { available: false, version: 1 } };

let bench: TestPlatform;
let lyon: { id: string; path: string };
let now: string;

beforeEach(async () => {
  bench = await startTestPlatform();
  now = isoTime(bench.clock.now());
  const france = await bench.call('POST', '/api/v1/deviceMgt/groups', { pathNode: 'france' });
  const { body } = await bench.call('POST', '/api/v1/deviceMgt/groups', {
    ...{ pathNode: 'lyon', parentId: france.body.id },
  });
  lyon = { id: body.id, path: '/france/lyon' };
});
afterEach(() => bench.stop());

/** Registers, expects this answer, and the same when the device is asked for. */
async function expectDevice(request: { id: string }, answer: object): Promise<void> {
  const body = { ...answer, created: now, updated: now, activityState: 'NOT_MONITORED' };
  expect(await bench.call('POST', devices, request)).toEqual({ status: 200, body });
  expect(await bench.call('GET', `${devices}/${request.id}`)).toEqual({ status: 200, body });
}

const stamps = () => ({ activity: {}, created: now, updated: now });

describe('5.5.1, LoRa', () => {
  const definition = {
    devEUI: '0101010210101010',
    profile: 'Generic_classA_RX2SF9',
    activationType: 'OTAA',
    appEUI: '9879876546543211',
    connectivityOptions: { ackUl: true, location: false },
    connectivityPlan: 'orange-cs/CP_Basic',
  };

  it('5.5.1.4.1: a device is registered', async () => {
    const shared = {
      id: 'urn:lo:nsid:lora:0101010210101010',
      tags: ['Lyon', 'Test'],
      name: 'myLoraSensor',
      description: 'device with LoRa interface',
      properties: { manufacturer: 'Orange', model: 'LoraSensor' },
      group: lyon,
    };
    const secret = { appKey: '11223344556677889988776655443322' };
    await expectDevice(
      {
        ...shared,
        interfaces: [{ connector: 'lora', enabled: true, definition: { ...definition, ...secret } }],
      } as { id: string },
      {
        ...shared,
        interfaces: [
          {
            connector: 'lora',
            nodeId: '0101010210101010',
            enabled: true,
            status: 'REGISTERED',
            definition,
            capabilities: ofCommands,
            ...stamps(),
          },
        ],
        defaultDataStreamId: 'urn:lo:nsid:lora:0101010210101010',
      },
    );
  });

  it('5.5.1.4.2: an interface is added', async () => {
    await bench.call('POST', devices, { id: sensor });
    const other = { ...definition, devEUI: '0202020220202020', appEUI: '4573876546543211' };
    const secret = { appKey: '11113344556677889988776655443322' };
    const request = { connector: 'lora', enabled: true, definition: { ...other, ...secret } };
    expect(await bench.call('POST', `${devices}/${sensor}/interfaces`, request)).toEqual({
      status: 201,
      body: {
        connector: 'lora',
        nodeId: '0202020220202020',
        deviceId: sensor,
        enabled: true,
        status: 'REGISTERED',
        definition: other,
        capabilities: ofCommands,
        ...stamps(),
      },
    });
  });
});

describe('5.5.2, SMS', () => {
  const definition = { msisdn: '33600000001', serverPhoneNumber: '20259' };

  it('5.5.2.5.1: a device is registered', async () => {
    const shared = {
      id: 'urn:lo:nsid:sensor:temp002',
      tags: ['Lyon', 'Test'],
      name: 'mySensor002',
      description: 'moisture sensor',
      properties: { manufacturer: 'Orange', model: 'MoistureSensorV3' },
      group: lyon,
    };
    const given = { ...shared, interfaces: [{ connector: 'sms', enabled: true, definition }] };
    await expectDevice(given, {
      ...shared,
      interfaces: [
        {
          connector: 'sms',
          nodeId: '33600000001',
          enabled: true,
          status: 'ONLINE',
          definition,
          capabilities: ofCommands,
          ...stamps(),
        },
      ],
      defaultDataStreamId: 'urn:lo:nsid:sensor:temp002',
    });
  });

  it('5.5.2.5.2: an interface is added', async () => {
    await bench.call('POST', devices, { id: sensor });
    const request = { connector: 'sms', enabled: true, definition };
    expect(await bench.call('POST', `${devices}/${sensor}/interfaces`, request)).toEqual({
      status: 201,
      body: {
        connector: 'sms',
        nodeId: '33600000001',
        deviceId: sensor,
        enabled: true,
        status: 'ONLINE',
        definition,
        capabilities: ofCommands,
        ...stamps(),
      },
    });
  });
});

it('5.5.3.4.1: a device with an MQTT interface is registered', async () => {
  const shared = {
    id: 'urn:lo:nsid:mqtt:mydevice_001',
    tags: ['Lyon', 'Test'],
    name: 'mySensor002',
    description: 'moisture sensor',
    properties: { manufacturer: 'Orange', model: 'MoistureSensorV3' },
    group: lyon,
  };
  const definition = { clientId: 'mydevice_001' };
  const given = { ...shared, interfaces: [{ connector: 'mqtt', enabled: true, definition }] };
  await expectDevice(given, {
    ...shared,
    interfaces: [
      {
        connector: 'mqtt',
        nodeId: 'mydevice_001',
        enabled: true,
        status: 'REGISTERED',
        definition,
        capabilities: idle,
        ...stamps(),
      },
    ],
    defaultDataStreamId: 'urn:lo:nsid:mqtt:mydevice_001',
  });
});

describe('5.5.4, LwM2M', () => {
  const shared = {
    id: 'urn:lo:nsid:lwm2m:test12',
    description: 'device for test',
    defaultDataStreamId: 'urn:lo:nsid:lwm2m:test13Stream',
  };
  const withDefaults = { tags: [], properties: {}, group: { id: 'root', path: '/' } };
  const interfaceWith = (definition: object) => ({
    connector: 'lwm2m',
    nodeId: 'urn:lo:lwm2m:my_endpoint123',
    enabled: true,
    status: 'REGISTERED',
    definition: { endpointName: 'urn:lo:lwm2m:my_endpoint123', ...definition },
    capabilities: ofLwm2m,
    ...stamps(),
  });
  const requestWith = (definition: object) => [
    {
      connector: 'lwm2m',
      enabled: 'true',
      definition: { endpointName: 'urn:lo:lwm2m:my_endpoint123', ...definition },
    },
  ];

  it('5.5.4.5.1 and 5.5.4.5.3: a device is registered, and its interface looked at', async () => {
    const named = { ...shared, name: 'Lwm2m device' };
    const securityWith = (secret: object) => ({
      security: { mode: 'PSK', pskInfo: { identity: 'test_lwm2m_id2', ...secret } },
    });
    const interfaces = requestWith(securityWith({ secret: 'my_psk_secret' }));
    const shown = interfaceWith(securityWith({}));
    await expectDevice({ ...named, interfaces } as { id: string }, {
      ...named,
      ...withDefaults,
      interfaces: [shown],
    });
    expect(await bench.call('GET', `${devices}/${shared.id}/interfaces`)).toEqual({
      status: 200,
      body: [{ ...shown, deviceId: shared.id }],
    });
  });

  it('5.5.4.5.2: a device is registered that the bootstrap server manages', async () => {
    const named = { ...shared, name: 'Lwm2m device managed by Bootstrap' };
    const bootstrap = { bootstrap: { managed: true } };
    await expectDevice({ ...named, interfaces: requestWith(bootstrap) } as { id: string }, {
      ...named,
      ...withDefaults,
      interfaces: [interfaceWith(bootstrap)],
    });
  });
});

it('5.5.5.2: a device behind an external connector is registered', async () => {
  const shared = {
    id: 'urn:lo:nsid:external:measures',
    name: 'sensor #12',
    description: 'MyDeviceMaker sensor #12',
    defaultDataStreamId: 'urn:lo:nsid:external:measures',
    tags: ['demo', 'sensor'],
    properties: { manufacturer: 'MyDeviceMaker, Inc.', hwVersion: '2.0.1.7-us_64' },
  };
  const definition = { nodeId: 'myDevice1234' };
  const given = { ...shared, interfaces: [{ connector: 'x-connector', enabled: true, definition }] };
  await expectDevice(given, {
    ...shared,
    group: { id: 'root', path: '/' },
    interfaces: [
      {
        connector: 'x-connector',
        nodeId: 'myDevice1234',
        enabled: true,
        status: 'REGISTERED',
        definition,
        capabilities: idle,
        ...stamps(),
      },
    ],
  });
});
