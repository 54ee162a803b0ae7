import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoTime } from '../../platform/clock.ts';
import fc from '../../testing/properties.ts';
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
    ['name=%22Mixed%22', ['b']],
    ['name=%22M*%22', []],
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
    ['interfaces.nodeId=XC', []],
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

  it.each(['ACTIVE', 'SILENT', 'UNKNOWN'])('by the activity state %s', async (state) => {
    const device = services.inventory.getDevice(services.tenantId, `${urn}d`);
    await services.inventory.devices.setActivityState(device, state as 'ACTIVE');
    expect(await ids(`activityStates=${state}`)).toEqual(['d']);
    expect(await ids(`activityStates=${state},NOT_MONITORED`)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await ids(`filterQuery=activityState!=NOT_MONITORED`)).toEqual(['d']);
    expect((await call(`GET ${devices}/${urn}d`)).body.activityState).toBe(state);
    await services.inventory.devices.setActivityState(device, 'NOT_MONITORED');
  });

  it('by the node id of a LoRa interface, whatever its letter case', async () => {
    const definition = {
      devEUI: '0123456789ABCDEF',
      profile: 'p',
      appEUI: '9879876546543211',
      appKey: '11223344556677889988776655443322',
      connectivityPlan: 'plan',
    };
    const body = { id: `${urn}lora`, interfaces: [{ connector: 'lora', definition }] };
    expect((await call(`POST ${devices}`, { body })).status).toBe(200);
    expect(await ids('interfaces.nodeId=0123456789abcdEF')).toEqual(['lora']);
    expect(await ids('interfaces.nodeId=0123456789abcdef&connectors=mqtt')).toEqual([]);
    await call(`DELETE ${devices}/${urn}lora`);
  });

  it('by group id', async () => expect(await ids(`groupId=${paris}`)).toEqual(['c']));
});

