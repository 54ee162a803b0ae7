import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlatformEvents } from '../../contract/events.ts';
import { senderParts } from '../../data/enrichment.ts';
import { isoTime } from '../../platform/clock.ts';
import { callApi, type TestAnswer, TestServices } from '../../testing/test-services.ts';

const devices = '/api/v1/deviceMgt/devices';
const id = 'urn:lo:nsid:a:one';
const other = 'urn:lo:nsid:b:two';

let services: TestServices;
let app: FastifyInstance;
let created: string;

const call = (line: string, options?: Parameters<typeof callApi>[2]): Promise<TestAnswer> =>
  callApi(app, line, options);
const patch = (body: object, of = id): Promise<TestAnswer> => call(`PATCH ${devices}/${of}`, { body });
const found = async (filter: string): Promise<string[]> =>
  (await call(`GET ${devices}?filterQuery=${encodeURIComponent(filter)}`)).body.map(
    (each: { id: string }) => each.id,
  );

const body = {
  id,
  name: 'first',
  description: 'a device',
  defaultDataStreamId: 'stream',
  tags: ['x', 'y'],
  properties: { site: 'n', room: '2' },
  staticLocation: { lat: 48.5, lon: -1.5, alt: 20 },
  interfaces: [{ connector: 'mqtt', definition: { clientId: 'node' } }],
};

beforeEach(async () => {
  services = await TestServices.start();
  app = await services.api();
  created = isoTime(services.clock.now());
  expect((await call(`POST ${devices}`, { body })).status).toBe(200);
  services.clock.advance(60_000);
});
afterEach(async () => services[Symbol.asyncDispose]());

describe('a change', () => {
  it.each<[string, object, object]>([
    ['of the name', { name: 'second' }, { name: 'second' }],
    ['of the description', { description: 'new' }, { description: 'new' }],
    ['of the default stream', { defaultDataStreamId: 's2' }, { defaultDataStreamId: 's2' }],
    ['of the tags', { tags: ['y', 'z', 'z'] }, { tags: ['y', 'z'] }],
    ['of the properties, as a whole', { properties: { site: 's' } }, { properties: { site: 's' } }],
    [
      'of the static location',
      { staticLocation: { lat: 1, lon: 2 } },
      { staticLocation: { lat: 1, lon: 2 } },
    ],
    ['to an empty name', { name: '' }, { name: '' }],
    ['that takes away the name', { name: null }, { name: undefined }],
    ['that takes away the description', { description: null }, { description: undefined }],
    ['that takes away the default stream', { defaultDataStreamId: null }, { defaultDataStreamId: id }],
    ['that takes away the tags', { tags: null }, { tags: [] }],
    ['that takes away the properties', { properties: null }, { properties: {} }],
    ['that takes away the static location', { staticLocation: null }, { staticLocation: undefined }],
    ['that gives null as another id', { id: null, name: 'n' }, { name: 'n' }],
  ])('%s leaves the rest, is answered, and is there after a start', async (_what, change, result) => {
    const before = (await call(`GET ${devices}/${id}`)).body;
    const answer = await patch(change);
    const expected = JSON.parse(
      JSON.stringify({ ...before, ...result, created, updated: isoTime(services.clock.now()) }),
    );
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual(expected);
    expect((await call(`GET ${devices}/${id}`)).body).toEqual(expected);
    await services.restart({ stopped: true });
    const restarted = await services.api();
    expect((await callApi(restarted, `GET ${devices}/${id}`)).body).toEqual(expected);
  });

  it('of the group, by path or id, and back to the root group', async () => {
    const group = (await call('POST /api/v1/deviceMgt/groups', { body: { pathNode: 'lyon' } })).body;
    expect((await patch({ group: { path: '/lyon' } })).body.group).toEqual({ id: group.id, path: '/lyon' });
    expect(await found('groupPath==/lyon')).toEqual([id]);
    expect((await patch({ group: null })).body.group).toEqual({ id: 'root', path: '/' });
    expect((await patch({ group: { id: group.id } })).body.group.path).toBe('/lyon');
    expect(await patch({ group: {} })).toMatchObject({
      status: 400,
      body: { details: expect.stringContaining('body.group: must have an id or a path') },
    });
    expect(await patch({ group: { path: '/nowhere' } })).toMatchObject({
      status: 404,
      body: { code: 'DM_GROUP_NOT_FOUND' },
    });
  });

  it('is found by what there is now, and not by what there was', async () => {
    await patch({ tags: ['y', 'z'], properties: { site: '7', lift: 'n' } });
    for (const [filter, fits] of [
      ['tags==x', false],
      ['tags==y', true],
      ['tags==z', true],
      ['property.site==n', false],
      ['property.site=gt=6', true],
      ['property.room==*', false],
      ['property.lift==n', true],
    ] as const) {
      expect(await found(filter), filter).toEqual(fits ? [id] : []);
    }
  });

  it('of nothing changes nothing', async () => {
    const before = (await call(`GET ${devices}/${id}`)).body;
    expect(await patch({})).toMatchObject({ status: 200, body: before });
    expect((await patch({ id })).body).toEqual(before);
  });

  it('is told on the bus', async () => {
    const told: PlatformEvents['deviceUpdated'][] = [];
    services.bus.on('deviceUpdated', services, (event) => void told.push(event));
    await patch({ id: other });
    expect(told).toEqual([
      { tenantId: services.tenantId, deviceId: other, previousId: id, groupPath: '/', connectors: ['mqtt'] },
    ]);
  });
});

