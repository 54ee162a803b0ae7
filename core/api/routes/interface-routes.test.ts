import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isoTime } from '../../platform/clock.ts';
import { callApi, type TestAnswer, TestServices } from '../../testing/test-services.ts';

const devices = '/api/v1/deviceMgt/devices';

let services: TestServices;
let app: FastifyInstance;
let now: string;

beforeEach(async () => {
  services = await TestServices.start();
  app = await services.api();
  now = isoTime(services.clock.now());
});
afterEach(async () => services[Symbol.asyncDispose]());

const call = (line: string, options?: Parameters<typeof callApi>[2]): Promise<TestAnswer> =>
  callApi(app, line, options);
const create = (body: object): Promise<TestAnswer> => call(`POST ${devices}`, { body });

const unavailable = {
  configuration: { available: false },
  command: { available: false },
  resource: { available: false },
  twin: { available: false },
};

describe('interfaces', () => {
  const interfaces = `${devices}/urn:lo:nsid:a:b/interfaces`;
  const shown = {
    connector: 'mqtt',
    nodeId: 'urn:lo:nsid:a:b',
    deviceId: 'urn:lo:nsid:a:b',
    enabled: true,
    status: 'REGISTERED',
    definition: { clientId: 'urn:lo:nsid:a:b' },
    capabilities: unavailable,
    activity: {},
  };

  beforeEach(async () => {
    await create({
      id: 'urn:lo:nsid:a:b',
      interfaces: [{ connector: 'mqtt', definition: { clientId: 'urn:lo:nsid:a:b' } }],
    });
  });

  it('are listed (manual 5.4.2)', async () => {
    expect(await call(`GET ${interfaces}`)).toMatchObject({
      status: 200,
      body: [{ ...shown, created: now, updated: now }],
    });
    expect(await call(`GET ${devices}/urn:lo:nsid:a:c/interfaces`)).toMatchObject({
      status: 404,
      body: { code: 'DM_DEVICE_NOT_FOUND' },
    });
  });

  it('show the use of each feature while a session is on (manual 5.4.2.2)', async () => {
    const [target] = services.inventory.getDevice(services.tenantId, 'urn:lo:nsid:a:b').interfaces;
    const security = { secured: true, protocol: 'TLSv1.2', cipher: 'c', clientCertAuthentication: false };
    void services.inventory.updateSession(target!, {
      status: 'ONLINE',
      activity: { security },
      capabilities: { command: true, configuration: true, resource: true },
    });
    const available = { version: 1, available: true };
    expect((await call(`GET ${interfaces}`)).body).toMatchObject([
      {
        status: 'ONLINE',
        activity: { security },
        capabilities: {
          command: available,
          configuration: available,
          resource: available,
          twin: { available: false },
        },
      },
    ]);
  });

  it.each(['mqtt:urn:lo:nsid:a:b', 'mqtt%3Aurn%3Alo%3Ansid%3Aa%3Ab'])(
    'are found by %s (manual 5.4.3)',
    async (id) => {
      expect(await call(`GET ${interfaces}/${id}`)).toMatchObject({ status: 200, body: shown });
    },
  );

  it.each([
    ['mqtt:other', 'DM_INTERFACE_NOT_FOUND'],
    ['mqtt', 'DM_INTERFACE_NOT_FOUND'],
    ['sms:33601201201', 'DM_INTERFACE_NOT_FOUND'],
    ['pigeon:1', 'DM_CONNECTOR_UNAVAILABLE'],
    ['toString:1', 'DM_CONNECTOR_UNAVAILABLE'],
  ])('are not found by %s', async (id, code) => {
    expect(await call(`GET ${interfaces}/${id}`)).toMatchObject({ status: 404, body: { code } });
  });

  it('of another device are not shown', async () => {
    await create({ id: 'urn:lo:nsid:a:c' });
    expect(await call(`GET ${devices}/urn:lo:nsid:a:c/interfaces/mqtt:urn:lo:nsid:a:b`)).toMatchObject({
      status: 404,
      body: { code: 'DM_INTERFACE_NOT_FOUND' },
    });
  });
});
