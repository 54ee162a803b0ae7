import { describe, expect, it } from 'vitest';
import { interfaceKinds } from '../../contract/interface-kinds/index.ts';
import { apiForEachTest } from '../../testing/api-for-each-test.ts';
import type { TestAnswer } from '../../testing/test-services.ts';

const devices = '/api/v1/deviceMgt/devices';
const id = 'urn:lo:nsid:sensor:temp001';

const api = apiForEachTest();

const call = api.send;
const register = (connector: string, definition: object, enabled: unknown = true): Promise<TestAnswer> =>
  call(`POST ${devices}`, { id, interfaces: [{ connector, enabled, definition }] });
const patch = async (nodeId: string, body: object) =>
  (await call(`PATCH ${devices}/${id}/interfaces/${nodeId}`, body)).body;

const no = { available: false };
const yes = { version: 1, available: true };
const lora = {
  devEUI: '0101010210101010',
  profile: 'Generic_classA_RX2SF9',
  activationType: 'OTAA',
  appEUI: '9879876546543211',
  appKey: '11223344556677889988776655443322',
  connectivityOptions: { ackUl: true, location: false },
  connectivityPlan: 'orange-cs/CP_Basic',
};
const lwm2m = {
  endpointName: 'urn:lo:lwm2m:my_endpoint123',
  security: { mode: 'PSK', pskInfo: { identity: 'test_lwm2m_id2', secret: 'my_psk_secret' } },
};

it('a LoRa interface may name no activation type (facts 15)', async () => {
  const { activationType: _, connectivityOptions: __, ...short } = lora;
  expect((await register('lora', short)).body.interfaces[0].definition).toMatchObject({
    activationType: 'OTAA',
  });
});

