import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi, type TestAnswer, TestServices } from '../../testing/test-services.ts';

const devices = '/api/v1/deviceMgt/devices';

let services: TestServices;
let app: FastifyInstance;

beforeAll(async () => {
  services = await TestServices.start();
  app = await services.api();
});
afterAll(async () => services[Symbol.asyncDispose]());

const call = (line: string, options?: Parameters<typeof callApi>[2]): Promise<TestAnswer> =>
  callApi(app, line, options);
const create = (body: object): Promise<TestAnswer> => call(`POST ${devices}`, { body });

describe('register a device', () => {
  it.each([
    ['no id', {}, 'body.id'],
    ['another form of id', { id: 'sensor1' }, 'body.id'],
    ['an id with a slash', { id: 'urn:lo:nsid:a:b/c' }, 'body.id'],
    ['an id that ends with a new line', { id: 'urn:lo:nsid:a:b\n' }, 'body.id'],
    ['a namespace of 129 characters', { id: `urn:lo:nsid:${'a'.repeat(129)}:b` }, 'body.id'],
    ['an id of 129 characters', { id: `urn:lo:nsid:a:${'b'.repeat(129)}` }, 'body.id'],
    ['a name of 256 characters', { name: 'n'.repeat(256) }, 'body.name'],
    ['a number as name', { name: 1 }, 'body.name'],
    ['a description of 501 characters', { description: 'd'.repeat(501) }, 'body.description'],
    ['a tag of 33 characters', { tags: ['ok', 't'.repeat(33)] }, 'body.tags.1'],
    ['NUL in a description', { description: 'a\0' }, 'body.description'],
    ['half a character in a name', { name: '\uD83D' }, 'body.name'],
    ['a stream id with a space', { defaultDataStreamId: 'a b' }, 'body.defaultDataStreamId'],
    ['tags as text', { tags: 'a,b' }, 'body.tags'],
    ['a property name of 129 characters', { properties: { ['p'.repeat(129)]: '' } }, 'body.properties.'],
    ['a dot in a property name', { properties: { 'a.b': '' } }, 'body.properties.a.b'],
    ['a dollar in a property name', { properties: { a$: '' } }, 'body.properties.a$'],
    ['NUL in a property name', { properties: { 'a\0': '' } }, 'body.properties.'],
    ['a property value of 257 characters', { properties: { a: 'v'.repeat(257) } }, 'body.properties.a'],
    ['a number as property', { properties: { a: 1 } }, 'body.properties.a'],
    ['a latitude beyond the pole', { staticLocation: { lat: 90.1, lon: 0 } }, 'body.staticLocation.lat'],
    ['a location without longitude', { staticLocation: { lat: 1 } }, 'body.staticLocation.lon'],
    [
      'a flag that is neither',
      { interfaces: [{ connector: 'mqtt', enabled: 'yes', definition: {} }] },
      'body.interfaces.0.enabled',
    ],
    [
      'no client id',
      { interfaces: [{ connector: 'mqtt', definition: {} }] },
      'body.interfaces.0.definition.clientId',
    ],
    [
      'a client id with a space',
      { interfaces: [{ connector: 'mqtt', definition: { clientId: 'a b' } }] },
      'body.interfaces.0.definition.clientId',
    ],
    [
      'a client id of 129 characters',
      { interfaces: [{ connector: 'mqtt', definition: { clientId: 'a'.repeat(129) } }] },
      'body.interfaces.0.definition.clientId',
    ],
    [
      'a definition of 10001 characters',
      { interfaces: [{ connector: 'mqtt', definition: { clientId: 'a', x: 'x'.repeat(10_000) } }] },
      'body.interfaces.0.definition',
    ],
    [
      'a node id with a slash',
      { interfaces: [{ connector: 'x-connector', definition: { nodeId: 'a/b' } }] },
      'body.interfaces.0.definition.nodeId',
    ],
  ])('refuses %s', async (_what, change, field) => {
    const answer = await create(
      'id' in change || _what === 'no id' ? change : { id: 'urn:lo:nsid:a:b', ...change },
    );
    expect(answer).toMatchObject({ status: 400, body: { code: 'GENERIC_INVALID_PARAMETER_ERROR' } });
    expect(answer.body.details).toContain(field);
    expect((await call(`GET ${devices}`)).body).toEqual([]);
  });
});

describe('a device id in the path', () => {
  it.each([
    'x',
    "urn:lo:nsid:a:b'--",
    'urn:lo:nsid:a:%20',
    '..%2F..%2Fetc',
    '%00',
    `urn:lo:nsid:a:${'b'.repeat(300)}`,
  ])('refuses %j as an id', async (id) => {
    expect(await call(`GET ${devices}/${id}`)).toMatchObject({
      status: 400,
      body: {
        code: 'GENERIC_INVALID_PARAMETER_ERROR',
        details: expect.stringMatching(/^path(\.deviceId)?: /),
      },
    });
  });
});
