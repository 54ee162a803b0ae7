import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PlatformError } from '../contract/errors.ts';
import { silentLogger } from '../platform/logger.ts';
import { callApi, TestServices, testMasterKey } from '../testing/test-services.ts';
import { Answer, defineRoute } from './route.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let services: TestServices;
let app: FastifyInstance;
const logged: object[] = [];

const base = { method: 'GET', role: 'DATA_R', tag: 'Test', summary: 'test' } as const;
const testRoutes = [
  defineRoute({
    ...base,
    url: '/bench/v1/open',
    role: 'public',
    response: z.string(),
    handler: () => 'open',
  }),
  defineRoute({
    ...base,
    url: '/bench/v1/crash',
    handler: () => Promise.reject(new Error('secret inner detail')),
  }),
  defineRoute({
    ...base,
    url: '/bench/v1/full',
    handler: () => {
      throw new PlatformError('store.full', 'The store is full.', { details: 'free some' });
    },
  }),
  // The service has more methods on this path.
  defineRoute({ ...base, url: '/api/v0/pipelines/:id', handler: () => {} }),
  defineRoute({
    ...base,
    method: 'PUT',
    url: '/bench/v1/echo/:id',
    params: z.object({ id: z.string() }),
    query: z.object({ n: z.string().optional() }),
    body: z.object({ a: z.number() }),
    response: z.unknown(),
    status: 202,
    bodyLimitBytes: 2048,
    handler: ({ params, query, body, grant, wantsTotal, origin, remoteAddress }) =>
      new Answer(
        { params, query, body, tenantId: grant.tenantId, wantsTotal, origin, remoteAddress },
        { headers: { 'X-Extra': 'yes' } },
      ),
  }),
];

beforeAll(async () => {
  services = await TestServices.start();
  app = await services.api(testRoutes, {
    logger: { ...silentLogger, error: (fields) => void logged.push(fields) },
    settings: { bodyLimitBytes: 1024 },
  });
});
afterAll(async () => services[Symbol.asyncDispose]());

const call = (line: string, options?: Parameters<typeof callApi>[2]) => callApi(app, line, options);

describe('a call', () => {
  it('reaches its handler checked, and comes back as the handler wants', async () => {
    const answer = await call('PUT /bench/v1/echo/a%2Fb%3A%C3%A9?n=1&other=2', {
      body: { a: 1, b: 2 },
      headers: { 'X-Total-Count': 'true', Host: 'bench.local:8080' },
    });
    expect(answer).toMatchObject({
      status: 202,
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-extra': 'yes' },
      body: {
        params: { id: 'a/b:é' },
        query: { n: '1' },
        body: { a: 1 },
        tenantId: services.tenantId,
        wantsTotal: true,
        origin: 'http://bench.local:8080',
        remoteAddress: '127.0.0.1',
      },
    });
  });

  it('may name the key in any letter case of the header', async () => {
    for (const name of ['X-API-KEY', 'x-api-key', 'X-Api-Key']) {
      expect((await call('GET /api/v0/whoami', { key: '', headers: { [name]: testMasterKey } })).status).toBe(
        200,
      );
    }
  });

  it('may end its path with a slash, as one of the manual does (7.7.4.1.3)', async () => {
    expect(await call('GET /api/v0/whoami/')).toMatchObject({ status: 200 });
  });

  it('may be HEAD where GET is', async () => {
    expect(await call('HEAD /api/v0/whoami')).toMatchObject({ status: 200, body: '' });
    expect((await call('HEAD /api/v0/whoami', { key: '' })).status).toBe(401);
  });

  it('may say JSON in other words', async () => {
    for (const type of [
      'application/json; charset=utf-8',
      'application/merge-patch+json',
      'APPLICATION/JSON',
    ]) {
      const body = { a: 1 };
      expect((await call('PUT /bench/v1/echo/x', { body, headers: { 'Content-Type': type } })).status).toBe(
        202,
      );
    }
  });
});

