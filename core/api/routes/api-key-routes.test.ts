import { describe, expect, it } from 'vitest';
import { apiForEachTest } from '../../testing/api-for-each-test.ts';
import type { TestAnswer } from '../../testing/test-services.ts';

const keys = '/api/v0/apiKeys';

const api = apiForEachTest();

const { call } = api;
const create = (body: object): Promise<TestAnswer> => call(`POST ${keys}`, { body });

describe('API keys', () => {
  it('are made, shown without their value, changed and deleted', async () => {
    const made = await create({ label: 'mine', roles: ['DEVICE_R'], scope: { fifos: ['f-1~x'] } });
    expect(made.status).toBe(200);
    const { value, id } = made.body;
    expect(value).toMatch(/^[0-9a-f]{32}$/);
    const shown = await call(`GET ${keys}/${id}`);
    expect(shown).toMatchObject({
      status: 200,
      body: { label: 'mine', roles: ['DEVICE_R'], expired: false },
    });
    expect(shown.body).not.toHaveProperty('value');
    expect((await call('GET /api/v1/deviceMgt/devices', { key: value })).status).toBe(200);

    const renewed = await call(`POST ${keys}/${id}`, { body: { regenerateValue: true } });
    expect(renewed.body.value).not.toBe(value);
    expect((await call('GET /api/v1/deviceMgt/devices', { key: value })).status).toBe(403);
    expect((await call('GET /api/v1/deviceMgt/devices', { key: renewed.body.value })).status).toBe(200);

    expect((await call(`DELETE ${keys}/${id}`)).status).toBe(204);
    expect(await call(`GET ${keys}/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'API_KEY_NOT_FOUND' },
    });
  });

  it('are listed in v0 pages, oldest first', async () => {
    for (const label of ['1', '2', '3']) {
      api.services.clock.advance(1);
      await create({ label });
    }
    const answer = await call(`GET ${keys}?page=1&size=2`);
    expect(answer.body).toMatchObject({
      page: 1,
      size: 2,
      totalCount: 4,
      data: [{ label: '2' }, { label: '3' }],
    });
    expect((await call(`GET ${keys}`)).body).toMatchObject({ page: 0, size: 20, totalCount: 4 });
    expect((await call(`GET ${keys}?size=1001`)).status).toBe(400);
  });

  it('know themselves and their tenant, without any role', async () => {
    const { value, id } = (await create({ label: 'bare' })).body;
    expect(await call(`GET ${keys}/current_key`, { key: value })).toMatchObject({
      status: 200,
      body: { id },
    });
    expect((await call('GET /api/v0/whoami', { key: value })).body).toEqual({
      content: api.services.tenantId,
    });
    expect((await call(`GET ${keys}/${id}`, { key: value })).status).toBe(403);
  });

  it('never get more than who makes them has', async () => {
    const key = await api.services.key(['API_KEY_W', 'DATA_R']);
    expect(
      await call(`POST ${keys}`, { key, body: { label: 'x', roles: ['DATA_R', 'DATA_W'] } }),
    ).toMatchObject({
      status: 403,
      body: { code: 'GENERIC_ACTION_FORBIDDEN_ERROR', details: 'roles: DATA_W' },
    });
  });

  it.each([
    [{}, 'body.label'],
    [{ label: '' }, 'body.label'],
    [{ label: 'l'.repeat(25) }, 'body.label'],
    [{ label: 'l', description: 'd'.repeat(141) }, 'body.description'],
    [{ label: 'l', roles: ['DEVICE_X'] }, 'body.roles.0'],
    [{ label: 'l', from: -2 }, 'body.from'],
    [{ label: 'l', from: 1.5 }, 'body.from'],
    [{ label: 'l', from: 2, to: 1 }, 'body.to'],
    [
      { label: 'l', scope: { fifos: Array.from({ length: 101 }, (_each, index) => `f${index}`) } },
      'body.scope.fifos',
    ],
    [{ label: 'l', scope: { fifos: ['a b'] } }, 'body.scope.fifos.0'],
    [{ label: 'l', scope: { fifos: ['f'.repeat(256)] } }, 'body.scope.fifos.0'],
  ])('are refused when %j', async (body, field) => {
    expect(await create(body)).toMatchObject({
      status: 400,
      body: { code: 'GENERIC_INVALID_PARAMETER_ERROR', details: expect.stringContaining(`${field}: `) },
    });
  });

  it.each([
    [{ label: '' }, 'body.label: must not be empty'],
    [{}, 'body.label: is needed'],
    [{ label: ['a'] }, 'body.label: must be a text, not a list'],
    [{ label: 1 }, 'body.label: must be a text'],
  ])('say in plain words what is wrong with %j', async (body, details) => {
    expect((await create(body)).body.details).toBe(details);
  });

  it('of the tenant itself stay', async () => {
    const master = (await call(`GET ${keys}/current_key`)).body;
    expect(master).toMatchObject({ masterKey: true, active: true });
    for (const [line, body] of [
      [`DELETE ${keys}/${master.id}`, undefined],
      [`POST ${keys}/${master.id}`, { active: false }],
    ] as const) {
      expect(await call(line, { body })).toMatchObject({
        status: 403,
        body: { code: 'GENERIC_ACTION_FORBIDDEN_ERROR' },
      });
    }
  });
});
