import { beforeEach, describe, expect, it } from 'vitest';
import { isoTime } from '../../platform/clock.ts';
import { apiForEachTest } from '../../testing/api-for-each-test.ts';
import type { TestAnswer } from '../../testing/test-services.ts';

const devices = '/api/v1/deviceMgt/devices';

const api = apiForEachTest();
let now: string;
beforeEach(async () => {
  now = isoTime(api.services.clock.now());
});

const { call } = api;
const create = (body: object): Promise<TestAnswer> => call(`POST ${devices}`, { body });

/** The group of the manual's examples; answers its id. */
async function makeLyon(): Promise<string> {
  const france = await call('POST /api/v1/deviceMgt/groups', { body: { pathNode: 'france' } });
  const lyon = await call('POST /api/v1/deviceMgt/groups', {
    body: { pathNode: 'lyon', parentId: france.body.id },
  });
  return lyon.body.id;
}

const sensor = {
  id: 'urn:lo:nsid:sensor:temp001',
  tags: ['Lyon', 'Test'],
  name: 'mySensor001',
  description: 'moisture sensor',
  properties: { manufacturer: 'Orange', model: 'MoistureSensorV3' },
  group: { path: '/france/lyon' },
};
const unavailable = {
  configuration: { available: false },
  command: { available: false },
  resource: { available: false },
  twin: { available: false },
};

describe('register a device', () => {
  it('with the enabled flag as text, a stream, an encoding and a position (manual 5.2.1.6)', async () => {
    const answer = await create({
      id: 'urn:lo:nsid:a:b',
      defaultDataStreamId: 'MydefaultStream',
      interfaces: [
        { connector: 'mqtt', enabled: 'true', definition: { clientId: 'urn:lo:nsid:a:b', encoding: 'e' } },
        { connector: 'mqtt', enabled: 'false', definition: { clientId: 'two' } },
      ],
      staticLocation: { lat: 48.1, lon: -1.6 },
    });
    expect(answer.body).toMatchObject({
      defaultDataStreamId: 'MydefaultStream',
      tags: [],
      properties: {},
      group: { id: 'root', path: '/' },
      interfaces: [
        { nodeId: 'urn:lo:nsid:a:b', enabled: true, status: 'REGISTERED', definition: { encoding: 'e' } },
        { nodeId: 'two', enabled: false, status: 'DEACTIVATED' },
      ],
      staticLocation: { lat: 48.1, lon: -1.6 },
    });
  });

  it('takes the longest and strangest that is allowed', async () => {
    const body = {
      id: `urn:lo:nsid:${'a'.repeat(128)}:${'b:'.repeat(64)}`,
      name: '温度 ☃ "quoted" \' ; drop table devices; --',
      description: '\u0001\uD83D\uDE00'.repeat(150),
      tags: ['t'.repeat(32), '"],["', '%_'],
      properties: { ['p'.repeat(128)]: 'v'.repeat(256), __proto: 'x', constructor: 'y' },
      staticLocation: { lat: -90, lon: 180, alt: -400 },
    };
    expect((await create(body)).status).toBe(200);
    const got = await call(`GET ${devices}/${encodeURIComponent(body.id)}`);
    expect(got.body).toMatchObject(body);
    expect(Object.keys(got.body.properties).sort()).toEqual(Object.keys(body.properties).sort());
  });

  it('refuses what is in conflict or missing, by its own code (manual 5.3.1.2)', async () => {
    const mqtt = [{ connector: 'mqtt', definition: { clientId: 'n' } }];
    await create({ id: 'urn:lo:nsid:a:b', interfaces: mqtt });
    for (const [body, status, code] of [
      [{ id: 'urn:lo:nsid:a:b' }, 409, 'DM_DEVICE_DUPLICATE'],
      [{ id: 'urn:lo:nsid:a:c', interfaces: mqtt }, 409, 'DM_INTERFACE_DUPLICATE'],
      [{ id: 'urn:lo:nsid:a:c', group: { path: '/nowhere' } }, 404, 'DM_GROUP_NOT_FOUND'],
      [{ id: 'urn:lo:nsid:a:c', group: { id: 'root', path: '/nowhere' } }, 404, 'DM_GROUP_NOT_FOUND'],
      [
        { id: 'urn:lo:nsid:a:c', interfaces: [{ connector: 'http', definition: {} }] },
        404,
        'DM_CONNECTOR_UNAVAILABLE',
      ],
      [
        { id: 'urn:lo:nsid:a:c', interfaces: [{ connector: 'pigeon', definition: {} }] },
        404,
        'DM_CONNECTOR_UNAVAILABLE',
      ],
    ] as const) {
      expect(await create(body)).toMatchObject({ status, body: { code } });
    }
  });
});