describe('filterQuery', () => {
  it('with the example of manual 5.3.2.1: ; binds more tightly than or', async () => {
    const paths = { '/France': ['france-demo-lwm2m', 'france-demo'], '/': ['other-x', 'other'] };
    await call('POST /api/v1/deviceMgt/groups', { body: { pathNode: 'France' } });
    const made: string[] = [];
    for (const [path, names] of Object.entries(paths)) {
      for (const name of names) {
        const id = `${urn}rsql-${name}`;
        const interfaces = name.endsWith('-x') ? [external(name)] : [];
        const body = { id, tags: name.includes('demo') ? ['demo'] : [], group: { path }, interfaces };
        expect((await call(`POST ${devices}`, { body })).status).toBe(200);
        made.push(id);
      }
    }
    const encoded =
      'groupPath%3d%3d/France%3btags%3d%3ddemo%3bconnector%3d%3dlwm2m+or+(connector%3d%3dx-connector)';
    expect(await ids(`fields=id&id=*:rsql*&filterQuery=${encoded}`)).toEqual(['rsql-other-x']);
    expect((await call(`GET ${devices}?fields=id&id=*:rsql*&filterQuery=${encoded}`)).body).toEqual([
      { id: `${urn}rsql-other-x` },
    ]);
    const demo = encodeURIComponent(
      'groupPath==/France;tags==demo;(connector!=lwm2m or connector==x-connector)',
    );
    expect(await ids(`id=*:rsql*&filterQuery=${demo}`)).toEqual([
      'rsql-france-demo',
      'rsql-france-demo-lwm2m',
    ]);
    for (const id of made) await call(`DELETE ${devices}/${id}`);
  });

  it.each([
    ['groupPath==/france/*;connector==mqtt', ['b', 'c']],
    ['tags==demo;property.site==n', ['a']],
    ['properties.site=in=(n,s),name==M*', ['a', 'b', 'd', 'e']],
    ['(tags==demo or tags==dem) and property.site==n', ['a', 'd']],
    ['tags=out=(demo)', ['c', 'd', 'e']],
    ['property.room=ge=2', ['d']],
    ['property.room=lt=10', ['d']],
    ['interfaces.status==ONLINE', ['e']],
    ['groupId!=root', ['b', 'c', 'd']],
    ["tags=='a\"b'", ['a']],
  ])('%s', async (filter, expected) => {
    expect(await ids(`filterQuery=${encodeURIComponent(filter)}`)).toEqual(expected);
  });

  it('with the other filters, an order, a page and the number in all', async () => {
    const answer = await call(
      `GET ${devices}?name=1*&filterQuery=property.site%3Din%3D(n,s)&sort=-name&limit=1`,
      { headers: { 'X-Total-Count': 'true' } },
    );
    expect(answer.body.map(({ id }: { id: string }) => id)).toEqual([`${urn}a`]);
    expect(answer.headers).toMatchObject({ 'x-total-count': '2', 'x-result-count': '1' });
  });

  it('of any kind is answered or refused', async () => {
    const parts = fc.constantFrom(
      ...[
        'tags',
        'property.site',
        'name',
        'created',
        'connector',
        '==',
        '=in=',
        '=gt=',
        '!=',
        '=q=',
        '(',
        ')',
        ';',
        ',',
      ],
      ...[
        ' and ',
        ' or ',
        'demo',
        'a*',
        '*',
        "'",
        '"',
        '\\',
        '2026-01-01',
        'mqtt',
        '%',
        '\u{1F600}',
        'é',
        '1e9',
        '-',
        '.',
      ],
    );
    const anything = fc.oneof(
      fc.array(parts, { maxLength: 12 }).map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(
        anything,
        fc.constantFrom('', '-name', 'interfaces.status,-group'),
        async (filter, sort) => {
          const answer = await call(`GET ${devices}?sort=${sort}&filterQuery=${encodeURIComponent(filter)}`);
          expect([200, 400], JSON.stringify(answer.body)).toContain(answer.status);
        },
      ),
      { numRuns: 500 },
    );
  });
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
    expect(await ids(`sort=-name,created&bookmarkId=${urn}b`)).toEqual(['a', 'e', 'd']);
    // Equal keys are in the order of names, which follows that of the last key.
    expect(await ids(`sort=-interfaces.lastContact&bookmarkId=${urn}e`)).toEqual(['c', 'b', 'a', 'd']);
    expect(await call(`GET ${devices}?sort=name&bookmarkId=${urn}bb`)).toMatchObject({
      status: 400,
      body: { details: expect.stringContaining('query.bookmarkId: there is no device') },
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
    ['limit=1&limit=2', 'query.limit: must be a single value, and given once'],
    ['offset=-1', 'query.offset'],
    ['sort=creationTs', 'query.sort.0: must be one of id, name'],
    ['fields=colour', 'query.fields.0'],
    ['interfaces.status=BROKEN', 'query.interfaces.status.0'],
    ['interfaces.enabled=1', 'query.interfaces.enabled'],
    ['name=a*b*c', 'query.name'],
    ['connectors=mqtt,foo', 'query.connectors.1: must be one of mqtt'],
    ['property.=1', 'query.property.: no field is called property.'],
    ['id=a&id=b', 'query.id'],
    ['property.a=1&property.a=2', 'query.property.a'],
    ['name=%00', 'NUL'],
    ['activityStates=ASLEEP', 'query.activityStates.0'],
    [`tags=${'a,'.repeat(101)}`, 'query.tags'],
    [`sort=${'name,'.repeat(9)}`, 'query.sort'],
    ['filterQuery=', 'query.filterQuery: at character 1: expected the name of a field or (, but it ends'],
    ['filterQuery=tags==demo;', 'query.filterQuery: at character 12: expected the name of a field'],
    ['filterQuery=tags=demo', 'query.filterQuery: at character 5: expected an operator (== !='],
    ['filterQuery=tags==a;color==red', 'query.filterQuery: at character 9: no field is called color'],
    ['filterQuery=tags==a&filterQuery=tags==b', 'query.filterQuery'],
  ])('%s', async (query, details) => {
    expect(await call(`GET ${devices}?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'GENERIC_INVALID_PARAMETER_ERROR', details: expect.stringContaining(details) },
    });
  });
});
