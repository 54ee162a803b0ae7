import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { profileRoles, roles } from '../../contract/roles.ts';
import { defaultSettings } from '../../settings.ts';
import { callApi, type TestAnswer, TestServices } from '../../testing/test-services.ts';

const password = 'Right-Pa55word';
const wrong = { status: 401, body: { code: 'UNAUTHORIZED', message: 'The login or the password is wrong.' } };

let services: TestServices;
let app: FastifyInstance;

beforeEach(async () => {
  services = await TestServices.start();
  app = await services.api();
});
afterEach(async () => services[Symbol.asyncDispose]());

const call = (line: string, options?: Parameters<typeof callApi>[2]): Promise<TestAnswer> =>
  callApi(app, line, options);
const makeUser = async (body: object): Promise<TestAnswer['body']> => {
  const made = await call('POST /api/v0/users', { body: { password, ...body } });
  expect(made.status).toBe(200);
  return made.body;
};
const auth = (body: object, key = ''): Promise<TestAnswer> => call('POST /api/v0/auth', { body, key });
const keyOf = async (login: string): Promise<string> => (await auth({ login, password })).body.apiKey.value;

describe('signing in (manual 4.2)', () => {
  it('answers a temporary key with the roles of the user, field by field', async () => {
    const user = await makeUser({ login: 'ada', email: 'Ada@example.org', profile: 'USER' });
    services.clock.advance(1000);
    const answer = await auth({ login: 'ada', password });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        admin: false,
        apiKey: {
          id: expect.stringMatching(/^[0-9a-f]{24}$/),
          tenantId: services.tenantId,
          userId: user.id,
          roles: profileRoles.USER,
          active: true,
          masterKey: false,
          sessionKey: true,
          sessionTtl: defaultSettings.userSessionTtlMs,
          expired: false,
          creationTs: services.clock.now(),
          value: expect.stringMatching(/^[0-9a-f]{32}$/),
        },
      },
    });
    const { value: key, ...shown } = answer.body.apiKey;
    const lastActivity = services.clock.now();
    expect((await call('GET /api/v0/apiKeys/current_key', { key })).body).toEqual({ ...shown, lastActivity });
    expect((await call('GET /api/v0/whoami', { key })).body).toEqual({ content: services.tenantId });
    const me = await call('GET /api/v0/users/me', { key });
    expect(me).toMatchObject({
      status: 200,
      body: { id: user.id, login: 'ada', lastLogin: services.clock.now() },
    });
    expect(JSON.stringify(me.body)).not.toMatch(/scrypt|Pa55/);
  });

  it('takes the e-mail address too, in any letter case, and says who is an administrator', async () => {
    await makeUser({ login: 'root', email: 'root@example.org', profile: 'ADMIN' });
    expect(await auth({ email: 'ROOT@example.org', password })).toMatchObject({
      status: 200,
      body: { admin: true },
    });
    expect((await auth({ login: 'Root', password })).status).toBe(200);
  });

  it('does not tell a wrong password from an unknown login', async () => {
    await makeUser({ login: 'ada' });
    expect(await auth({ login: 'ada', password: 'wrong' })).toMatchObject(wrong);
    expect(await auth({ login: 'nobody', password })).toMatchObject(wrong);
  });

  it.each([
    [{}, 'body'],
    [{ login: 'ada' }, 'body.password'],
    [{ login: 'ada', email: 'a@b', password }, 'body: give either login or email'],
    [{ password }, 'body: give either login or email'],
  ])('refuses %j', async (body, details) => {
    expect(await auth(body)).toMatchObject({
      status: 400,
      body: { details: expect.stringContaining(details) },
    });
  });

  it('offers no cookies, and says so', async () => {
    const answer = await call('POST /api/v0/auth?cookie=true', { key: '', body: { login: 'ada', password } });
    expect(answer).toMatchObject({ status: 501, body: { details: expect.stringContaining('X-API-Key') } });
  });

  it('is refused to who is not enabled, once the password is right', async () => {
    const { id } = await makeUser({ login: 'ada' });
    const key = await keyOf('ada');
    await call(`POST /api/v0/users/${id}`, { body: { state: 'suspended' } });
    expect((await call('GET /api/v0/whoami', { key })).status).toBe(403);
    expect(await auth({ login: 'ada', password })).toMatchObject({
      status: 403,
      body: { code: 'USER_DISABLED' },
    });
    expect(await auth({ login: 'ada', password: 'wrong' })).toMatchObject(wrong);
    await call(`POST /api/v0/users/${id}`, { body: { state: 'enabled' } });
    expect((await auth({ login: 'ada', password })).status).toBe(200);
  });
});