describe('a change of id', () => {
  it('keeps all else, the interfaces and the session, and frees the old id', async () => {
    const session = services.inventory.findInterface(services.tenantId, 'mqtt', 'node')!;
    await services.inventory.updateSession(session, { status: 'ONLINE' });
    expect(senderParts(session).sourceJson).toContain(id);
    const before = (await call(`GET ${devices}/${id}`)).body;
    const answer = await patch({ id: other, name: 'renamed' });
    expect(answer.body).toEqual({
      ...before,
      id: other,
      name: 'renamed',
      updated: isoTime(services.clock.now()),
    });
    expect(answer.body.interfaces[0]).toMatchObject({ nodeId: 'node', status: 'ONLINE' });
    expect(await call(`GET ${devices}/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'DM_DEVICE_NOT_FOUND' },
    });
    expect(await found('tags==x;property.site==n;connector==mqtt;interfaces.status==ONLINE')).toEqual([
      other,
    ]);
    // What the session sends from now on comes from the new id.
    expect(senderParts(session).sourceJson).toContain(other);
    expect((await call(`GET ${devices}/${other}/interfaces/mqtt:node`)).body.deviceId).toBe(other);
    expect((await call(`POST ${devices}`, { body: { id } })).status).toBe(200);
    expect((await call(`DELETE ${devices}/${other}`)).status).toBe(204);
    expect(await found('tags==x')).toEqual([]);
  });

  it('is there after a start', async () => {
    const { body: renamed } = await patch({ id: other });
    await services.restart({ stopped: true });
    app = await services.api();
    expect((await call(`GET ${devices}/${other}`)).body).toEqual(renamed);
    expect((await call(`GET ${devices}/${id}`)).status).toBe(404);
    expect(services.inventory.findInterface(services.tenantId, 'mqtt', 'node')?.device.id).toBe(other);
  });

  it('to one that is taken is refused', async () => {
    await call(`POST ${devices}`, { body: { id: other } });
    expect(await patch({ id: other })).toMatchObject({ status: 409, body: { code: 'DM_DEVICE_DUPLICATE' } });
    expect((await call(`GET ${devices}/${id}`)).body.name).toBe('first');
  });

  it('of many at the same time gives each id to one device', async () => {
    const ids = ['urn:lo:nsid:m:1', 'urn:lo:nsid:m:2', 'urn:lo:nsid:m:3'];
    for (const each of ids) await call(`POST ${devices}`, { body: { id: each, tags: ['many'] } });
    const answers = await Promise.all([
      ...ids.map((each) => patch({ id: 'urn:lo:nsid:m:new', name: each }, each)),
      call(`POST ${devices}`, { body: { id: 'urn:lo:nsid:m:new', tags: ['many'] } }),
      call(`DELETE ${devices}/${ids[2]}`),
      patch({ id: ids[1]! }, id),
    ]);
    for (const { status } of answers) expect([200, 204, 404, 409]).toContain(status);
    const listed = (await call(`GET ${devices}?limit=100&fields=id,name,tags`)).body;
    await services.restart({ stopped: true });
    app = await services.api();
    expect((await call(`GET ${devices}?limit=100&fields=id,name,tags`)).body).toEqual(listed);
    const winners = answers.filter(({ status, body }) => status === 200 && body?.id === 'urn:lo:nsid:m:new');
    expect(winners).toHaveLength(1);
  });
});

describe('refuses', () => {
  it.each<[string, object, string]>([
    ['another form of id', { id: 'x' }, 'body.id'],
    ['a name of 256 characters', { name: 'n'.repeat(256) }, 'body.name'],
    ['a tag of 33 characters', { tags: ['t'.repeat(33)] }, 'body.tags.0'],
    ['a dot in a property name', { properties: { 'a.b': '' } }, 'body.properties.a.b'],
    ['a latitude beyond the pole', { staticLocation: { lat: 91, lon: 0 } }, 'body.staticLocation.lat'],
    ['interfaces', { interfaces: [] }, 'body.interfaces: cannot be changed here'],
  ])('%s', async (_what, change, details) => {
    expect(await patch(change)).toMatchObject({
      status: 400,
      body: { code: 'GENERIC_INVALID_PARAMETER_ERROR', details: expect.stringContaining(details) },
    });
    expect((await call(`GET ${devices}/${id}`)).body.updated).toBe(created);
  });

  it('a device that is not there, or is of another tenant, and a key without the role', async () => {
    expect(await patch({ name: 'x' }, other)).toMatchObject({
      status: 404,
      body: { code: 'DM_DEVICE_NOT_FOUND' },
    });
    const { masterKey: key } = await services.accounts.createTenant('other');
    expect((await call(`PATCH ${devices}/${id}`, { key, body: { name: 'x' } })).status).toBe(404);
    const reader = await services.key(['DEVICE_R']);
    expect((await call(`PATCH ${devices}/${id}`, { key: reader, body: { name: 'x' } })).status).toBe(403);
  });
});
