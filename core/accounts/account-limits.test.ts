import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let bench: TestPlatform;
beforeAll(async () => {
  bench = await startTestPlatform({
    settings: {
      keyMaxPerTenant: 2,
      tenantMax: 2,
      portalMaxLinks: 2,
      portalMaxSessions: 2,
      loginMaxNames: 2,
      loginMaxFailures: 2,
    },
  });
});
afterAll(() => bench.stop());

const refusal = (details: string) => ({
  status: 400,
  body: { code: 'GENERIC_INVALID_PARAMETER_ERROR', details: expect.stringContaining(details) },
});

it('a tenant has no more API keys than keyMaxPerTenant; sessions of users do not count', async () => {
  const make = () => bench.call('POST', '/api/v0/apiKeys', { label: 'one', roles: [] });
  const password = 'Right-1-password';
  await bench.call('POST', '/api/v0/users', { login: 'ada', profile: 'USER', password });
  const signIn = () => bench.call('POST', '/api/v0/auth', { login: 'ada', password });
  for (const _ of [1, 2, 3]) expect((await signIn()).status).toBe(200);
  const { body: first } = await make();
  expect(await make()).toMatchObject(refusal('more than 2 API keys (setting keyMaxPerTenant)'));
  expect((await signIn()).status).toBe(200);
  await bench.call('DELETE', `/api/v0/apiKeys/${first.id}`);
  expect((await make()).status).toBe(200);
});

it('an instance has no more tenants than tenantMax', async () => {
  const make = (name: string) => bench.call('POST', '/bench/v1/tenants', { name });
  expect((await make('second')).status).toBeLessThan(300);
  expect(await make('third')).toMatchObject(refusal('more than 2 tenants (setting tenantMax)'));
  expect((await bench.call('GET', '/bench/v1/tenants')).body).toHaveLength(2);
});

it('one link more than portalMaxLinks, or session more than portalMaxSessions, ends the oldest', async () => {
  const { sessions } = bench.platform;
  const grant = bench.platform.masterGrant(bench.tenantId);
  const codes = [1, 2, 3].map(() => sessions.createCode(grant));
  expect(() => sessions.exchange(codes[0] ?? '')).toThrow(/used before/);
  const keys = [codes[1], codes[2]].map((code) => sessions.exchange(code ?? '').key);
  keys.push(sessions.open(grant).key);
  expect(keys.map((key) => typeof sessions.authenticate(key))).toEqual(['string', 'object', 'object']);
});

it('failures of no more than loginMaxNames names are remembered', async () => {
  const fail = async (login: string): Promise<string> =>
    (await bench.call('POST', '/api/v0/auth', { login, password: 'wrong' })).body.code;
  for (const login of ['a', 'a', 'b', 'b']) expect(await fail(login)).toBe('UNAUTHORIZED');
  expect(await fail('a')).toBe('USER_LOCKED');
  await fail('c');
  expect(await fail('a')).toBe('UNAUTHORIZED');
});
