import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../core/api/route.ts';
import { type Role, roles } from '../core/contract/roles.ts';
import { TestBench } from './simulators/test-bench.ts';

/**
 * What anybody may ask without a key: what tells nothing of a tenant, which is state, addresses, the certificate,
 * the portal's files and the ways in; and contents by links that nobody guesses. To add here is a decision about security.
 */
const publicPaths = [
  '/',
  '/api/v0/auth',
  '/assets/:name',
  '/bench/v1/ca.pem',
  '/bench/v1/endpoints',
  '/bench/v1/health',
  '/bench/v1/sessions',
  '/dl/:token',
];

/** What any key may ask: about itself, and how the platform is set. */
const anyKeyPaths = [
  '/api/v0/apiKeys/current_key',
  '/api/v0/logout',
  '/api/v0/tenants/me',
  '/api/v0/users/:id/password',
  '/api/v0/users/me',
  '/api/v0/whoami',
  '/bench/v1/clock',
  '/bench/v1/identity',
  '/bench/v1/listeners',
];

/** What only who runs the instance may do: it touches all tenants. */
const operatorPaths = [
  '/bench/v1/clock',
  '/bench/v1/clock/advance',
  '/bench/v1/coap-log',
  '/bench/v1/lora/drops',
  '/bench/v1/reset',
  '/bench/v1/sms/drops',
  '/bench/v1/tenants',
  '/bench/v1/tenants/:id/sessions',
];

/**
 * The role that each part of the surface needs, to read (`_R`) or to write (`_W`): manual 4.4 and facts 13, and our
 * own routes as the compatible ones beside them. Some parts open to another role as well. The first line that a path
 * begins with holds.
 */
const areas: readonly (readonly [start: string, area: string, orArea?: string])[] = [
  ['/api/v0/apiKeys', 'API_KEY'],
  ['/api/v0/auditlog/', 'LOGS'],
  ['/api/v0/certificates/ca', 'API_KEY'],
  ['/api/v0/data/', 'DATA'],
  ['/api/v0/deviceMgt/campaigns', 'CAMPAIGN'],
  ['/api/v0/rm', 'DEVICE'],
  ['POST /api/v0/topics/fifo/:name', 'BUS'],
  ['/api/v0/topics/fifo', 'BUS_CONFIG'],
  ['/api/v0/users', 'USER'],
  ['/api/v1/bootstrap/', 'BOOTSTRAP', 'DEVICE'],
  ['/api/v1/deviceMgt/devices/:deviceId/data/', 'DATA'],
  ['/api/v1/deviceMgt/', 'DEVICE'],
  ['/api/v1/event2action/', 'BUS_CONFIG'],
  ['/bench/v1/bootstrap/', 'BOOTSTRAP', 'DEVICE'],
  ['/bench/v1/campaigns', 'CAMPAIGN'],
  ['/bench/v1/connectors', 'DEVICE'],
  ['/bench/v1/devices/', 'DEVICE'],
  ['GET /bench/v1/fifos/:name/messages', 'BUS'],
  ['/bench/v1/fifos/', 'BUS_CONFIG'],
  ['/bench/v1/lora/frames', 'DEVICE'],
  ['/bench/v1/lora/gateways', 'DEVICE'],
  ['/bench/v1/lora/map', 'DEVICE'],
  ['/bench/v1/lwm2m/models', 'DEVICE'],
  ['/bench/v1/messages', 'DATA'],
  ['/bench/v1/metrics', 'DATA'],
  ['/bench/v1/mqtt/sessions', 'API_KEY'],
  ['/bench/v1/sessions/codes', 'SETTINGS'],
  ['/bench/v1/simulators', 'DEVICE'],
  ['/bench/v1/sms/', 'DEVICE'],
  ['/bench/v1/refusals', 'DATA'],
  ['/bench/v1/traces', 'DATA'],
];

/** Posts that only read: searches, counts and trials. */
const readingPost = /\/(search|stats|hits|test)(\/|$)/;

const test = new TestBench();
/** The table of the running program, so what is added to it is looked at without a word here. */
let routes: readonly Route[] = [];

beforeAll(async () => {
  await test.bench.start();
  routes = test.bench.platform.routes;
});
afterAll(() => test.bench.stop());

