import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { printRsql } from '../../contract/rsql/print.ts';
import fc from '../../testing/properties.ts';
import { callApi, TestServices } from '../../testing/test-services.ts';

const devices = '/api/v1/deviceMgt/devices';
let services: TestServices;
let app: FastifyInstance;

beforeAll(async () => {
  services = await TestServices.start();
  app = await services.api();
});
afterAll(async () => services[Symbol.asyncDispose]());

it('every id of the form is kept, found, changed and freed; manual 5.2.1.1', async () => {
  const validId = fc
    .tuple(fc.stringMatching(/^[\w-]{1,128}$/), fc.stringMatching(/^[:\w-]{1,128}$/))
    .map(([namespace, id]) => `urn:lo:nsid:${namespace}:${id}`);
  await fc.assert(
    fc.asyncProperty(validId, validId, async (id, newId) => {
      fc.pre(id !== newId);
      const path = (each: string): string => `${devices}/${encodeURIComponent(each)}`;
      expect((await callApi(app, `POST ${devices}`, { body: { id } })).status).toBe(200);
      expect((await callApi(app, `POST ${devices}`, { body: { id } })).status).toBe(409);
      expect((await callApi(app, `PATCH ${path(id)}`, { body: { id: newId } })).body.id).toBe(newId);
      expect((await callApi(app, `GET ${path(id)}`)).status).toBe(404);
      const filter = printRsql({ kind: 'comparison', selector: 'id', operator: '==', values: [[newId]] });
      const found = await callApi(app, `GET ${devices}?fields=id&filterQuery=${encodeURIComponent(filter)}`);
      expect(found.body).toEqual([{ id: newId }]);
      expect((await callApi(app, `DELETE ${path(newId)}`)).status).toBe(204);
    }),
    { numRuns: 60 },
  );
});

it('what is no id is refused by every call that takes one', async () => {
  const almost = fc
    .tuple(
      fc.constantFrom('urn:lo:nsid:', 'urn:lo:nsid', 'URN:lo:nsid:', ''),
      fc.string({ unit: 'binary', maxLength: 140 }),
      fc.constantFrom(':', '', '::'),
      fc.string({ unit: 'binary', maxLength: 140 }),
    )
    .map((parts) => parts.join(''))
    .filter((id) => !/^urn:lo:nsid:[\w-]{1,128}:[\w:-]{1,128}$/.test(id));
  await callApi(app, `POST ${devices}`, { body: { id: 'urn:lo:nsid:fuzz:there' } });
  await fc.assert(
    fc.asyncProperty(almost, async (id) => {
      expect((await callApi(app, `POST ${devices}`, { body: { id } })).status).toBe(400);
      const renamed = await callApi(app, `PATCH ${devices}/urn:lo:nsid:fuzz:there`, { body: { id } });
      expect(renamed.status).toBe(400);
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        // An empty id is another path, and dots are taken out of a path before it is looked at.
        const answer = await callApi(app, `${method} ${devices}/${encodeURIComponent(id)}`, {
          body: method === 'PATCH' ? {} : undefined,
        });
        expect(id === '' || /^\.{1,2}$/.test(id) ? [200, 400, 404, 405] : [400]).toContain(answer.status);
      }
    }),
    { numRuns: 200 },
  );
});

it('no body makes a change, a search or a count fail', async () => {
  const keys = fc.constantFrom(
    ...[
      'id',
      'name',
      'tags',
      'properties',
      'group',
      'path',
      'staticLocation',
      'lat',
      'lon',
      'query',
      'filters',
    ],
    ...['queryString', 'geoBounds', 'topLeft', 'bottomRight', 'sort', 'bookmark', 'size', 'groupBy', 'field'],
    ...['location', 'precision', 'options', '__proto__', 'constructor'],
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.constantFrom(
        'tags==a',
        'tags',
        'name',
        '-created',
        'interfaces.status',
        'property.x',
        '\uD800',
        '\0',
      ),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 5 }),
    ),
  }));
  const calls = fc.constantFrom(
    `PATCH ${devices}/urn:lo:nsid:fuzz:there`,
    'POST /api/v1/deviceMgt/explorer/search',
    'POST /api/v1/deviceMgt/explorer/stats',
  );
  const body = fc.dictionary(keys, value, { maxKeys: 6 });
  await fc.assert(
    fc.asyncProperty(calls, body, async (call, given) => {
      const answer = await callApi(app, call, { body: JSON.stringify(given) });
      expect([200, 400, 404], JSON.stringify(answer.body)).toContain(answer.status);
    }),
    { numRuns: 600 },
  );
});

it('a place in any order and with any value is answered or refused', async () => {
  const sort = fc.constantFrom('id', '-name', 'created,name', '-interfaces.lastContact', 'group,-updated');
  const key = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.integer(),
    fc.constantFrom(1e308, -0, 2 ** 60),
  );
  await fc.assert(
    fc.asyncProperty(sort, fc.array(key, { maxLength: 4 }), async (order, bookmark) => {
      const answer = await callApi(app, 'POST /api/v1/deviceMgt/explorer/search', {
        body: { sort: order, bookmark },
      });
      expect([200, 400], JSON.stringify(answer.body)).toContain(answer.status);
    }),
    { numRuns: 200 },
  );
});
