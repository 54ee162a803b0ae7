import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoTime } from '../../platform/clock.ts';
import { callApi, type TestAnswer, TestServices } from '../../testing/test-services.ts';

const devices = '/api/v1/deviceMgt/devices';
const urn = 'urn:lo:nsid:list:';

let services: TestServices;
let app: FastifyInstance;
let paris: string;
let firstMs: number;

const call = (line: string, options?: Parameters<typeof callApi>[2]): Promise<TestAnswer> =>
  callApi(app, line, options);

/** The last parts of the ids that a query answers. */
async function ids(query: string): Promise<string[]> {
  const answer = await call(`GET ${devices}?${query}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.map(({ id }: { id: string }) => id.slice(urn.length));
}

const mqtt = (clientId: string, enabled = true) => ({ connector: 'mqtt', enabled, definition: { clientId } });
const external = (nodeId: string) => ({ connector: 'x-connector', definition: { nodeId } });

beforeAll(async () => {
  services = await TestServices.start();
  app = await services.api();
  firstMs = services.clock.now();
  const group = async (body: object): Promise<string> =>
    (await call('POST /api/v1/deviceMgt/groups', { body })).body.id;
  const france = await group({ pathNode: 'france' });
  paris = await group({ pathNode: 'paris', parentId: france });
  await group({ pathNode: 'france2' });
  for (const device of [
    { id: 'a', name: '100% sure_1', tags: ['demo', 'a"b'], properties: { site: 'n', 'k"': 'v,"x":"y' } },
    { id: 'b', name: 'Mixed', group: { path: '/france' }, tags: ['demo'], interfaces: [mqtt('nb')] },
    {
      id: 'c',
      name: 'mixed',
      group: { path: '/france/paris' },
      interfaces: [mqtt('nc', false), external('xc')],
    },
    { id: 'd', group: { path: '/france2' }, tags: ['a', 'dem'], properties: { site: 'n', room: '2' } },
    { id: 'e', name: '100 percent', interfaces: [external('xe')], properties: { site: 's' } },
  ]) {
    expect((await call(`POST ${devices}`, { body: { ...device, id: urn + device.id } })).status).toBe(200);
    services.clock.advance(1000);
  }
  const online = services.inventory.findInterface(services.tenantId, 'x-connector', 'xe');
  void services.inventory.updateSession(online!, { status: 'ONLINE' });
  services.inventory.touch(online!);
});
afterAll(async () => services[Symbol.asyncDispose]());

describe('filters', () => {
  it.each([
    ['', ['a', 'b', 'c', 'd', 'e']],
    [`id=${urn}c`, ['c']],
    ['id=*:c', ['c']],
    [`id=${urn}*`, ['a', 'b', 'c', 'd', 'e']],
    ['name=Mixed', ['b']],
    ['name=mixed', ['c']],
    ['name=*ixed', ['b', 'c']],
    ['name=*ix*', ['b', 'c']],
    ['name=M*d', ['b']],
    ['name=Mixe*ixed', []],
    ['name=100*', ['a', 'e']],
    ['name=100%25*', ['a']],
    ['name=*%25*', ['a']],
    ['name=*_*', ['a']],
    ['name=*', ['a', 'b', 'c', 'd', 'e']],
    ['name=%25', []],
    [`name=${encodeURIComponent("' or 1=1 --")}`, []],
    ['groupPath=/', ['a', 'e']],
    ['groupPath=/france', ['b']],
    ['groupPath=france', ['b']],
    ['groupPath=/france/*', ['b', 'c']],
    ['groupPath=/france/paris/*', ['c']],
    ['groupPath=/*', ['a', 'b', 'c', 'd', 'e']],
    ['groupPath=/fr%25', []],
    ['groupId=root', ['a', 'e']],
    ['tags=demo', ['a', 'b']],
    ['tags=dem', ['d']],
    ['tags=Demo', []],
    ['tags=demo&tags=a%22b', ['a']],
    ['tags=demo,dem', []],
    ['tags=%5B%22demo%22%5D', ['a', 'b']],
    ['tags=b', []],
    ['connectors=mqtt', ['b', 'c']],
    ['connectors=mqtt,x-connector', ['b', 'c', 'e']],
    ['connectors=sms', []],
    ['interfaces.nodeId=xc', ['c']],
    ['interfaces.status=ONLINE', ['e']],
    ['interfaces.status=ONLINE,DEACTIVATED', ['c', 'e']],
    ['interfaces.enabled=false', ['c']],
    ['interfaces.enabled=false&connectors=x-connector', []],
    ['property.site=n', ['a', 'd']],
    ['property.site=n&property.room=2', ['d']],
    ['property.room=', []],
    ['property.x=y', []],
    [`property.${encodeURIComponent('k"')}=${encodeURIComponent('v,"x":"y')}`, ['a']],
    ['tags=demo&name=M*&groupPath=/france', ['b']],
  ])('%s', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  it('by group id', async () => expect(await ids(`groupId=${paris}`)).toEqual(['c']));
});

describe('order', () => {
  it.each([
    ['sort=-id', 'edcba'],
    ['sort=name', 'deabc'],
    ['sort=-created', 'edcba'],
    ['sort=updated', 'abcde'],
    ['sort=group,-id', 'eabcd'],
    ['sort=-group&sort=id', 'dcbae'],
    [`sort=${encodeURIComponent('["-interfaces.lastContact","id"]')}`, 'eabcd'],
    ['sort=-interfaces.enabled,-id', 'ecbda'],
    ['sort=interfaces.status,id', 'adceb'],
  ])('%s', async (query, expected) => {
    expect((await ids(query)).join('')).toBe(expected);
  });

  it('is the same over all pages when the keys are equal', async () => {
    const seen = [];
    for (let offset = 0; offset < 5; offset += 2) {
      seen.push(...(await ids(`sort=-interfaces.lastContact&limit=2&offset=${offset}`)));
    }
    expect(seen.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('pages', () => {
  it('tell their size in headers, and the number in all when asked', async () => {
    const plain = await call(`GET ${devices}?limit=2&offset=1`);
    expect(plain.headers).toMatchObject({ 'x-result-limit': '2', 'x-result-count': '2' });
    expect(plain.headers).not.toHaveProperty('x-total-count');
    const counted = await call(`GET ${devices}?offset=4&tags=demo`, { headers: { 'X-Total-Count': 'true' } });
    expect(counted.body).toEqual([]);
    expect(counted.headers).toMatchObject({
      'x-result-limit': '20',
      'x-result-count': '0',
      'x-total-count': '2',
    });
  });

  it('go on after a bookmark, also of a device that is gone', async () => {
    expect(await ids(`limit=2&bookmarkId=${encodeURIComponent(`${urn}b`)}`)).toEqual(['c', 'd']);
    expect(await ids(`bookmarkId=${urn}bb`)).toEqual(['c', 'd', 'e']);
    expect(await ids(`sort=-id&bookmarkId=${urn}c`)).toEqual(['b', 'a']);
    expect(await call(`GET ${devices}?sort=name&bookmarkId=x`)).toMatchObject({
      status: 400,
      body: { details: expect.stringContaining('bookmarkId') },
    });
  });
});

describe('fields', () => {
  it('are id, name, group and tags when none are named', async () => {
    expect((await call(`GET ${devices}?id=${urn}b`)).body).toEqual([
      { id: `${urn}b`, name: 'Mixed', group: { id: expect.any(String), path: '/france' }, tags: ['demo'] },
    ]);
  });

  it('are those named, and the id (manual 5.3.2)', async () => {
    const answer = await call(`GET ${devices}?name=100*&sort=-id&fields=name,created,group`);
    expect(answer.body).toEqual([
      {
        id: `${urn}e`,
        name: '100 percent',
        group: { id: 'root', path: '/' },
        created: isoTime(firstMs + 4000),
      },
      { id: `${urn}a`, name: '100% sure_1', group: { id: 'root', path: '/' }, created: isoTime(firstMs) },
    ]);
  });

  it('may be all', async () => {
    const all =
      'name,description,group,tags,properties,interfaces,config,firmwares,resources,defaultDataStreamId,activityState,created,updated';
    const [listed] = (await call(`GET ${devices}?id=${urn}e&fields=${all}`)).body;
    expect(listed).toEqual((await call(`GET ${devices}/${urn}e`)).body);
  });
});

describe('refuses', () => {
  it.each([
    ['limit=0', 'query.limit'],
    ['limit=1001', 'query.limit: must be a whole number from 1 to 1000'],
    ['limit=1e3', 'query.limit'],
    ['limit=', 'query.limit'],
    ['limit=1&limit=2', 'query.limit'],
    ['offset=-1', 'query.offset'],
    ['sort=creationTs', 'query.sort.0: must be of id, name'],
    ['fields=colour', 'query.fields.0'],
    ['interfaces.status=BROKEN', 'query.interfaces.status.0'],
    ['interfaces.enabled=1', 'query.interfaces.enabled'],
    ['name=a*b*c', 'query.name'],
    ['id=a&id=b', 'query.id'],
    ['property.a=1&property.a=2', 'query.property.a'],
    ['name=%00', 'NUL'],
  ])('%s', async (query, details) => {
    expect(await call(`GET ${devices}?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'GENERIC_INVALID_PARAMETER_ERROR', details: expect.stringContaining(details) },
    });
  });

  it.each(['filterQuery=groupPath==/France;tags==demo', 'activityStates=SILENT'])(
    '%s, as not offered',
    async (query) => {
      expect(await call(`GET ${devices}?${query}`)).toMatchObject({
        status: 501,
        body: { code: 'GENERIC_NOT_IMPLEMENTED_ERROR' },
      });
    },
  );
});