describe('get and delete a device', () => {
  it('shows what a session has left (manual 5.3.3.2)', async () => {
    const target = await api.services.inventory.provision({
      tenantId: api.services.tenantId,
      connector: 'mqtt',
      nodeId: 'urn:lo:nsid:mqtt:myTest',
      deviceId: 'urn:lo:nsid:mqtt:myTest',
      definition: { clientId: 'urn:lo:nsid:mqtt:myTest' },
    });
    const activity = {
      apiKeyId: '60508c314ca6b82d6d605b1e',
      mqttVersion: 4,
      mqttUsername: 'json+device',
      mqttTimeout: 60,
      remoteAddress: '82.13.102.175/27659',
      lastSessionStartTime: '2021-08-13T09:03:21.158Z',
      lastSessionEndTime: '2021-08-13T09:04:06.750Z',
    };
    api.services.clock.advance(10);
    void api.services.inventory.updateSession(target, { status: 'OFFLINE', activity });
    api.services.inventory.touch(target);
    const later = isoTime(api.services.clock.now());
    expect(await call(`GET ${devices}/urn:lo:nsid:mqtt:myTest`)).toMatchObject({
      status: 200,
      body: {
        id: 'urn:lo:nsid:mqtt:myTest',
        description: expect.stringContaining('mqtt'),
        group: { id: 'root', path: '/' },
        defaultDataStreamId: 'urn:lo:nsid:mqtt:myTest',
        created: now,
        updated: now,
        activityState: 'NOT_MONITORED',
        interfaces: [
          {
            connector: 'mqtt',
            nodeId: 'urn:lo:nsid:mqtt:myTest',
            enabled: true,
            status: 'OFFLINE',
            lastContact: later,
            capabilities: unavailable,
            activity,
            created: now,
            updated: later,
          },
        ],
      },
    });
  });

  it('answers 204 once, and 404 from then on (manual 5.3.4)', async () => {
    await makeLyon();
    await create(sensor);
    const removed = await call(`DELETE ${devices}/${sensor.id}`, {
      headers: { 'Content-Type': 'application/json' },
    });
    expect(removed).toMatchObject({ status: 204, body: '' });
    const gone = { status: 404, body: { code: 'DM_DEVICE_NOT_FOUND' } };
    expect(await call(`DELETE ${devices}/${sensor.id}`)).toMatchObject(gone);
    expect(await call(`GET ${devices}/${sensor.id}`)).toMatchObject(gone);
  });
});

describe('two tenants', () => {
  it('have the same ids and do not see each other', async () => {
    const { masterKey: key } = await api.services.accounts.createTenant('other');
    const body = {
      id: 'urn:lo:nsid:a:b',
      interfaces: [{ connector: 'mqtt', definition: { clientId: 'n' } }],
    };
    expect((await create({ ...body, name: 'mine' })).status).toBe(200);
    expect((await call(`GET ${devices}`, { key })).body).toEqual([]);
    expect((await call(`GET ${devices}/${body.id}`, { key })).status).toBe(404);
    expect((await call(`GET ${devices}/${body.id}/interfaces`, { key })).status).toBe(404);
    expect((await call(`POST ${devices}`, { key, body: { ...body, name: 'theirs' } })).status).toBe(200);
    expect((await call(`DELETE ${devices}/${body.id}`, { key })).status).toBe(204);
    expect((await call(`GET ${devices}/${body.id}`)).body.name).toBe('mine');
    const france = await call('POST /api/v1/deviceMgt/groups', { body: { pathNode: 'france' } });
    expect((await call(`GET /api/v1/deviceMgt/groups/${france.body.id}`, { key })).status).toBe(404);
    expect(
      await call('POST /api/v1/deviceMgt/groups', { key, body: { pathNode: 'x', parentId: france.body.id } }),
    ).toMatchObject({ status: 404, body: { code: 'DM_GROUP_NOT_FOUND' } });
    expect(
      (await call(`GET ${devices}?fields=name`, { key, headers: { 'X-Total-Count': 'true' } })).headers,
    ).toMatchObject({
      'x-total-count': '0',
    });
  });
});
