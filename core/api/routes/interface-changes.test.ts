import { beforeEach, describe, expect, it } from 'vitest';
import { isoTime } from '../../platform/clock.ts';
import { apiForEachTest } from '../../testing/api-for-each-test.ts';
import type { TestAnswer } from '../../testing/test-services.ts';

const devices = '/api/v1/deviceMgt/devices';
const [one, two] = ['urn:lo:nsid:sensor:temp001', 'urn:lo:nsid:sensor:temp002'];

const api = apiForEachTest();
let now: string;
beforeEach(async () => {
  now = isoTime(api.services.clock.now());
  for (const id of [one, two]) await call(`POST ${devices}`, { id });
});

const call = api.send;
const add = (body: object, device = one): Promise<TestAnswer> =>
  call(`POST ${devices}/${device}/interfaces`, body);
const patch = (id: string, body: object, device = one): Promise<TestAnswer> =>
  call(`PATCH ${devices}/${device}/interfaces/${id}`, body);
const get = (id: string, device = one): Promise<TestAnswer> =>
  call(`GET ${devices}/${device}/interfaces/${id}`);
const sms = { connector: 'sms', enabled: true, definition: { msisdn: '33601201201' } };
const unavailable = { available: false };

describe('add an interface', () => {
  it('answers the example of manual 5.4.1', async () => {
    const answer = await add(sms);
    expect(answer).toMatchObject({ status: 201 });
    expect(answer.body).toEqual({
      connector: 'sms',
      nodeId: '33601201201',
      deviceId: one,
      enabled: true,
      status: 'ONLINE',
      definition: { msisdn: '33601201201' },
      activity: {},
      capabilities: {
        command: { version: 1, available: true },
        configuration: unavailable,
        resource: unavailable,
        twin: unavailable,
      },
      created: now,
      updated: now,
    });
    expect((await get('sms:33601201201')).body).toEqual(answer.body);
    await api.restart();
    expect((await get('sms:33601201201')).body).toEqual(answer.body);
  });

  it('refuses what is in conflict, unknown or not valid', async () => {
    await add(sms);
    for (const [body, device, status, code] of [
      [sms, one, 409, 'DM_INTERFACE_DUPLICATE'],
      [sms, two, 409, 'DM_INTERFACE_DUPLICATE'],
      [sms, 'urn:lo:nsid:a:nobody', 404, 'DM_DEVICE_NOT_FOUND'],
      [{ ...sms, connector: 'pigeon' }, one, 404, 'DM_CONNECTOR_UNAVAILABLE'],
      [{ ...sms, connector: 'http' }, one, 404, 'DM_CONNECTOR_UNAVAILABLE'],
      [{ ...sms, connector: 'toString' }, one, 404, 'DM_CONNECTOR_UNAVAILABLE'],
      [{ ...sms, definition: {} }, one, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
      [{ connector: 'sms' }, one, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
      [{ definition: {} }, one, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
      [{ ...sms, enabled: 'perhaps' }, one, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
      [sms, 'temp001', 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
    ] as const) {
      expect(await add(body, device)).toMatchObject({ status, body: { code } });
    }
  });

  it('takes one of two that ask at once for the same node', async () => {
    const answers = await Promise.all([add(sms), add(sms, two), add(sms)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('refuses the one that is too many', async () => {
    for (let n = 0; n < 20; n++) await add({ connector: 'mqtt', definition: { clientId: `n${n}` } });
    expect(await add(sms)).toMatchObject({
      status: 400,
      body: { details: expect.stringContaining('may have 20 (setting deviceMaxInterfaces)') },
    });
    await add(sms, two);
    expect((await patch('sms:33601201201', { deviceId: one }, two)).status).toBe(400);
  });
});

describe('update an interface', () => {
  it('answers the example of manual 5.4.4, but for the status of a disabled one', async () => {
    const made = await add(sms);
    api.services.clock.advance(60_000);
    const answer = await patch('sms:33601201201', {
      deviceId: two,
      enabled: 'false',
      definition: { encoding: 'myDecoder' },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      ...made.body,
      deviceId: two,
      enabled: false,
      status: 'DEACTIVATED',
      definition: { msisdn: '33601201201', encoding: 'myDecoder' },
      updated: isoTime(api.services.clock.now()),
    });
    expect((await get('sms:33601201201')).status).toBe(404);
    expect((await get('sms:33601201201', two)).body).toEqual(answer.body);
    expect((await call(`GET ${devices}/${one}`)).body.interfaces).toBeUndefined();
    const listed = async () =>
      (await call(`GET ${devices}?interfaces.enabled=false&connectors=sms`)).body.map(
        ({ id }: { id: string }) => id,
      );
    expect(await listed()).toEqual([two]);
    await api.restart();
    expect((await get('sms:33601201201', two)).body).toEqual(answer.body);
    expect(await listed()).toEqual([two]);
  });

  it('takes the body of manual 6.5.5.2, which repeats what cannot be changed', async () => {
    await add({ connector: 'mqtt', definition: { clientId: '123456' } });
    const answer = await patch('mqtt:123456', {
      connector: 'mqtt',
      nodeId: '123456',
      enabled: true,
      status: 'ONLINE',
      definition: { encoding: 'my_encoding_v0', clientId: '123456' },
    });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'REGISTERED',
        definition: { encoding: 'my_encoding_v0', clientId: '123456' },
      },
    });
    expect((await patch('mqtt:123456', { definition: { encoding: null } })).body.definition).toEqual({
      clientId: '123456',
    });
  });

  it('changes nothing when nothing is named', async () => {
    await add(sms);
    for (const body of [{}, { deviceId: null, enabled: null, definition: null }, { deviceId: one }]) {
      expect(await patch('sms:33601201201', body)).toMatchObject({
        status: 200,
        body: { deviceId: one, enabled: true, status: 'ONLINE', definition: sms.definition },
      });
    }
  });

  it('refuses what is in conflict, unknown or not valid, and leaves all as it was', async () => {
    await add(sms);
    await add({ ...sms, definition: { msisdn: '33601201202' } });
    const before = await get('sms:33601201201');
    for (const [id, body, status, code] of [
      ['sms:33601201201', { deviceId: 'urn:lo:nsid:a:nobody' }, 404, 'DM_DEVICE_NOT_FOUND'],
      ['sms:33601201209', {}, 404, 'DM_INTERFACE_NOT_FOUND'],
      ['pigeon:1', {}, 404, 'DM_CONNECTOR_UNAVAILABLE'],
      ['sms:33601201201', { definition: { msisdn: '33601201202' } }, 409, 'DM_INTERFACE_DUPLICATE'],
      ['sms:33601201201', { definition: { msisdn: null } }, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
      ['sms:33601201201', { definition: { encoding: 5 } }, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
      ['sms:33601201201', { enabled: 'maybe' }, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
      ['sms:33601201201', { definition: { a: 'x'.repeat(10_000) } }, 400, 'GENERIC_INVALID_PARAMETER_ERROR'],
    ] as const) {
      expect(await patch(id, body)).toMatchObject({ status, body: { code } });
    }
    expect(await call(`PATCH ${devices}/urn:lo:nsid:a:x/interfaces/sms:1`, {})).toMatchObject({
      status: 404,
      body: { code: 'DM_DEVICE_NOT_FOUND' },
    });
    expect((await get('sms:33601201201')).body).toEqual(before.body);
  });

  it('gives it another node id by its definition, and frees the one before', async () => {
    const made = await add(sms);
    const answer = await patch('sms:33601201201', { definition: { msisdn: '4022222222' } });
    expect(answer.body).toEqual({
      ...made.body,
      nodeId: '4022222222',
      definition: { msisdn: '4022222222' },
    });
    expect((await get('sms:33601201201')).status).toBe(404);
    expect((await add(sms, two)).status).toBe(201);
    await api.restart();
    expect((await get('sms:4022222222')).body).toEqual(answer.body);
  });

  it('that move it at once in two directions end in one place', async () => {
    await add(sms);
    const { inventory, tenantId } = api.services;
    const ends = await Promise.allSettled([
      inventory.interfaces.update(tenantId, one, 'sms:33601201201', { deviceId: two }),
      inventory.interfaces.update(tenantId, one, 'sms:33601201201', { enabled: false }),
      inventory.deleteDevice(tenantId, one),
    ]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(ends[1]).toMatchObject({ reason: { code: expect.stringMatching(/NotFound$/) } });
    expect((await get('sms:33601201201', two)).body).toMatchObject({ deviceId: two, enabled: true });
  });
});

it('stores what lists sort by together with the change, whichever it is', async () => {
  const columns = async () => {
    const sql = `SELECT id, interface_status AS status, interface_enabled AS enabled FROM devices ORDER BY id`;
    const rows = await api.services.store.query<{ id: string; status: string; enabled: number }>({
      sql,
      parameters: [],
    });
    return rows.map(({ status, enabled }) => `${status} ${enabled}`);
  };
  await add(sms);
  await patch('sms:33601201201', { enabled: false });
  expect(await columns()).toEqual(['DEACTIVATED 0', ' 0']);
  await patch('sms:33601201201', { enabled: true, definition: { msisdn: '33601201209' } });
  expect(await columns()).toEqual(['ONLINE 1', ' 0']);
  await patch('sms:33601201209', { deviceId: two, definition: { msisdn: '33601201201' } });
  expect(await columns()).toEqual([' 0', 'ONLINE 1']);
});

it('tells the viewers of every device whose interfaces have changed', async () => {
  const told: string[] = [];
  api.services.bus.on('deviceUpdated', told, ({ deviceId }) => void told.push(deviceId));
  const after = async (answer: Promise<TestAnswer>): Promise<string[]> => {
    expect((await answer).status).toBeLessThan(300);
    return told.splice(0);
  };
  expect(await after(add(sms))).toEqual([one]);
  expect(await after(patch('sms:33601201201', { definition: { encoding: 'x' } }))).toEqual([one]);
  expect(await after(patch('sms:33601201201', { deviceId: two }))).toEqual([one, two]);
  const renamed = patch('sms:33601201201', { definition: { msisdn: '33601201209' } }, two);
  expect(await after(renamed)).toEqual([two]);
  expect(await after(call(`DELETE ${devices}/${two}/interfaces/sms:33601201209`))).toEqual([two]);
});

describe('delete an interface', () => {
  it('answers 204, and the node is free again (manual 5.4.5)', async () => {
    await add(sms);
    expect((await call(`DELETE ${devices}/${one}/interfaces/sms:33601201201`)).status).toBe(204);
    expect((await get('sms:33601201201')).status).toBe(404);
    expect((await call(`GET ${devices}/${one}/interfaces`)).body).toEqual([]);
    await api.restart();
    expect((await add(sms, two)).status).toBe(201);
  });

  it.each([
    [`${one}/interfaces/sms:1`, 'DM_INTERFACE_NOT_FOUND'],
    [`${one}/interfaces/pigeon:1`, 'DM_CONNECTOR_UNAVAILABLE'],
    ['urn:lo:nsid:a:x/interfaces/sms:1', 'DM_DEVICE_NOT_FOUND'],
  ])('refuses %s', async (path, code) => {
    expect(await call(`DELETE ${devices}/${path}`)).toMatchObject({ status: 404, body: { code } });
  });

  it('refuses a caller with the role to read alone, as adding and changing do', async () => {
    await add(sms);
    const key = await api.services.key(['DEVICE_R']);
    const url = `${devices}/${one}/interfaces`;
    for (const line of [`POST ${url}`, `PATCH ${url}/sms:33601201201`, `DELETE ${url}/sms:33601201201`]) {
      expect(await api.call(line, { key, body: sms })).toMatchObject({
        status: 403,
        body: { code: 'GENERIC_ACTION_FORBIDDEN_ERROR' },
      });
    }
  });
});
