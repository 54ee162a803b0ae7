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
    const isPublic = routes.filter(({ role }) => role === 'public');
    expect(isPublic.map(({ url }) => url).sort()).toEqual(publicPaths);
  });

  it('stands once in its table', () => {
    const names = routes.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
  });

  it('that reads needs a role to read, and one that writes a role to write', () => {
    for (const route of routes.filter(needsRole)) {
      const reads = route.method === 'GET' || (route.method === 'POST' && readingPost.test(route.url));
      for (const role of [route.role, route.orRole ?? route.role]) {
        if (reads) expect(role, nameOf(route)).toMatch(/_R$/);
        else expect(role, nameOf(route)).toMatch(/_W$/);
      }
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
        expect([200, 201, 202, 204, 400, 404], `${nameOf(route)} ${status}`).toContain(status);
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