describe('the lock-out (manual 4.2)', () => {
  const { loginMaxFailures, loginLockMs } = defaultSettings;
  const failOften = async (login: string, times: number): Promise<void> => {
    for (let turn = 0; turn < times; turn++)
      expect(await auth({ login, password: 'wrong' })).toMatchObject(wrong);
  };
  const locked = { status: 403, body: { code: 'USER_LOCKED' } };

  it('begins after so many failures in a row and ends after a while', async () => {
    const { id } = await makeUser({ login: 'ada', email: 'ada@example.org' });
    await failOften('ada', loginMaxFailures);
    expect(await auth({ login: 'ada', password })).toMatchObject(locked);
    expect(await auth({ email: 'ada@example.org', password })).toMatchObject(locked);
    const lockedUntil = services.clock.now() + loginLockMs;
    expect((await call(`GET /api/v0/users/${id}`)).body).toMatchObject({ locked: true, lockedUntil });
    services.clock.advance(loginLockMs - 1);
    expect(await auth({ login: 'ada', password })).toMatchObject(locked);
    services.clock.advance(1);
    expect((await auth({ login: 'ada', password })).status).toBe(200);
    expect((await call(`GET /api/v0/users/${id}`)).body).toMatchObject({ locked: false });
  });

  it('counts anew after a right password', async () => {
    await makeUser({ login: 'ada' });
    await failOften('ada', loginMaxFailures - 1);
    expect((await auth({ login: 'ada', password })).status).toBe(200);
    await failOften('ada', loginMaxFailures - 1);
    expect((await auth({ login: 'ada', password })).status).toBe(200);
  });

  it('looks the same for a login that nobody has', async () => {
    await failOften('nobody', loginMaxFailures);
    expect(await auth({ login: 'nobody', password })).toMatchObject(locked);
  });

  it('counts guesses that come at once one by one', async () => {
    await makeUser({ login: 'ada' });
    const guesses = Array.from({ length: loginMaxFailures + 3 }, () =>
      auth({ login: 'ada', password: 'wrong' }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(loginMaxFailures);
    expect(statuses.filter((status) => status === 403)).toHaveLength(3);
  });

  it('outlives a restart, and can be ended by who may change users', async () => {
    const { id } = await makeUser({ login: 'ada' });
    await failOften('ada', loginMaxFailures);
    await services.restart({ stopped: false });
    app = await services.api();
    expect(await auth({ login: 'ada', password })).toMatchObject(locked);
    expect((await call(`POST /api/v0/users/${id}`, { body: { locked: false } })).body.locked).toBe(false);
    expect((await auth({ login: 'ada', password })).status).toBe(200);
  });

  it('lets only so many wait at a time', async () => {
    const { loginMaxWaiting } = defaultSettings;
    const answers = await Promise.all(
      Array.from({ length: loginMaxWaiting + 1 }, (_each, index) =>
        auth({ login: `nobody${index}`, password }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toMatchObject([
      {
        body: {
          code: 'GENERIC_TOO_MANY_REQUESTS_ERROR',
          details: expect.stringContaining('loginMaxWaiting'),
        },
      },
    ]);
  });
});

describe('a session', () => {
  const { userSessionTtlMs, userMaxSessions, keyUpkeepPeriodMs } = defaultSettings;
  const isOpen = async (key: string): Promise<boolean> =>
    (await call('GET /api/v0/whoami', { key })).status === 200;

  it('ends when it was not used for a while, and then is gone', async () => {
    const { id } = await makeUser({ login: 'ada' });
    const key = await keyOf('ada');
    services.clock.advance(userSessionTtlMs - 1);
    expect(await isOpen(key)).toBe(true);
    services.clock.advance(userSessionTtlMs - 1);
    expect(await isOpen(key)).toBe(true);
    services.clock.advance(userSessionTtlMs);
    expect(await call('GET /api/v0/whoami', { key })).toMatchObject({ status: expect.any(Number) });
    expect(await isOpen(key)).toBe(false);
    services.clock.advance(keyUpkeepPeriodMs);
    await expect.poll(async () => (await sessionsOf(id)).length).toBe(0);
  });

  it('outlives a restart', async () => {
    await makeUser({ login: 'ada' });
    const key = await keyOf('ada');
    await services.restart({ stopped: false });
    app = await services.api();
    expect(await isOpen(key)).toBe(true);
    expect((await call('GET /api/v0/users/me', { key })).body.login).toBe('ada');
  });

  it('ends by logging out, and no other with it', async () => {
    await makeUser({ login: 'ada' });
    const [key, other] = [await keyOf('ada'), await keyOf('ada')];
    expect((await call('POST /api/v0/logout', { key })).status).toBe(204);
    expect([await isOpen(key), await isOpen(other)]).toEqual([false, true]);
    const plain = await call('POST /api/v0/logout');
    expect(plain).toMatchObject({ status: 400, body: { details: expect.stringContaining('DELETE') } });
    expect(await isOpen(other)).toBe(true);
  });

  it('gives way to a newer one when the user has too many', async () => {
    const { id } = await makeUser({ login: 'ada' });
    const first = await keyOf('ada');
    const second = await keyOf('ada');
    for (let turn = 2; turn <= userMaxSessions; turn++) await keyOf('ada');
    expect([await isOpen(first), await isOpen(second)]).toEqual([false, true]);
    expect(await sessionsOf(id)).toHaveLength(userMaxSessions);
  });

  it('is not in the list of keys unless asked for', async () => {
    const { id } = await makeUser({ login: 'ada' });
    await keyOf('ada');
    expect(await sessionsOf(id)).toHaveLength(1);
    const { body } = await call('GET /api/v0/apiKeys');
    expect(body).toMatchObject({ totalCount: 1, data: [{ masterKey: true }] });
  });

  it('makes keys that outlive it, with no more roles than the user has', async () => {
    await makeUser({ login: 'ada', roles: ['API_KEY_W', 'DATA_R'] });
    const key = await keyOf('ada');
    const masterId = (await call('GET /api/v0/apiKeys/current_key')).body.id;
    const made = await call('POST /api/v0/apiKeys', { key, body: { label: 'mine', roles: ['DATA_R'] } });
    expect(made).toMatchObject({ status: 200, body: { parentId: masterId, sessionKey: false } });
    expect(made.body).not.toHaveProperty('userId');
    const more = await call('POST /api/v0/apiKeys', { key, body: { label: 'more', roles: ['DATA_W'] } });
    expect(more).toMatchObject({ status: 403, body: { details: 'roles: DATA_W' } });
    await call('POST /api/v0/logout', { key });
    expect(await isOpen(made.body.value)).toBe(true);
  });

  async function sessionsOf(userId: string): Promise<TestAnswer['body'][]> {
    const { body } = await call('GET /api/v0/apiKeys?showSessionKeys=true&size=100');
    return body.data.filter((each: { userId?: string }) => each.userId === userId);
  }
});

describe('the tenant of a key', () => {
  it('is shown to every key', async () => {
    const key = await services.key([]);
    const masterApiKeyId = (await call('GET /api/v0/apiKeys/current_key')).body.id;
    expect(await call('GET /api/v0/tenants/me', { key })).toMatchObject({
      status: 200,
      body: { id: services.tenantId, name: 'default', creationTs: services.clock.now(), masterApiKeyId },
    });
    expect((await call('GET /api/v0/users/me', { key })).status).toBe(404);
  });
});

describe('who asks', () => {
  const whoIs = async (key?: string) => (await call('GET /bench/v1/identity', { ...(key && { key }) })).body;

  it('is a key with what it may do now, under the keys above it', async () => {
    const body = { label: 'one', roles: ['DATA_R', 'API_KEY_W'], scope: { fifos: ['orders'] } };
    const parent = (await call('POST /api/v0/apiKeys', { body })).body;
    const child = (
      await call('POST /api/v0/apiKeys', { key: parent.value, body: { label: 'two', roles: ['DATA_R'] } })
    ).body;
    expect(await whoIs(child.value)).toEqual({
      ...{ kind: 'key', tenantId: services.tenantId, tenantName: 'default', keyId: child.id },
      ...{ roles: ['DATA_R'], fifos: ['orders'], operator: false },
    });
    await call(`POST /api/v0/apiKeys/${parent.id}`, { body: { roles: ['API_KEY_W'] } });
    expect(await whoIs(child.value)).toMatchObject({ roles: [] });
    expect(await whoIs()).toMatchObject({ kind: 'key', roles, operator: true });
  });

  it('is a user by name, or a portal session that runs the instance in any tenant', async () => {
    const { id } = await makeUser({ login: 'ada', profile: 'USER' });
    const user = { id, login: 'ada' };
    expect(await whoIs(await keyOf('ada'))).toMatchObject({ kind: 'user', user, operator: false });
    const other = (await call('POST /bench/v1/tenants', { body: { name: 'other' } })).body;
    const { body: session } = await call(`POST /bench/v1/tenants/${other.id}/sessions`);
    const expected = { kind: 'portal', tenantId: other.id, tenantName: 'other', operator: true };
    expect(await whoIs(session.key)).toMatchObject(expected);
    expect(await whoIs(session.key)).not.toHaveProperty('user');
  });
});
