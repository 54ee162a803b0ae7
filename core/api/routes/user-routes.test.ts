import { describe, expect, it } from 'vitest';
import { profileRoles } from '../../contract/roles.ts';
import { apiForEachTest } from '../../testing/api-for-each-test.ts';
import type { TestAnswer } from '../../testing/test-services.ts';

const url = '/api/v0/users';
const password = 'Right-Pa55word';

const api = apiForEachTest();

const { call } = api;
const create = (body: object, key?: string): Promise<TestAnswer> => call(`POST ${url}`, { body, key });
const auth = (login: string, given: string): Promise<TestAnswer> =>
  call('POST /api/v0/auth', { key: '', body: { login, password: given } });

describe('users (manual 4.2)', () => {
  it('are made, shown, listed, changed and deleted', async () => {
    const made = await create({
      login: 'ada',
      email: 'ada@example.org',
      language: 'fr',
      roles: ['DATA_R'],
      password,
    });
    const nowMs = api.services.clock.now();
    const shown = {
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      tenantId: api.services.tenantId,
      login: 'ada',
      email: 'ada@example.org',
      language: 'fr',
      roles: ['DATA_R'],
      admin: false,
      state: 'enabled',
      locked: false,
      creationTs: nowMs,
      updateTs: nowMs,
    };
    expect(made.status).toBe(200);
    expect(made.body).toEqual(shown);
    const { id } = made.body;
    expect((await call(`GET ${url}/${id}`)).body).toEqual(shown);
    api.services.clock.advance(5);
    await create({ login: 'bob', profile: 'ADMIN', password });
    expect((await call(`GET ${url}?page=1&size=1`)).body).toMatchObject({
      ...{ page: 1, size: 1, totalCount: 2 },
      data: [{ login: 'bob', admin: true, roles: profileRoles.ADMIN }],
    });
    const changed = await call(`POST ${url}/${id}`, { body: { login: 'ada2', email: 'new@example.org' } });
    expect(changed.body).toEqual({ ...shown, login: 'ada2', email: 'new@example.org', updateTs: nowMs + 5 });
    expect((await auth('ada', password)).status).toBe(401);
    expect((await auth('ada2', password)).status).toBe(200);
    expect((await call(`DELETE ${url}/${id}`)).status).toBe(204);
    expect(await call(`GET ${url}/${id}`)).toMatchObject({ status: 404, body: { code: 'USER_NOT_FOUND' } });
    expect((await auth('ada2', password)).status).toBe(401);
    await api.services.restart({ stopped: false });
    expect(api.services.users.list(api.services.tenantId)).toMatchObject([{ login: 'bob' }]);
  });

  it('are found by login, address, roles and state', async () => {
    const { body: ada } = await create({
      login: 'ada',
      email: 'ada@example.org',
      roles: ['DATA_R', 'BUS_R'],
      password,
    });
    await create({ login: 'bob', roles: ['DATA_R'], password });
    await call(`POST ${url}/${ada.id}`, { body: { state: 'disabled' } });
    const found = async (query: string): Promise<string[]> =>
      (await call(`GET ${url}?${query}`)).body.data.map(({ login }: { login: string }) => login);
    expect(await found('login=ada')).toEqual(['ada']);
    expect(await found('email=ada@example.org')).toEqual(['ada']);
    expect(await found('roles=DATA_R')).toEqual(['ada', 'bob']);
    expect(await found('roles=DATA_R,BUS_R')).toEqual(['ada']);
    expect(await found('rolesNotIn=BUS_R')).toEqual(['bob']);
    expect(await found('userState=enabled')).toEqual(['bob']);
    expect((await call(`GET ${url}?userState=gone`)).status).toBe(400);
  });

  it.each([
    ['Short-1', 'at least 8 characters'],
    ['no-upper-case-1', 'an upper-case letter'],
    ['NO-LOWER-CASE-1', 'a lower-case letter'],
    ['No-Digit-At-All', 'a digit'],
    ['NoSpecial1234', 'a special character'],
    ['short', 'at least 8 characters, an upper-case letter, a digit, a special character'],
  ])('take no password like %s', async (bad, missing) => {
    const answer = await create({ login: 'ada', password: bad });
    expect(answer).toMatchObject({ status: 400, body: { details: `body.password: must have ${missing}` } });
    expect(JSON.stringify(answer.body)).not.toContain(bad === 'short' ? '"short' : bad);
  });

  it('take the longest and the oddest password that fulfils the rules', async () => {
    for (const [index, odd] of [`Aa1!${'x'.repeat(124)}`, 'Éé٣ ☃☃☃☃', 'Aa1!Aa1!'].entries()) {
      await create({ login: `user${index}`, password: odd });
      expect((await auth(`user${index}`, odd)).status).toBe(200);
    }
    expect((await create({ login: 'long', password: `Aa1!${'x'.repeat(125)}` })).status).toBe(400);
  });

  it('get a password when none is given, which is shown once', async () => {
    const { body } = await create({ login: 'ada' });
    expect((await auth('ada', body.password)).status).toBe(200);
    expect((await call(`GET ${url}/${body.id}`)).body).not.toHaveProperty('password');
    expect((await create({ login: 'bob', password: body.password })).status).toBe(200);
  });

  it.each([
    [{}, 'body.login'],
    [{ login: 'ad' }, 'body.login'],
    [{ login: 'a b c' }, 'body.login'],
    [{ login: 'ada', email: 'nowhere' }, 'body.email'],
    [{ login: 'ada', language: 'english' }, 'body.language'],
    [{ login: 'ada', roles: ['KING'] }, 'body.roles.0'],
    [{ login: 'ada', roles: [], profile: 'USER' }, 'body.profile'],
  ])('are refused when %j', async (body, field) => {
    expect(await create(body)).toMatchObject({
      status: 400,
      body: { code: 'GENERIC_INVALID_PARAMETER_ERROR', details: expect.stringContaining(`${field}: `) },
    });
  });

  it('share no login and no address, whatever the letter case', async () => {
    await create({ login: 'ada', email: 'ada@example.org', password });
    const { body: bob } = await create({ login: 'bob', password });
    const duplicate = { status: 409, body: { code: 'USER_DUPLICATE' } };
    expect(await create({ login: 'ADA' })).toMatchObject(duplicate);
    expect(await create({ login: 'eve', email: 'Ada@Example.org' })).toMatchObject(duplicate);
    expect(await call(`POST ${url}/${bob.id}`, { body: { login: 'Ada' } })).toMatchObject(duplicate);
    const both = await Promise.all([
      create({ login: 'twice', password }),
      create({ login: 'Twice', password }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe('who changes users', () => {
  it('gives and takes over no more than he has', async () => {
    const strong = (await create({ login: 'strong', profile: 'ADMIN', password })).body;
    const key = await api.services.key(['USER_W', 'USER_R', 'DATA_R']);
    const forbidden = { status: 403, body: { code: 'GENERIC_ACTION_FORBIDDEN_ERROR' } };
    expect(await create({ login: 'eve', roles: ['DATA_W'], password }, key)).toMatchObject({
      ...forbidden,
      body: { details: 'roles: DATA_W' },
    });
    for (const [line, body] of [
      [`POST ${url}/${strong.id}`, { email: 'eve@example.org' }],
      [`POST ${url}/${strong.id}/password`, { newPassword: 'Mine-now-1' }],
      [`DELETE ${url}/${strong.id}`, undefined],
    ] as const) {
      expect(await call(line, { key, body }), line).toMatchObject(forbidden);
    }
    const weak = await create({ login: 'weak', roles: ['DATA_R'], password }, key);
    expect(weak.status).toBe(200);
    expect(await call(`POST ${url}/${weak.body.id}`, { key, body: { profile: 'ADMIN' } })).toMatchObject(
      forbidden,
    );
    expect((await call(`DELETE ${url}/${weak.body.id}`, { key })).status).toBe(204);
  });

  it('ends the sessions of who gets other roles, or is switched off, or is deleted', async () => {
    for (const [login, change] of [
      ['one', { roles: ['DATA_R', 'BUS_R'] }],
      ['two', { state: 'disabled' }],
      ['three', undefined],
    ] as const) {
      const { id } = (await create({ login, roles: ['DATA_R'], password })).body;
      const key = (await auth(login, password)).body.apiKey.value;
      await call(`POST ${url}/${id}`, { body: { language: 'en' } });
      expect((await call('GET /api/v0/whoami', { key })).status, login).toBe(200);
      await (change ? call(`POST ${url}/${id}`, { body: change }) : call(`DELETE ${url}/${id}`));
      expect((await call('GET /api/v0/whoami', { key })).status, login).toBe(403);
    }
  });
});

describe('a password', () => {
  const change = (id: string, body: object, key?: string): Promise<TestAnswer> =>
    call(`POST ${url}/${id}/password`, { body, key });

  it('is changed by its user with the old one, which ends the other sessions', async () => {
    const { id } = (await create({ login: 'ada', roles: [], password })).body;
    const [key, other] = [
      (await auth('ada', password)).body.apiKey.value,
      (await auth('ada', password)).body.apiKey.value,
    ];
    expect(await change(id, { newPassword: 'Other-1234' }, key)).toMatchObject({ status: 400 });
    expect(await change(id, { newPassword: 'Other-1234', oldPassword: 'no' }, key)).toMatchObject({
      status: 401,
    });
    expect(await change(id, { newPassword: 'weak', oldPassword: password }, key)).toMatchObject({
      status: 400,
    });
    expect((await change(id, { newPassword: 'Other-1234', oldPassword: password }, key)).status).toBe(204);
    expect((await call('GET /api/v0/whoami', { key })).status).toBe(200);
    expect((await call('GET /api/v0/whoami', { key: other })).status).toBe(403);
    expect((await auth('ada', password)).status).toBe(401);
    expect((await auth('ada', 'Other-1234')).status).toBe(200);
  });

  it('of another is set by who may change users, and by nobody else', async () => {
    const { id } = (await create({ login: 'ada', roles: [], password })).body;
    const weak = await api.services.key(['USER_R', 'DATA_R']);
    expect(await change(id, { newPassword: 'Other-1234' }, weak)).toMatchObject({
      status: 403,
      body: { details: 'roles: USER_W' },
    });
    expect((await change(id, { newPassword: 'Other-1234' })).status).toBe(204);
    expect((await auth('ada', 'Other-1234')).status).toBe(200);
  });

  it('is stored as a hash with a salt of its own', async () => {
    await create({ login: 'ada', password });
    await create({ login: 'bob', password });
    const rows = await api.services.store.query<{ password: string }>({
      sql: 'select * from users',
      parameters: [],
    });
    expect(JSON.stringify(rows)).not.toContain(password);
    const kept = rows.map((row) => row.password);
    expect(kept[0]).toMatch(/^scrypt\$16384\$8\$1\$[\w+/]{22}==\$[\w+/]{43}=$/);
    expect(kept[0]?.split('$')[4]).not.toBe(kept[1]?.split('$')[4]);
    expect(kept[0]?.split('$')[5]).not.toBe(kept[1]?.split('$')[5]);
  });
});