describe('an error', () => {
  it.each([
    ['no key', 'GET /api/v0/whoami', { key: '' }, 401, 'UNAUTHORIZED'],
    ['a key of another form', 'GET /api/v0/whoami', { key: 'nonsense' }, 401, 'UNAUTHORIZED'],
    ['a key nobody has', 'GET /api/v0/whoami', { key: '0'.repeat(32) }, 403, 'FORBIDDEN'],
    ['an unknown path', 'GET /api/v1/nothing', {}, 404, 'GENERIC_NOT_FOUND_ERROR'],
    ['an unknown path without a key', 'GET /etc/passwd', { key: '' }, 404, 'GENERIC_NOT_FOUND_ERROR'],
    ['two slashes too many', 'GET /api/v0/whoami//', {}, 404, 'GENERIC_NOT_FOUND_ERROR'],
    ['bad encoding', 'GET /bench/v1/echo/%E0%A4%A', {}, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
    [
      'a part too long',
      `PUT /bench/v1/echo/${'x'.repeat(1300)}`,
      { body: {} },
      400,
      'GENERIC_INVALID_PARAMETER_ERROR',
    ],
    ['no body', 'PUT /bench/v1/echo/x', {}, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
    [
      'a body that is no JSON',
      'PUT /bench/v1/echo/x',
      { body: '{"a":1' },
      400,
      'GENERIC_INVALID_PARAMETER_ERROR',
    ],
    ['an array as body', 'PUT /bench/v1/echo/x', { body: '[]' }, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
    ['null as body', 'PUT /bench/v1/echo/x', { body: 'null' }, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
    [
      'a huge body',
      'PUT /bench/v1/echo/x',
      { body: `"${'x'.repeat(2048)}"` },
      413,
      'GENERIC_PAYLOAD_TOO_LARGE_ERROR',
    ],
    [
      'a body beyond the setting',
      'POST /api/v0/apiKeys',
      { body: `"${'x'.repeat(1030)}"` },
      413,
      'GENERIC_PAYLOAD_TOO_LARGE_ERROR',
    ],
    [
      'a form',
      'PUT /bench/v1/echo/x',
      { body: 'a=1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      415,
      'GENERIC_UNSUPPORTED_MEDIA_TYPE_ERROR',
    ],
    [
      'JSON called text',
      'PUT /bench/v1/echo/x',
      { body: '{}', headers: { 'Content-Type': 'text/plain' } },
      415,
      'GENERIC_UNSUPPORTED_MEDIA_TYPE_ERROR',
    ],
    ['what a handler refuses', 'GET /bench/v1/full', {}, 507, 'STORE_FULL'],
    ['what is not offered', 'POST /api/v1/data/search', { body: {} }, 501, 'GENERIC_NOT_IMPLEMENTED_ERROR'],
    [
      'what is not offered on a path that is',
      'PUT /api/v0/pipelines/x',
      { body: {} },
      501,
      'GENERIC_NOT_IMPLEMENTED_ERROR',
    ],
  ] as const)('tells of %s', async (_what, line, options, status, code) => {
    const answer = await call(line, options);
    expect(answer).toMatchObject({
      status,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: { id: expect.stringMatching(uuid), code, message: expect.any(String) },
    });
    expect(
      Object.keys(answer.body).filter((key) => !['id', 'code', 'message', 'details'].includes(key)),
    ).toEqual([]);
  });

  it('names the methods that a path takes', async () => {
    const answer = await call('PUT /api/v0/apiKeys', { body: {} });
    expect(answer).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, POST' },
      body: { code: 'GENERIC_METHOD_NOT_ALLOWED_ERROR', details: 'Allowed: GET, HEAD, POST' },
    });
    expect((await call('OPTIONS /api/v0/whoami')).headers).toMatchObject({ allow: 'GET, HEAD' });
  });

  it('names the role that is missing, and no other', async () => {
    const key = await services.key(['DEVICE_R']);
    expect(await call('POST /api/v1/deviceMgt/devices', { key, body: {} })).toMatchObject({
      status: 403,
      body: { code: 'GENERIC_ACTION_FORBIDDEN_ERROR', details: 'Needed: DEVICE_W' },
    });
  });

  it('comes for a key that is off or out of its time as 401', async () => {
    for (const more of [
      { active: false },
      { to: services.clock.now() },
      { from: services.clock.now() + 1 },
    ]) {
      const key = await services.key(['DEVICE_R'], more);
      expect(await call('GET /api/v0/whoami', { key })).toMatchObject({
        status: 401,
        body: { code: 'UNAUTHORIZED' },
      });
    }
  });

  it('of ours is logged with its id and tells the caller nothing', async () => {
    logged.length = 0;
    const { status, body } = await call('GET /bench/v1/crash');
    expect({ status, body }).toEqual({
      status: 500,
      body: {
        id: expect.stringMatching(uuid),
        code: 'GENERIC_INTERNAL_ERROR',
        message: expect.not.stringContaining('secret'),
        details: body.message,
      },
    });
    expect(logged).toMatchObject([
      { errorId: body.id, path: '/bench/v1/crash', error: { message: 'secret inner detail' } },
    ]);
  });

  it('comes before the body is read when the caller may not call at all', async () => {
    const huge = `"${'x'.repeat(5000)}"`;
    expect((await call('POST /api/v0/apiKeys', { key: '', body: huge })).status).toBe(401);
    expect(
      (await call('POST /api/v0/apiKeys', { key: await services.key([]), body: '{not json' })).status,
    ).toBe(403);
  });
});

describe('pages of other origins', () => {
  const origin = 'http://localhost:5173';
  const preflight = { Origin: origin, 'Access-Control-Request-Method': 'POST' };

  it('may not call by default', async () => {
    const answer = await call('GET /api/v0/whoami', { headers: { Origin: origin } });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect((await call('OPTIONS /api/v0/whoami', { key: '', headers: preflight })).status).toBe(405);
  });

  it('may call when they are named', async () => {
    const open = await services.api([], { settings: { allowedOrigins: [origin] } });
    expect(await callApi(open, 'OPTIONS /api/v0/apiKeys', { key: '', headers: preflight })).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-headers': expect.stringContaining('X-API-Key'),
        'access-control-allow-methods': expect.stringContaining('DELETE'),
        vary: 'Origin',
      },
    });
    expect(
      (await callApi(open, 'GET /api/v0/whoami', { headers: { Origin: origin } })).headers,
    ).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': expect.stringContaining('X-Total-Count'),
    });
    const failed = await callApi(open, 'GET /api/v0/whoami', { key: '', headers: { Origin: origin } });
    expect(failed).toMatchObject({ status: 401, headers: { 'access-control-allow-origin': origin } });
    for (const other of [
      'http://localhost:5174',
      'https://localhost:5173',
      `${origin}.evil.example`,
      'null',
    ]) {
      const refused = await callApi(open, 'GET /api/v0/whoami', { headers: { ...preflight, Origin: other } });
      expect(refused.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });
});
