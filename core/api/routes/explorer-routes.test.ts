import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeviceRequest } from '../../contract/devices.ts';
import { geohashOf } from '../../inventory/geohash.ts';
import fc from '../../testing/properties.ts';
import { callApi, type TestAnswer, TestServices } from '../../testing/test-services.ts';

const explorer = '/api/v1/deviceMgt/explorer';
const urn = 'urn:lo:nsid:explorer:';

let services: TestServices;
let app: FastifyInstance;

const search = (body: object): Promise<TestAnswer> => callApi(app, `POST ${explorer}/search`, { body });
const stats = (body: object): Promise<TestAnswer> => callApi(app, `POST ${explorer}/stats`, { body });
async function ids(body: object): Promise<string> {
  const answer = await search(body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.devices.map(({ id }: { id: string }) => id.slice(urn.length)).join('');
}
const box = (north: number, west: number, south: number, east: number) => ({
  filters: { geoBounds: { topLeft: { lat: north, lon: west }, bottomRight: { lat: south, lon: east } } },
});

const fleet = [
  {
    id: 'a',
    name: 'Élan Sensor',
    tags: ['demo', 'Nord'],
    properties: { site: 'Rennes', floor: '2' },
    staticLocation: { lat: 48.11, lon: -1.68 },
  },
  {
    id: 'b',
    name: 'Gateway',
    description: 'roof of the sensor hall',
    tags: ['demo'],
    group: { path: '/france' },
    staticLocation: { lat: 48.12, lon: -1.67 },
  },
  {
    id: 'c',
    name: 'pump',
    properties: { site: 'Suva' },
    staticLocation: { lat: -18.1, lon: 178.4 },
    interfaces: [{ connector: 'mqtt', definition: { clientId: 'nc' } }],
  },
  {
    id: 'd',
    name: '100%',
    properties: { site: 'Apia' },
    staticLocation: { lat: -13.8, lon: -171.8 },
    interfaces: [
      { connector: 'mqtt', definition: { clientId: 'nd' } },
      { connector: 'x-connector', enabled: false, definition: { nodeId: 'xd' } },
    ],
  },
  { id: 'e', tags: ['Nord'], group: { path: '/france' } },
];

beforeAll(async () => {
  services = await TestServices.start();
  app = await services.api();
  await callApi(app, 'POST /api/v1/deviceMgt/groups', { body: { pathNode: 'france' } });
  for (const device of fleet) {
    const made = await callApi(app, 'POST /api/v1/deviceMgt/devices', {
      body: { ...device, id: urn + device.id },
    });
    expect(made.status, JSON.stringify(made.body)).toBe(200);
    services.clock.advance(1000);
  }
  const online = services.inventory.findInterface(services.tenantId, 'mqtt', 'nd');
  void services.inventory.updateSession(online!, { status: 'ONLINE' });
  const { tenantId } = await services.accounts.createTenant('other');
  await services.inventory.createDevice(tenantId, createDeviceRequest.parse({ ...fleet[0], id: `${urn}z` }));
});
afterAll(async () => services[Symbol.asyncDispose]());

describe('search', () => {
  it.each<[string, object, string]>([
    ['nothing in particular', {}, 'abcde'],
    ['part of a word in a name', { query: 'ensor' }, 'ab'],
    ['another letter case, also of letters beyond A to Z', { query: 'éLAN' }, 'a'],
    ['one of several words', { query: 'pump  gate' }, 'bc'],
    ['a tag', { query: 'nord' }, 'ae'],
    ['a property', { query: 'suva' }, 'c'],
    ['an id', { query: 'explorer:d' }, 'd'],
    ['what would be a wildcard', { query: '%' }, 'd'],
    ['no such word', { query: 'zebra' }, ''],
    ['spaces', { query: '   ' }, 'abcde'],
    ['a filter', { filters: { queryString: 'tags==demo;property.floor=gt=1' } }, 'a'],
    ['a filter of free text', { filters: { queryString: "name=q='PUMP gate'" } }, 'bc'],
    ['words and a filter', { query: 'sensor', filters: { queryString: 'groupPath==/france' } }, 'b'],
    ['a box', box(48.2, -1.7, 48, -1.6), 'ab'],
    ['a box with its edges', box(48.11, -1.68, 48.11, -1.68), 'a'],
    ['a box over the date line', box(0, 170, -30, -170), 'cd'],
    ['the world', box(90, -180, -90, 180), 'abcd'],
    [
      'a box, words and a filter',
      { query: 'roof', filters: { ...box(90, -180, 0, 180).filters, queryString: 'tags==demo' } },
      'b',
    ],
    ['an order', { sort: '-name' }, 'acbde'],
    ['an order of several keys', { sort: ['-group', 'id'] }, 'beacd'],
    ['a size', { size: 2, sort: ['-id'] }, 'ed'],
    ['null for what is not given', { query: null, filters: null, sort: null, bookmark: null }, 'abcde'],
  ])('%s', async (_what, body, expected) => {
    expect(await ids(body)).toBe(expected);
  });

  it('answers whole devices', async () => {
    const { body } = await search({ query: 'roof' });
    expect(body.devices).toEqual([(await callApi(app, `GET /api/v1/deviceMgt/devices/${urn}b`)).body]);
  });

  it.each([
    undefined,
    '-name',
    'group',
    '-interfaces.lastContact',
    'interfaces.status,-created',
    '-updated',
    '-id',
  ])('goes through all pages by bookmarks in the order %s', async (sort) => {
    const seen: string[] = [];
    let bookmark: unknown[] | undefined;
    for (let page = 0; page < 4; page++) {
      const { status, body } = await search({ size: 2, sort, bookmark });
      expect(status).toBe(200);
      seen.push(...body.devices.map(({ id }: { id: string }) => id.slice(urn.length)));
      bookmark = body.bookmark;
    }
    expect(seen.join('')).toBe(await ids({ sort }));
  });

  it.each<[object, string]>([
    [{ query: 'x'.repeat(257) }, 'body.query: must have at most 256 characters'],
    [{ query: 'a b c d e f g h i j k l m n o p q r s t u' }, 'body.query: must hold at most 20 words'],
    [{ query: 'a\0' }, 'body.query'],
    [
      { filters: { queryString: `name==${'x'.repeat(507)}` } },
      'body.filters.queryString: must have at most 512',
    ],
    [{ filters: { queryString: 'name==' } }, 'body.filters.queryString: at character 7: expected a value'],
    [{ filters: { queryString: '' } }, 'body.filters.queryString: at character 1'],
    [box(91, 0, 0, 0), 'body.filters.geoBounds.topLeft.lat'],
    [box(0, 0, 1, 0), 'body.filters.geoBounds: topLeft must not be south'],
    [{ filters: { geoBounds: { topLeft: { lat: 1, lon: 1 } } } }, 'body.filters.geoBounds.bottomRight'],
    [{ size: 0 }, 'body.size'],
    [{ size: 1001 }, 'body.size'],
    [{ sort: 'colour' }, 'body.sort.0'],
    [{ bookmark: ['a', 'b'] }, 'body.bookmark: does not belong to this sort'],
    [{ sort: 'created', bookmark: ['x', 'y'] }, 'body.bookmark: does not belong to this sort'],
  ])('refuses %j', async (body, details) => {
    expect(await search(body)).toMatchObject({
      status: 400,
      body: { code: 'GENERIC_INVALID_PARAMETER_ERROR', details: expect.stringContaining(details) },
    });
  });
});

describe('stats', () => {
  it.each<[string, object, object]>([
    ['tags', {}, { demo: 2, Nord: 2 }],
    ['group.path', {}, { '/': 3, '/france': 2 }],
    ['name', {}, { '': 1, '100%': 1, Gateway: 1, pump: 1, 'Élan Sensor': 1 }],
    ['description', {}, { '': 4, 'roof of the sensor hall': 1 }],
    ['aggregatedActivityState', {}, { NOT_MONITORED: 5 }],
    ['interfaces.status', {}, { REGISTERED: 1, ONLINE: 1, OFFLINE: 1 }],
    ['interfaces.enabled', {}, { true: 2, false: 1 }],
    ['connector', {}, { mqtt: 2, 'x-connector': 1 }],
    ['property.site', {}, { Rennes: 1, Suva: 1, Apia: 1 }],
    ['property.nothing', {}, {}],
    ['tags', { query: 'sensor' }, { demo: 2, Nord: 1 }],
    ['property.site', box(0, 170, -30, -170), { Suva: 1, Apia: 1 }],
    ['interfaces.status', { filters: { queryString: 'property.site==Suva' } }, { REGISTERED: 1 }],
    ['group.path', { filters: { queryString: 'tags==Nord' } }, { '/': 1, '/france': 1 }],
  ])('by %s %j', async (field, more, expected) => {
    const { status, body } = await stats({ groupBy: { field }, ...more });
    expect(status, JSON.stringify(body)).toBe(200);
    const counts = body.fieldAggregation.map(({ value, count }: { value: string; count: number }) => [
      String(value),
      count,
    ]);
    expect(Object.fromEntries(counts)).toEqual(expected);
    expect(counts).toHaveLength(Object.keys(expected).length);
    expect(body.devices).toBe((await search({ ...more })).body.devices.length);
    const sizes = counts.map(([, count]: [string, number]) => count);
    expect(sizes).toEqual([...sizes].sort((left, right) => right - left));
  });

  it('answers the largest groups only, when asked', async () => {
    const { body } = await stats({ groupBy: { field: 'group.path' }, options: { size: 1 } });
    expect(body.fieldAggregation).toEqual([{ value: '/', count: 3 }]);
  });

  it('by place, in cells of the geohash', async () => {
    const { body } = await stats({ groupBy: { location: { precision: 4 } } });
    expect(body.devices).toBe(5);
    const cell = expect.any(String);
    expect(body.geoAggregation).toEqual([
      { geohash: cell, count: 2, location: { lat: expect.closeTo(48.115), lon: expect.closeTo(-1.675) } },
      { geohash: cell, count: 1, location: { lat: -13.8, lon: -171.8 } },
      { geohash: cell, count: 1, location: { lat: -18.1, lon: 178.4 } },
    ]);
    expect(body.geoAggregation.map(({ geohash }: { geohash: string }) => geohash).sort()).toEqual(
      [
        referenceHash(48.11, -1.68, 4),
        referenceHash(-13.8, -171.8, 4),
        referenceHash(-18.1, 178.4, 4),
      ].sort(),
    );
  });

  it.each<[object, string]>([
    [{}, 'body.groupBy'],
    [{ groupBy: {} }, 'body.groupBy: must hold either field or location'],
    [{ groupBy: { field: 'tags', location: { precision: 1 } } }, 'either field or location'],
    [{ groupBy: { field: 'colour' } }, 'body.groupBy.field: must be one of tags, name'],
    [{ groupBy: { field: 'constructor' } }, 'body.groupBy.field'],
    [{ groupBy: { location: { precision: 13 } } }, 'body.groupBy.location.precision'],
    [{ groupBy: { field: 'tags' }, options: { size: 0 } }, 'body.options.size'],
    [{ groupBy: { field: 'tags' }, filters: { queryString: 'x==' } }, 'body.filters.queryString'],
  ])('refuses %j', async (body, details) => {
    expect(await stats(body)).toMatchObject({
      status: 400,
      body: { code: 'GENERIC_INVALID_PARAMETER_ERROR', details: expect.stringContaining(details) },
    });
  });

  it('and search need the role', async () => {
    const key = await services.key(['DEVICE_W']);
    for (const call of ['search', 'stats']) {
      expect((await callApi(app, `POST ${explorer}/${call}`, { key, body: {} })).status).toBe(403);
    }
  });
});

it('any position and precision is counted in its cell', async () => {
  const degrees = (most: number): fc.Arbitrary<number> =>
    fc.oneof(
      fc.integer({ min: -most * 1e7, max: most * 1e7 }).map((units) => units / 1e7),
      fc.constantFrom(-most, -45, 0, 45, most),
    );
  const place = fc.record({ lat: degrees(90), lon: degrees(180) });
  const { body: other } = await callApi(app, 'POST /api/v1/deviceMgt/devices', {
    body: { id: 'urn:lo:nsid:place:1' },
  });
  await fc.assert(
    fc.asyncProperty(place, fc.integer({ min: 1, max: 12 }), async (staticLocation, precision) => {
      await callApi(app, `PATCH /api/v1/deviceMgt/devices/${other.id}`, { body: { staticLocation } });
      const { body } = await stats({
        groupBy: { location: { precision } },
        filters: { queryString: `id==${other.id}` },
      });
      expect(body.geoAggregation).toHaveLength(1);
      expect(body.geoAggregation[0].geohash).toBe(
        referenceHash(staticLocation.lat, staticLocation.lon, precision),
      );
    }),
    { numRuns: 100 },
  );
  await callApi(app, `DELETE /api/v1/deviceMgt/devices/${other.id}`);
});

it('geohashes are those of published examples', () => {
  // https://en.wikipedia.org/wiki/Geohash: ezs42 and u4pruydqqvj.
  expect(referenceHash(42.605, -5.603, 5)).toBe('ezs42');
  expect(referenceHash(57.64911, 10.40744, 11)).toBe('u4pruydqqvj');
  expect(geohashOf(0, 0, 3)).toBe('000');
});

/** By halving the world again and again, as the definition says. */
function referenceHash(lat: number, lon: number, precision: number): string {
  const ranges = { lon: [-180, 180], lat: [-90, 90] };
  let hash = '';
  for (let bit = 0, index = 0; hash.length < precision; bit++) {
    const axis = bit % 2 === 0 ? 'lon' : 'lat';
    const range = ranges[axis] as [number, number];
    const middle = (range[0] + range[1]) / 2;
    const upper = (axis === 'lon' ? lon : lat) >= middle;
    range[upper ? 0 : 1] = middle;
    index = index * 2 + (upper ? 1 : 0);
    if (bit % 5 < 4) continue;
    hash += '0123456789bcdefghjkmnpqrstuvwxyz'[index];
    index = 0;
  }
  return hash;
}
