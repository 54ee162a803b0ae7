import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from '../testing/properties.ts';
import { callApi, TestServices } from '../testing/test-services.ts';

let services: TestServices;
let app: FastifyInstance;

beforeAll(async () => {
  services = await TestServices.start();
  app = await services.api();
  await callApi(app, 'POST /api/v1/deviceMgt/devices', {
    body: { id: 'urn:lo:nsid:a:b', interfaces: [{ connector: 'mqtt', definition: { clientId: 'n' } }] },
  });
});
afterAll(async () => services[Symbol.asyncDispose]());

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '*',
    '**',
    '%',
    '_',
    '..',
    '/',
    '\0',
    "'",
    '"',
    '\\',
    '[]',
    '["a"]',
    '-id',
    'true',
    '1',
    '-1',
    '1e999',
    '𐀀',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'urn:lo:nsid:a:b',
    'mqtt:n',
    'root',
    '/',
    '/*',
    '/a/*/',
  ),
);
const encoded = nasty.map((text) => encodeURIComponent(Buffer.from(text).toString()));

/** Whatever comes in: an answer in the form of the API, and never a failure of ours. */
async function expectSane(line: string, options?: Parameters<typeof callApi>[2]): Promise<void> {
  const { status, body } = await callApi(app, line, options);
  expect(status, line).not.toBe(500);
  if (status >= 400) expect(body, line).toMatchObject({ id: expect.any(String), code: expect.any(String) });
}

describe('whatever a caller sends', () => {
  const names = [
    ...['limit', 'offset', 'bookmarkId', 'sort', 'id', 'name', 'groupPath', 'groupId', 'tags', 'connectors'],
    ...[
      'interfaces.nodeId',
      'interfaces.status',
      'interfaces.enabled',
      'fields',
      'property.x',
      'parentId',
      'page',
    ],
  ];
  const prefixes = fc.constantFrom('property.', 'properties.', 'interfaces.', 'PROPERTY.');
  const name = fc.oneof(
    fc.constantFrom(...names),
    encoded,
    fc.tuple(prefixes, encoded).map((parts) => parts.join('')),
  );
  const query = fc.array(fc.tuple(name, encoded), { maxLength: 4 });

  it('as a query is answered or refused', async () => {
    const lists = fc.constantFrom('v1/deviceMgt/devices', 'v1/deviceMgt/groups', 'v0/apiKeys');
    await fc.assert(
      fc.asyncProperty(lists, query, (list, pairs) =>
        expectSane(`GET /api/${list}?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`),
      ),
      { numRuns: 300 },
    );
  });

  it('as a path is answered or refused', async () => {
    const bases = fc.constantFrom(
      'v1/deviceMgt/devices',
      'v1/deviceMgt/devices/urn:lo:nsid:a:b/interfaces',
      'v1/deviceMgt/groups',
      'v0/apiKeys',
      'v1/docs',
    );
    const methods = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'OPTIONS');
    await fc.assert(
      fc.asyncProperty(
        methods,
        bases,
        fc.array(encoded, { minLength: 1, maxLength: 3 }),
        async (method, base, parts) => {
          const line = `${method} /api/${base}/${parts.join('/')}`;
          if (method !== 'HEAD') await expectSane(line);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('as a body is answered or refused', async () => {
    const targets = fc.constantFrom('v1/deviceMgt/devices', 'v1/deviceMgt/groups', 'v0/apiKeys');
    const fields = fc.constantFrom(
      'id',
      'name',
      'tags',
      'properties',
      'group',
      'interfaces',
      'staticLocation',
      'pathNode',
      'parentId',
      'label',
      'roles',
      'scope',
      'from',
      'to',
      'definition',
      'connector',
    );
    const body = fc.dictionary(fields, fc.oneof(fc.jsonValue({ maxDepth: 3 }), nasty));
    await fc.assert(
      fc.asyncProperty(targets, body, (target, given) =>
        expectSane(`POST /api/${target}`, {
          body: { id: 'urn:lo:nsid:x:y', label: 'l', pathNode: 'p', ...given },
        }),
      ),
      { numRuns: 300 },
    );
  });

  it('in a device comes back as it was, and is found again', async () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
      .filter((each) => !/[\0\p{Surrogate}]/u.test(each));
    let count = 0;
    await fc.assert(
      fc.asyncProperty(text, text, text, text, async (name, tag, property, value) => {
        const id = `urn:lo:nsid:fuzz:${count++}`;
        const device = { id, name, tags: [tag], properties: { [property.replaceAll(/[$.]/g, '_')]: value } };
        const made = await callApi(app, 'POST /api/v1/deviceMgt/devices', { body: device });
        if (Object.hasOwn(device.properties, '__proto__')) return;
        expect(made.status, JSON.stringify(made.body)).toBe(200);
        const [key] = Object.keys(device.properties);
        const part = encodeURIComponent;
        const filters = [
          `tags=${part(JSON.stringify([tag]))}`,
          `property.${part(key!)}=${part(value)}`,
          ...(name.includes('*') || /^".*"$/s.test(name)
            ? []
            : [`name=${part(name)}`, `name=*${part(name)}*`, `name=${part(name)}*`]),
        ];
        for (const filter of filters) {
          const found = await callApi(
            app,
            `GET /api/v1/deviceMgt/devices?limit=1000&fields=name,tags,properties&${filter}`,
          );
          expect(found.body, filter).toContainEqual(device);
        }
        const missed = await callApi(
          app,
          `GET /api/v1/deviceMgt/devices?id=${part(id)}&tags=${part(JSON.stringify([`${tag}x`]))}`,
        );
        expect(missed.body).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
