import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi, type TestAnswer, TestServices } from '../../testing/test-services.ts';

const devices = '/api/v1/deviceMgt/devices';
const nodes = '/api/v1/deviceMgt/connectors';

let services: TestServices;
let app: FastifyInstance;

beforeAll(async () => {
  services = await TestServices.start();
  app = await services.api();
  for (const n of [3, 1, 2]) {
    await call(`POST ${devices}`, {
      id: `urn:lo:nsid:a:${n}`,
      interfaces: [
        { connector: 'sms', definition: { msisdn: `3360120120${n}` } },
        { connector: 'mqtt', definition: { clientId: `a:${n}` } },
      ],
    });
  }
});
afterAll(async () => services[Symbol.asyncDispose]());

const call = (line: string, body?: unknown, headers = {}): Promise<TestAnswer> =>
  callApi(app, line, { body, headers });

describe('the nodes of a connector (facts 5)', () => {
  it('are listed by node id, with the page in headers', async () => {
    const answer = await call(`GET ${nodes}/sms/nodes?limit=2&offset=1`, undefined, {
      'X-Total-Count': 'true',
    });
    expect(answer.body).toMatchObject([
      { connector: 'sms', nodeId: '33601201202', deviceId: 'urn:lo:nsid:a:2' },
      { connector: 'sms', nodeId: '33601201203', deviceId: 'urn:lo:nsid:a:3' },
    ]);
    expect(answer.headers).toMatchObject({
      'x-result-limit': '2',
      'x-result-count': '2',
      'x-total-count': '3',
    });
    expect((await call(`GET ${nodes}/lora/nodes`)).body).toEqual([]);
  });

  it.each(['mqtt', 'x-connector', 'lwm2m', 'http', 'pigeon'])('are not listed for %s', async (connector) => {
    expect(await call(`GET ${nodes}/${connector}/nodes`)).toMatchObject({
      status: 404,
      body: { code: 'DM_CONNECTOR_UNAVAILABLE' },
    });
  });

  it('are found, changed and deleted by their id alone', async () => {
    expect((await call(`GET ${nodes}/mqtt/nodes/a:1`)).body).toEqual(
      (await call(`GET ${devices}/urn:lo:nsid:a:1/interfaces/mqtt:a:1`)).body,
    );
    const moved = await call(`PATCH ${nodes}/mqtt/nodes/a:1`, {
      deviceId: 'urn:lo:nsid:a:2',
      enabled: false,
    });
    expect(moved).toMatchObject({
      status: 200,
      body: { deviceId: 'urn:lo:nsid:a:2', enabled: false, status: 'DEACTIVATED' },
    });
    expect((await call(`DELETE ${nodes}/mqtt/nodes/a:1`)).status).toBe(204);
    for (const [line, code] of [
      [`GET ${nodes}/mqtt/nodes/a:1`, 'DM_INTERFACE_NOT_FOUND'],
      [`PATCH ${nodes}/mqtt/nodes/a:1`, 'DM_INTERFACE_NOT_FOUND'],
      [`DELETE ${nodes}/mqtt/nodes/a:1`, 'DM_INTERFACE_NOT_FOUND'],
      [`GET ${nodes}/pigeon/nodes/1`, 'DM_CONNECTOR_UNAVAILABLE'],
    ] as const) {
      expect(await call(line, line.startsWith('PATCH') ? {} : undefined)).toMatchObject({
        status: 404,
        body: { code },
      });
    }
  });
});

describe('the debug mode of an interface (facts 5)', () => {
  const debug = `${devices}/urn:lo:nsid:a:3/interfaces/mqtt:a:3/debug`;
  const off = { status: 404, body: { code: 'GENERIC_NOT_FOUND_ERROR' } };

  it('is off, on for some hours, and off again', async () => {
    expect(await call(`GET ${debug}`)).toMatchObject(off);
    expect(await call(`DELETE ${debug}`)).toMatchObject(off);
    const nowMs = services.clock.now();
    const on = await call(`POST ${debug}`, { ttlHours: 2 });
    expect(on.status).toBe(201);
    expect(on.body).toEqual({
      ttlHours: 2,
      created: new Date(nowMs).toISOString(),
      expires: new Date(nowMs + 7_200_000).toISOString(),
    });
    expect((await call(`GET ${debug}`)).body).toEqual(on.body);
    await services.restart({ stopped: true });
    app = await services.api();
    expect((await call(`GET ${debug}`)).body).toEqual(on.body);
    services.clock.advance(7_200_000);
    expect(await call(`GET ${debug}`)).toMatchObject(off);
    await call(`POST ${debug}`, { ttlHours: 360 });
    expect((await call(`DELETE ${debug}`)).status).toBe(204);
    expect(await call(`GET ${debug}`)).toMatchObject(off);
  });

  it('is refused where it cannot be', async () => {
    for (const ttlHours of [undefined, 0, 361, 1.5, '2', null]) {
      expect(await call(`POST ${debug}`, { ttlHours })).toMatchObject({
        status: 400,
        body: { details: expect.stringContaining('body.ttlHours: ') },
      });
    }
    expect(
      await call(`POST ${devices}/urn:lo:nsid:a:3/interfaces/sms:33601201203/debug`, { ttlHours: 1 }),
    ).toMatchObject({ status: 400, body: { details: expect.stringContaining('mqtt and lwm2m') } });
    expect(
      await call(`POST ${devices}/urn:lo:nsid:a:3/interfaces/mqtt:nobody/debug`, { ttlHours: 1 }),
    ).toMatchObject({ status: 404, body: { code: 'DM_INTERFACE_NOT_FOUND' } });
  });
});
