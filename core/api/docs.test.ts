import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../contract/roles.ts';
import { nodeFiles } from '../platform/node/node-files.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import { callApi, TestServices } from '../testing/test-services.ts';
import type { Route } from './route.ts';

const packageFile = createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json');
const pages = { files: nodeFiles, swaggerUiFolder: join(dirname(packageFile), 'static') };
const surfaces = ['/api/v0', '/api/v1', '/bench/v1'];

let api: TestApi;
let app: FastifyInstance;
let routes: readonly Route[];

beforeAll(async () => {
  api = await startTestApi(pages);
  ({ app, routes } = api);
});
afterAll(() => api.stop());

const open = (path: string) => callApi(app, `GET ${path}`, { key: '' });

describe('the OpenAPI document', () => {
  it.each(surfaces)('of %s has each of its operations with its role and its key', async (prefix) => {
    const { status, body } = await open(`${prefix}/docs/json`);
    expect(status).toBe(200);
    expect(body.openapi).toBe('3.1.0');
    const described = [];
    for (const [path, operations] of Object.entries<Record<string, never>>(body.paths)) {
      for (const method of Object.keys(operations)) described.push(`${method.toUpperCase()} ${path}`);
    }
    const mine = routes.filter(({ url }) => url.startsWith(`${prefix}/`));
    expect(described.sort()).toEqual(
      mine.map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`).sort(),
    );
    for (const { method, url, role } of mine) {
      const operation = body.paths[url.replace(/:(\w+)/g, '{$1}')][method.toLowerCase()];
      expect(operation['x-role']).toBe(role);
      const names: Record<string, string> = {
        'any-key': 'Any API key',
        public: 'no API key needed',
        operator: 'master key of the default tenant',
      };
      expect(operation.description).toContain(names[role] ?? role);
      expect(operation.security).toEqual(role === 'public' ? [] : [{ 'X-API-Key': [] }]);
      expect(operation.summary).toBeTruthy();
      const inPath = operation.parameters.filter((each: { in: string }) => each.in === 'path');
      expect(inPath.map(({ name }: { name: string }) => `:${name}`)).toEqual(url.match(/:\w+/g) ?? []);
    }
    expect(body.components.securitySchemes['X-API-Key']).toEqual({
      type: 'apiKey',
      in: 'header',
      name: 'X-API-Key',
    });
  });

  it('holds the table of roles and profiles of manual 4.4', async () => {
    const { body } = await open('/api/v0/docs/json');
    expect(Object.keys(body['x-roles'])).toEqual([...roles]);
    // The rows of the manual with one mark; SETTINGS_W has two there, as API_KEY_W and BUS_W.
    const only = [
      'USER_W',
      'DEVICE_W',
      'CAMPAIGN_W',
      'DATA_W',
      'DATA_PROCESSING_W',
      'BUS_CONFIG_W',
      'BOOTSTRAP_W',
    ];
    const ofUsers = roles.filter((role) => body['x-roles'][role].user);
    expect(ofUsers).toEqual(roles.filter((role) => !only.includes(role)));
    expect(roles.every((role) => body['x-roles'][role].admin)).toBe(true);
    for (const role of roles)
      expect(body.info.description).toContain(`| ${role} | x | ${ofUsers.includes(role) ? 'x' : ''} |`);
  });

  it('describes what is sent and answered', async () => {
    const { body } = await open('/api/v1/docs/json');
    const { get, post } = body.paths['/api/v1/deviceMgt/devices'];
    expect(post.requestBody.content['application/json'].schema).toMatchObject({
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'string', maxLength: 269 } },
    });
    expect(get.responses['200'].content['application/json'].schema).toMatchObject({
      type: 'array',
      items: { properties: { id: { type: 'string' } } },
    });
    expect(get.parameters.find(({ name }: { name: string }) => name === 'limit')).toMatchObject({
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 1000, default: 20 },
    });
    const form = body.paths['/api/v1/deviceMgt/twin/model/object-definitions'].post.requestBody.content;
    expect(form['multipart/form-data'].schema.properties).toEqual({
      file: { type: 'string', format: 'binary' },
    });
    expect(JSON.stringify(body)).not.toContain('"$ref":"#/$defs');
  });

  it('names operations once', async () => {
    const ids = [];
    for (const prefix of surfaces) {
      const { body } = await open(`${prefix}/docs/json`);
      for (const operations of Object.values<Record<string, { operationId: string }>>(body.paths)) {
        ids.push(...Object.values(operations).map(({ operationId }) => operationId));
      }
    }
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the page', () => {
  it.each(surfaces)('of %s loads with all that it names, from this server alone', async (prefix) => {
    const { status, headers, body } = await open(`${prefix}/docs`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(body).not.toMatch(/https?:|\/\/[a-z]/i);
    const named = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
    expect(named).toHaveLength(4);
    for (const path of named) {
      const asset = await open(path);
      expect(asset.status, path).toBe(200);
      expect(asset.body.length, path).toBeGreaterThan(100);
    }
    const start = await open(`${prefix}/docs/start.js`);
    expect(start.body).toContain(`"url":"${prefix}/docs/json"`);
    expect(start.body).toContain('"validatorUrl":null');
    expect(start.body).not.toMatch(/https?:/);
  });

  it.each(['index.html', 'toString', '..%2Fpackage.json', '..%5Cpackage.json', 'nothing.js'])(
    'does not serve %s',
    async (name) => {
      expect((await open(`/api/v1/docs/${name}`)).status).toBe(404);
    },
  );

  it('is not there without its files, the document is', async () => {
    await using services = await TestServices.start();
    const bare = await services.api();
    expect((await callApi(bare, 'GET /api/v1/docs', { key: '' })).status).toBe(404);
    expect((await callApi(bare, 'GET /api/v1/docs/json', { key: '' })).status).toBe(200);
  });
});