const nameOf = ({ method, url }: Route): string => `${method} ${url}`;
const needsRole = ({ role }: Route): boolean => (roles as readonly string[]).includes(role);

const call = (route: Route, key: string, body?: unknown) =>
  test.call(route.method, route.url.replace(/:\w+/g, 'x'), body ?? (route.body && {}), key);

async function keyWith(some: readonly Role[]): Promise<string> {
  return (await test.call('POST', '/api/v0/apiKeys', { label: 'test', roles: some })).body.value;
}

describe('every route', () => {
  it('declares who may call it, also those of the simulators', () => {
    expect(routes.some(({ url }) => url.startsWith('/bench/v1/simulators'))).toBe(true);
    for (const route of routes) {
      expect([...roles, 'any-key', 'operator', 'public'], nameOf(route)).toContain(route.role);
    }
    const paths = (wanted: string): string[] => [
      ...new Set(routes.filter(({ role }) => role === wanted).map(({ url }) => url)),
    ];
    expect(paths('public').sort()).toEqual(publicPaths);
    expect(paths('any-key').sort()).toEqual(anyKeyPaths);
    expect(paths('operator').sort()).toEqual(operatorPaths);
  });

  it('stands once in its table', () => {
    const names = routes.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
  });

  it('needs the role of its area, to read or to write', () => {
    for (const route of routes.filter(needsRole)) {
      const reads = route.method === 'GET' || (route.method === 'POST' && readingPost.test(route.url));
      const suffix = reads ? 'R' : 'W';
      const area = areas.find(([start]) => route.url.startsWith(start) || nameOf(route).startsWith(start));
      expect(`${area?.[1]}_${suffix}`, nameOf(route)).toBe(route.role);
      if (route.orRole) expect(`${area?.[2]}_${suffix}`, nameOf(route)).toBe(route.orRole);
    }
  });

  it('refuses a caller without a key, and one with a key that nobody has', async () => {
    for (const route of routes.filter(({ role }) => role !== 'public')) {
      expect(await call(route, ''), nameOf(route)).toMatchObject({
        status: 401,
        body: { code: 'UNAUTHORIZED' },
      });
      const unknown = await call(route, 'f'.repeat(32));
      expect(unknown, nameOf(route)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    }
  });

  it('refuses a key with every role but its own', async () => {
    for (const needed of new Set(routes.filter(needsRole).map(({ role }) => role as Role))) {
      const mine = routes.filter(({ role }) => role === needed);
      for (const orRole of new Set(mine.map((route) => route.orRole))) {
        const key = await keyWith(roles.filter((role) => role !== needed && role !== orRole));
        const details = `Needed: ${orRole === undefined ? needed : `${needed} or ${orRole}`}`;
        for (const route of mine.filter((each) => each.orRole === orRole)) {
          expect(await call(route, key), nameOf(route)).toMatchObject({
            status: 403,
            body: { code: 'GENERIC_ACTION_FORBIDDEN_ERROR', details },
          });
        }
      }
    }
  });

  it('lets a key with its role alone through', async () => {
    for (const needed of new Set(routes.filter(needsRole).map(({ role }) => role as Role))) {
      const key = await keyWith([needed]);
      for (const route of routes.filter(({ role, orRole }) => role === needed || orRole === needed)) {
        const { status } = await call(route, key);
        expect([200, 201, 202, 204, 400, 404, 415], `${nameOf(route)} ${status}`).toContain(status);
      }
    }
  });

  it('for who runs the instance refuses every other key, whatever its roles and tenant', async () => {
    const forOperator = routes.filter(({ role }) => role === 'operator');
    expect(forOperator.map(({ url }) => url)).toContain('/bench/v1/reset');
    const other = await test.call('POST', '/bench/v1/tenants', { name: 'other' });
    expect(other.status).toBe(201);
    const keys = { 'all roles': await keyWith(roles), 'another master key': other.body.masterKey };
    for (const route of forOperator) {
      for (const [whose, key] of Object.entries(keys)) {
        expect(await call(route, key), `${nameOf(route)} with ${whose}`).toMatchObject({
          status: 403,
          body: { code: 'GENERIC_ACTION_FORBIDDEN_ERROR', details: expect.stringContaining('master key') },
        });
      }
    }
  });
});
