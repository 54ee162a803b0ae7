import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoTime } from '../../platform/clock.ts';
import { idle } from '../../testing/capabilities.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';

/**
 * The examples of manual 5.2.1.6 and 5.3, request in, answer out, field by field. What differs from the manual is
 * listed in docs/compatibility.md; ids and times that the platform makes are those of its answers and its clock.
 */
const devices = '/api/v1/deviceMgt/devices';

let bench: TestPlatform;
let lyon: { id: string; path: string };
const now = (): string => isoTime(bench.clock.now());

beforeAll(async () => {
  bench = await startTestPlatform();
  const france = await bench.call('POST', '/api/v1/deviceMgt/groups', { pathNode: 'france' });
  const { body } = await bench.call('POST', '/api/v1/deviceMgt/groups', {
    ...{ pathNode: 'lyon', parentId: france.body.id },
  });
  lyon = { id: body.id, path: '/france/lyon' };
});
afterAll(() => bench.stop());

describe('5.3.1, register a device', () => {
  it('without interface', async () => {
    const request = {
      id: 'urn:lo:nsid:sensor:temp001',
      tags: ['Lyon', 'Test'],
      name: 'mySensor001',
      description: 'moisture sensor',
      properties: { manufacturer: 'Orange', model: 'MoistureSensorV3' },
      group: { path: '/france/lyon' },
    };
    expect(await bench.call('POST', devices, request)).toEqual({
      status: 200,
      body: {
        id: 'urn:lo:nsid:sensor:temp001',
        description: 'moisture sensor',
        name: 'mySensor001',
        defaultDataStreamId: 'urn:lo:nsid:sensor:temp001',
        tags: ['Lyon', 'Test'],
        properties: { manufacturer: 'Orange', model: 'MoistureSensorV3' },
        group: lyon,
        created: now(),
        updated: now(),
        activityState: 'NOT_MONITORED',
      },
    });
  });

  it('5.2.1.6: with a static location', async () => {
    const request = {
      id: 'urn:lo:nsid:sensor:place',
      description: 'Device 123',
      name: 'My Device',
      defaultDataStreamId: 'MydefaultStream',
      interfaces: [
        {
          connector: 'mqtt',
          enabled: 'true',
          definition: { clientId: 'urn:lo:nsid:sensor:place', encoding: 'myEncoding' },
        },
      ],
      staticLocation: { lat: 48.8566, lon: 2.3522 },
    };
    const expected = {
      id: 'urn:lo:nsid:sensor:place',
      description: 'Device 123',
      name: 'My Device',
      defaultDataStreamId: 'MydefaultStream',
      tags: [],
      properties: {},
      group: { id: 'root', path: '/' },
      interfaces: [
        {
          connector: 'mqtt',
          nodeId: 'urn:lo:nsid:sensor:place',
          enabled: true,
          status: 'REGISTERED',
          definition: { clientId: 'urn:lo:nsid:sensor:place', encoding: 'myEncoding' },
          capabilities: idle,
          activity: {},
          created: now(),
          updated: now(),
        },
      ],
      staticLocation: { lat: 48.8566, lon: 2.3522 },
      created: now(),
      updated: now(),
      activityState: 'NOT_MONITORED',
    };
    expect(await bench.call('POST', devices, request)).toEqual({ status: 200, body: expected });
    expect(await bench.call('GET', `${devices}/${request.id}`)).toEqual({ status: 200, body: expected });
    // The manual writes the id into the path here, and only here.
    expect((await bench.call('POST', `${devices}/${request.id}`, request)).status).toBe(405);
    await bench.call('DELETE', `${devices}/${request.id}`);
  });
});