describe('what is secret in a definition', () => {
  it('is in no answer, and is kept', async () => {
    const answers = [
      await register('lora', lora),
      await call(`POST ${devices}/${id}/interfaces`, { connector: 'lwm2m', definition: lwm2m }),
      await call(`GET ${devices}/${id}`),
      await call(`GET ${devices}?fields=interfaces`),
      await call(`GET ${devices}/${id}/interfaces`),
      await call(`GET ${devices}/${id}/interfaces/lora:0101010210101010`),
      await call(`PATCH ${devices}/${id}/interfaces/lora:0101010210101010`, {
        definition: { appKey: 'A'.repeat(32) },
      }),
      await call(`PATCH ${devices}/${id}/interfaces/lwm2m:urn:lo:lwm2m:my_endpoint123`, {
        definition: { security: { pskInfo: { secret: 'another_secret' } } },
      }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBeLessThan(300);
      expect(JSON.stringify(answer)).not.toMatch(/11223344556677889988776655443322|AAAAAA|_secret/);
    }
    await api.services.restart({ stopped: true });
    const { inventory, tenantId } = api.services;
    expect(inventory.findInterface(tenantId, 'lora', '0101010210101010')?.definition).toEqual({
      ...lora,
      appKey: 'A'.repeat(32),
    });
    expect(
      inventory.findInterface(tenantId, 'lwm2m', 'urn:lo:lwm2m:my_endpoint123')?.definition,
    ).toMatchObject({ security: { pskInfo: { identity: 'test_lwm2m_id2', secret: 'another_secret' } } });
  });

  it('is not taken for what is shown in its place', async () => {
    await register('lwm2m', lwm2m);
    const definition = { security: { pskInfo: { secret: '***' } } };
    const { details } = await patch('lwm2m:urn:lo:lwm2m:my_endpoint123', { definition });
    expect(details).toContain('body.definition.security.pskInfo.secret: is ***');
  });
});

describe('a definition that is not valid is refused', () => {
  const mqttId = 'must have 1 to 128 letters';
  it.each([
    ['mqtt', {}, 'clientId'],
    ['mqtt', { clientId: '' }, mqttId],
    ['mqtt', { clientId: 'a b' }, mqttId],
    ['mqtt', { clientId: 'x'.repeat(129) }, mqttId],
    ['mqtt', { clientId: 'a', encoding: '' }, 'encoding'],
    ['mqtt', { clientId: 'a', encoding: 'x'.repeat(256) }, 'encoding'],
    ['sms', { msisdn: '12345' }, 'msisdn'],
    ['sms', { msisdn: '1'.repeat(16) }, 'msisdn'],
    ['sms', { msisdn: '0033601201201' }, 'msisdn'],
    ['sms', { msisdn: '+33601201201' }, 'msisdn'],
    ['sms', { msisdn: 33601201201 }, 'msisdn'],
    ['sms', { msisdn: '33601201201', serverPhoneNumber: 'x' }, 'serverPhoneNumber'],
    ['lora', { ...lora, devEUI: '010101021010101' }, 'definition.devEUI: must be 16 hexadecimal digits'],
    ['lora', { ...lora, devEUI: 'G101010210101010' }, 'devEUI'],
    ['lora', { ...lora, appEUI: undefined }, 'appEUI'],
    ['lora', { ...lora, appKey: undefined }, 'appKey'],
    ['lora', { ...lora, appKey: '12' }, 'definition.appKey: must be 32 hexadecimal digits'],
    ['lora', { ...lora, activationType: 'ABP' }, 'must be OTAA'],
    ['lora', { ...lora, profile: '' }, 'profile'],
    ['lora', { ...lora, connectivityOptions: { ackUl: 'yes' } }, 'definition.connectivityOptions.ackUl'],
    ['lora', { ...lora, connectivityOptions: undefined, connectivityPlan: undefined }, 'connectivityPlan'],
    ['lwm2m', { endpointName: 'a' }, 'definition.security'],
    ['lwm2m', { ...lwm2m, endpointName: '' }, 'endpointName'],
    ['lwm2m', { ...lwm2m, endpointName: 'a b' }, 'endpointName'],
    ['lwm2m', { ...lwm2m, security: { ...lwm2m.security, mode: 'X509' } }, 'must be PSK'],
    ['lwm2m', { ...lwm2m, security: { mode: 'PSK', pskInfo: { identity: 'i' } } }, 'pskInfo.secret'],
    ['lwm2m', { ...lwm2m, security: { mode: 'PSK', pskInfo: { secret: 's' } } }, 'pskInfo.identity'],
    ['lwm2m', { ...lwm2m, bootstrap: { managed: 'true' } }, 'definition.security: must not be set'],
    ['x-connector', { nodeId: 'a b' }, 'nodeId'],
    ['x-connector', { nodeId: 'x'.repeat(129) }, 'nodeId'],
    ['x-connector', {}, 'nodeId'],
  ])('%s %j', async (connector, definition, details) => {
    expect(await register(connector, definition)).toMatchObject({
      status: 400,
      body: {
        code: 'GENERIC_INVALID_PARAMETER_ERROR',
        details: expect.stringContaining(details),
      },
    });
    expect((await call(`GET ${devices}/${id}`)).status).toBe(404);
  });
});

describe('a device EUI', () => {
  it('is the same in either letter case', async () => {
    const devEUI = 'abcdef0210101010';
    expect((await register('lora', { ...lora, devEUI })).body.interfaces[0].nodeId).toBe('ABCDEF0210101010');
    expect((await call(`GET ${devices}/${id}/interfaces/lora:${devEUI}`)).status).toBe(200);
    expect(
      await call(`POST ${devices}/${id}/interfaces`, {
        connector: 'lora',
        definition: { ...lora, devEUI: 'AbCdEf0210101010' },
      }),
    ).toMatchObject({ status: 409, body: { code: 'DM_INTERFACE_DUPLICATE' } });
  });
});

/** The tables of manual 5.2.1.4 and 5.2.1.5 without any traffic; docs/interfaces.md shows them in full. */
describe('the status', () => {
  it.each([
    ['mqtt', { clientId: 'n' }, 'mqtt:n', ['REGISTERED', 'DEACTIVATED', 'REGISTERED']],
    ['sms', { msisdn: '33601201201' }, 'sms:33601201201', ['ONLINE', 'DEACTIVATED', 'ONLINE']],
    ['lora', lora, 'lora:0101010210101010', ['REGISTERED', 'DEACTIVATED', 'REACTIVATED']],
    ['lwm2m', lwm2m, `lwm2m:${lwm2m.endpointName}`, ['REGISTERED', 'DEACTIVATED', 'REGISTERED']],
    ['x-connector', { nodeId: 'n' }, 'x-connector:n', ['REGISTERED', 'OFFLINE', 'OFFLINE']],
  ])('of %s when made, disabled and enabled again', async (connector, definition, nodeId, expected) => {
    const { body } = await register(connector, definition);
    const disabled = await patch(nodeId, { enabled: false });
    const enabled = await patch(nodeId, { enabled: true });
    expect([body.interfaces[0].status, disabled.status, enabled.status]).toEqual(expected);
    expect(enabled.enabled).toBe(true);
    const kind = interfaceKinds.find((each) => each.connector === connector);
    for (const status of expected) expect(kind?.statuses).toContain(status);
  });

  it('of one that is made disabled is that of a disabled one', async () => {
    expect((await register('lora', lora, false)).body.interfaces[0]).toMatchObject({
      enabled: false,
      status: 'DEACTIVATED',
    });
  });

  it('does not change when what is enabled is enabled', async () => {
    await register('mqtt', { clientId: 'n' });
    const target = api.services.inventory.findInterface(api.services.tenantId, 'mqtt', 'n');
    await api.services.inventory.updateSession(target!, {
      status: 'ONLINE',
      capabilities: { command: true },
      activity: { lastSessionStartTime: 'x' },
    });
    expect(await patch('mqtt:n', { enabled: true })).toMatchObject({
      status: 'ONLINE',
      capabilities: { command: yes },
    });
    expect(await patch('mqtt:n', { enabled: false })).toMatchObject({
      status: 'DEACTIVATED',
      capabilities: { command: no },
    });
    expect(await patch('mqtt:n', { enabled: true })).toMatchObject({ status: 'OFFLINE' });
  });

  it('of LoRa comes with the times of the change (manual 5.5.1.2)', async () => {
    await register('lora', lora);
    api.services.clock.advance(1000);
    const time = new Date(api.services.clock.now()).toISOString();
    const disabled = await patch('lora:0101010210101010', { enabled: false });
    expect(disabled.activity).toEqual({ lastDeactivationTs: time });
    expect((await patch('lora:0101010210101010', { enabled: true })).activity).toEqual({
      lastDeactivationTs: time,
      lastActivationTs: time,
    });
  });
});
