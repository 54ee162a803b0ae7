import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../contract/roles.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import { callApi } from '../testing/test-services.ts';
import { notOfferedOperations } from './not-offered.ts';
import type { Route } from './route.ts';

/** What anybody may ask without a key. To add here is a decision about security. */
/** What tells nothing of a tenant: state, addresses, the certificate, the portal's files and its way in. */
const publicPaths = [
  '/bench/v1/health',
  '/bench/v1/endpoints',
  '/bench/v1/ca.pem',
  '/',
  '/assets/:name',
  '/bench/v1/sessions',
];

let api: TestApi;
let app: FastifyInstance;
let routes: readonly Route[];

beforeAll(async () => {
  api = await startTestApi();
  ({ app, routes } = api);
});
afterAll(() => api.stop());

const lineOf = ({ method, url }: Route): string => `${method} ${url.replace(/:\w+/g, 'x')}`;

describe('every route', () => {
  it('declares who may call it', () => {
    expect(routes.length).toBeGreaterThan(10);
    for (const { role, method, url } of routes) {
      expect([...roles, 'any-key', 'public'], `${method} ${url}`).toContain(role);
    }
    expect(routes.filter(({ role }) => role === 'public').map(({ url }) => url)).toEqual(publicPaths);
  });

  it('that reads needs a role to read, and one that writes a role to write', () => {
    for (const { role, method, url } of routes) {
      if (role === 'any-key' || role === 'public') continue;
      expect(role, `${method} ${url}`).toMatch(method === 'GET' ? /_R$/ : /_W$/);
    }
  });

  it('refuses a caller without a key', async () => {
    for (const route of routes.filter(({ role }) => role !== 'public')) {
      const answer = await callApi(app, lineOf(route), { key: '', body: {} });
      expect(answer, lineOf(route)).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } });
    }
  });

  it('refuses a key with every role but its own', async () => {
    for (const route of routes.filter(({ role }) => role !== 'any-key' && role !== 'public')) {
      const key = await api.key(roles.filter((role) => role !== route.role));
      const answer = await callApi(app, lineOf(route), { key, body: {} });
      expect(answer, lineOf(route)).toMatchObject({
        status: 403,
        body: { code: 'GENERIC_ACTION_FORBIDDEN_ERROR', details: `Needed: ${route.role}` },
      });
    }
  });

  it('lets a key with its role alone through', async () => {
    for (const route of routes) {
      const key = await api.key(roles.filter((role) => role === route.role));
      const answer = await callApi(app, lineOf(route), { key, ...(route.body && { body: {} }) });
      expect([200, 201, 202, 204, 400, 404], lineOf(route)).toContain(answer.status);
    }
  });

  it('stands once in its table', () => {
    const lines = routes.map(({ method, url }) => `${method} ${url}`);
    expect(new Set(lines).size).toBe(lines.length);
  });
});

describe('what is not offered', () => {
  it('is known by method and path, each once', () => {
    const lines = notOfferedOperations.map(({ method, url }) => `${method} ${url}`);
    expect(lines.length).toBeGreaterThan(100);
    expect(new Set(lines).size).toBe(lines.length);
    for (const line of lines) expect(line).toMatch(/^(GET|POST|PUT|PATCH|DELETE) \/api\/v[012]\/[\w/:-]+$/);
  });

  it('never hides what is offered', async () => {
    for (const route of routes) {
      expect((await callApi(app, lineOf(route), { body: {} })).status, lineOf(route)).not.toBe(501);
    }
  });

  it('answers 501 and nothing else', async () => {
    const offered = new Set(routes.map(({ method, url }) => `${method} ${url.replace(/:\w+/g, ':')}`));
    for (const { method, url } of notOfferedOperations) {
      if (offered.has(`${method} ${url.replace(/:\w+/g, ':')}`)) continue;
      // A path of words may also be the path of a parameter that is offered: current_key is a key id too.
      const answer = await callApi(app, `${method} ${url.replace(/:\w+/g, 'x')}`);
      expect(answer, `${method} ${url}`).toMatchObject({
        status: 501,
        body: { details: `${method} ${url}` },
      });
    }
  });
});