describe('5.3.2, list devices', () => {
  it('by the beginning of the name, by id from the last, with some fields', async () => {
    await bench.call('POST', devices, { id: 'urn:lo:nsid:sensor:temp002', name: 'mySensor002' });
    await bench.call('POST', devices, { id: 'urn:lo:nsid:sensor:temp003', name: 'itsSensor003' });
    const query = 'name=mySensor*&sort=-id&fields=name,created,group';
    expect(await bench.call('GET', `${devices}?${query}`)).toEqual({
      status: 200,
      body: [
        {
          id: 'urn:lo:nsid:sensor:temp002',
          name: 'mySensor002',
          group: { id: 'root', path: '/' },
          created: now(),
        },
        {
          id: 'urn:lo:nsid:sensor:temp001',
          name: 'mySensor001',
          group: lyon,
          created: now(),
        },
      ],
    });
    for (const name of ['temp002', 'temp003']) {
      await bench.call('DELETE', `${devices}/urn:lo:nsid:sensor:${name}`);
    }
  });

  it('by a filter in RSQL, as the manual encodes it', async () => {
    await bench.call('POST', '/api/v1/deviceMgt/groups', { pathNode: 'France' });
    const make = (name: string, more: object) =>
      bench.call('POST', devices, { id: `urn:lo:nsid:rsql:${name}`, ...more });
    const lwm2m = { connector: 'lwm2m', definition: { endpointName: 'e1', bootstrap: { managed: true } } };
    const other = { connector: 'lwm2m', definition: { endpointName: 'e2', bootstrap: { managed: true } } };
    const external = { connector: 'x-connector', definition: { nodeId: 'n1' } };
    await make('all', { group: { path: '/France' }, tags: ['demo'], interfaces: [lwm2m] });
    await make('untagged', { group: { path: '/France' }, interfaces: [other] });
    await make('external', { interfaces: [external] });
    await make('none', { group: { path: '/France' }, tags: ['demo'] });
    const filter =
      'filterQuery=groupPath%3d%3d/France%3btags%3d%3ddemo%3bconnector%3d%3dlwm2m+or+(connector%3d%3dx-connector)';
    expect(await bench.call('GET', `${devices}?fields=id&${filter}`)).toEqual({
      status: 200,
      body: [{ id: 'urn:lo:nsid:rsql:all' }, { id: 'urn:lo:nsid:rsql:external' }],
    });
  });
});

describe('5.3.3, get a device', () => {
  it('that registered itself over MQTT, and left', async () => {
    const id = 'urn:lo:nsid:mqtt:myTest';
    const key = await bench.call('POST', '/api/v0/apiKeys', { label: 'device', roles: ['DEVICE_ACCESS'] });
    const created = now();
    const client = await mqtt.connectAsync(bench.platform.endpoints().mqtt ?? '', {
      ...{ clientId: id, username: 'json+device', password: key.body.value, keepalive: 60 },
    });
    const lastSessionStartTime = now();
    bench.clock.advance(60_000);
    await client.publishAsync('dev/data', '{"v":{"t":1}}', { qos: 1 });
    const lastContact = now();
    bench.clock.advance(60_000);
    await client.endAsync();
    const get = () => bench.call('GET', `${devices}/${id}`);
    await until(async () => (await get()).body.interfaces[0].status === 'OFFLINE');
    const left = now();
    expect(await get()).toEqual({
      status: 200,
      body: {
        id,
        description: `Registered at its first contact through mqtt, as node ${id}`,
        tags: [],
        properties: {},
        group: { id: 'root', path: '/' },
        defaultDataStreamId: id,
        created,
        updated: created,
        activityState: 'NOT_MONITORED',
        interfaces: [
          {
            connector: 'mqtt',
            nodeId: id,
            enabled: true,
            status: 'OFFLINE',
            lastContact,
            definition: { clientId: id },
            capabilities: idle,
            activity: {
              apiKeyId: key.body.id,
              mqttVersion: 4,
              mqttUsername: 'json+device',
              mqttTimeout: 60,
              remoteAddress: expect.stringMatching(/^127\.0\.0\.1\/\d+$/),
              lastSessionStartTime,
              lastSessionEndTime: left,
            },
            created,
            updated: left,
          },
        ],
      },
    });
  });

  it('that is not there', async () => {
    expect(await bench.call('GET', `${devices}/urn:lo:nsid:sensor:nobody`)).toEqual({
      status: 404,
      body: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        code: 'DM_DEVICE_NOT_FOUND',
        message: 'There is no such device.',
        details: 'urn:lo:nsid:sensor:nobody',
      },
    });
  });
});

it('5.3.4, delete a device', async () => {
  const path = `${devices}/urn:lo:nsid:sensor:temp001`;
  expect(await bench.call('DELETE', path)).toEqual({ status: 204, body: undefined });
  expect(await bench.call('DELETE', path)).toMatchObject({
    status: 404,
    body: { code: 'DM_DEVICE_NOT_FOUND' },
  });
});
