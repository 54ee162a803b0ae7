import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import { callApi } from '../testing/test-services.ts';
import { notOfferedOperations } from './not-offered.ts';
import type { Route } from './route.ts';

let api: TestApi;
let app: FastifyInstance;
let routes: readonly Route[];

beforeAll(async () => {
  api = await startTestApi();
  ({ app, routes } = api);
});
afterAll(() => api.stop());

const lineOf = ({ method, url }: Route): string => `${method} ${url.replace(/:\w+/g, 'x')}`;

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
