import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { callApi, type TestAnswer, TestServices } from '../../testing/test-services.ts';

let services: TestServices;
let app: FastifyInstance;

beforeEach(async () => {
  services = await TestServices.start();
  app = await services.api();
});
afterEach(async () => services[Symbol.asyncDispose]());

const call = (line: string, body?: unknown): Promise<TestAnswer> =>
  callApi(app, line, body === undefined ? {} : { body });
const devices = '/api/v1/deviceMgt/devices';
const id = 'urn:lo:nsid:null:one';
const mqtt = { connector: 'mqtt', definition: { clientId: id } };
const lora = {
  ...{ devEUI: '0123456789ABCDEF', profile: 'Generic_classA_RX2SF9', appEUI: '0123456789ABCDEF' },
  connectivityPlan: 'orange-cs/CP_Basic',
};
const appKey = '0123456789abcdef0123456789abcdef';
const made = {
  id: 0,
  created: 0,
  updated: 0,
  creationTs: 0,
  updateTs: 0,
  value: 0,
  password: 0,
  interfaces: 0,
};

/** What is the same of two answers to the same request. */
const steady = ({ status, body }: TestAnswer): unknown => ({ status, body: { ...body, ...made } });

it.each<[string, string, object, object]>([
  [
    'the altitude of a device',
    devices,
    { id, staticLocation: { lat: 1, lon: 2, alt: null } },
    { id, staticLocation: { lat: 1, lon: 2 } },
  ],
  ['the group by id', devices, { id, group: { id: null, path: '/' } }, { id, group: { path: '/' } }],
  [
    'the state of an interface',
    devices,
    { id, interfaces: [{ ...mqtt, enabled: null }] },
    { id, interfaces: [mqtt] },
  ],
  [
    'a field of a definition',
    devices,
    { id, interfaces: [{ connector: 'lora', definition: { ...lora, appKey, connectivityOptions: null } }] },
    { id, interfaces: [{ connector: 'lora', definition: { ...lora, appKey } }] },
  ],
  [
    'fields of an API key',
    '/api/v0/apiKeys',
    { label: 'k', description: null, active: null, roles: null, scope: { fifos: null } },
    { label: 'k', scope: {} },
  ],
  [
    'fields of a user',
    '/api/v0/users',
    { login: 'ada', profile: 'USER', roles: null, password: null },
    { login: 'ada', profile: 'USER' },
  ],
])('null for %s is as if it were not given', async (_what, path, withNull, without) => {
  const answer = await call(`POST ${path}`, withNull);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  if (path !== '/api/v0/apiKeys') await call(`DELETE ${path}/${answer.body.id}`);
  expect(steady(answer)).toEqual(steady(await call(`POST ${path}`, without)));
});

it.each<[string, object, string]>([
  ['that is needed', { id: null }, 'body.id'],
  ['in a list', { id, tags: [null] }, 'body.tags.0'],
  ['beside what is wrong', { id: 'x', staticLocation: { lat: 1, lon: 1, alt: null } }, 'body.id'],
])('null %s is refused by its place', async (_what, body, place) => {
  const answer = await call(`POST ${devices}`, body);
  expect(answer).toMatchObject({ status: 400, body: { details: expect.stringContaining(`${place}:`) } });
  expect(answer.body.details).not.toContain('alt');
});

it('null takes the e-mail address and the language of a user away, and nothing else does', async () => {
  const { body } = await call('POST /api/v0/users', {
    login: 'ada',
    email: 'ada@example.org',
    language: 'en',
  });
  const user = `/api/v0/users/${body.id}`;
  expect((await call(`POST ${user}`, { state: null })).body).toMatchObject({
    ...{ email: 'ada@example.org', language: 'en', state: 'enabled' },
  });
  expect((await call(`POST ${user}`, { email: null })).body).not.toHaveProperty('email');
  expect((await call(`POST ${user}`, { language: null })).body).not.toHaveProperty('language');
  expect((await call('POST /api/v0/users', { login: 'eve', email: 'ada@example.org' })).status).toBe(200);
  await services.restart({ stopped: true });
  app = await services.api();
  expect((await call(`GET ${user}`)).body).not.toHaveProperty('email');
});
