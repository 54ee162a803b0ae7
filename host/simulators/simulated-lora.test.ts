import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heardAs, TestLoraDevice } from '../../core/testing/lora-device.ts';
import { TestGateway } from '../../core/testing/lora-gateway.ts';
import { until } from '../../core/testing/until.ts';
import { base, TestBench } from './test-bench.ts';

const middle = { lat: 48.8566, lon: 2.3522 };
const devices = '/api/v1/deviceMgt/devices';
const gatewaysUrl = '/api/v1/deviceMgt/connectors/lora/gateways';
const payload = { kind: 'hex' as const, text: 'aa{{u16 n}}' };
const fleetOf = (given: object = {}) => ({
  // A region without duty cycles, so that nothing has to wait for one.
  ...{ name: 'Meters', connector: 'lora' as const, idPattern: '02F1EE7B0A{n}', payload },
  ...{
    periodMs: 10_000,
    jitter: 0,
    spreadingFactor: 7,
    area: { ...middle, radiusM: 200 },
    gateways: [middle],
    region: 'US915' as const,
  },
  ...given,
});

/** A join takes five seconds of real time at least, and what is lost on the air is sent again after seconds. */
describe('LoRa fleets over the API', { timeout: 90_000 }, () => {
  const test = new TestBench({
    ports: { http: 0, https: undefined, mqtt: undefined, mqtts: undefined, lora: 0 },
  });
  beforeAll(() => test.bench.start());
  afterAll(() => test.bench.stop());

  const messagesOf = async (id: string) => (await test.call('GET', `/api/v0/data/streams/${id}`)).body;
  const interfaceOf = async (id: string) => (await test.call('GET', `${devices}/${id}/interfaces`)).body[0];
  const command = async (id: string, value: object) => {
    const { status, body } = await test.call('POST', `${devices}/${id}/commands`, {
      request: { connector: 'lora', value },
    });
    expect(status, JSON.stringify(body)).toBe(201);
    return body.id;
  };
  const statusOf = async (id: string) =>
    (await test.call('GET', `/api/v1/deviceMgt/commands/${id}`)).body.status;

  it('register devices and gateways, send, take commands, and leave nothing behind', async () => {
    const id = await test.createAndStart(fleetOf());
    const meter = 'urn:lo:nsid:lora:02F1EE7B0A000001';
    const view = await test.viewOf(id);
    const gatewayId = view.template.gateways[0].id;
    expect((await test.call('GET', `${gatewaysUrl}/${gatewayId}`)).body).toMatchObject({
      ...{ status: 'ONLINE', registered: true, name: 'Meters 1', location: middle },
    });
    await until(async () => (await interfaceOf(meter)).status === 'ACTIVATED');
    expect((await messagesOf(meter))[0]).toMatchObject({
      ...{ model: 'lora_v0', value: { payload: expect.stringMatching(/^aa000\d$/) } },
      metadata: { network: { lora: { port: 1, gatewayCnt: 1, sf: 7 } } },
    });
    const url = `${base}/${id}/devices/1`;
    const commandId = await command(meter, { data: '0A30F5', port: 7 });
    const sent = await test.call('POST', `${url}/send`, { port: 2, data: 'c0ffee', confirmed: true });
    expect(sent).toMatchObject({
      status: 200,
      body: { state: 'acknowledged', payload: expect.stringMatching(/^c0ffee/) },
    });
    await until(async () => (await test.call('GET', url)).body.lora.inbox.length === 1);
    const { body: device } = await test.call('GET', url);
    expect(device.lora.inbox[0]).toMatchObject({ port: 7, data: '0a30f5' });
    expect(await statusOf(commandId)).toBe('PROCESSED');
    expect(device.lora.gateways[0]).toMatchObject({ id: gatewayId, state: 'online' });
    expect((await test.call('POST', `${url}/actions`, { action: 'reboot' })).status).toBe(409);
    expect((await test.call('POST', `${url}/actions`, { action: 'rejoin', gateway: 1 })).status).toBe(204);
    expect((await test.call('POST', `${url}/send`, { topic: 'a', payload: 'b' })).status).toBe(409);
    await test.call('DELETE', `${base}/${id}?devices=true`);
    expect((await test.call('GET', `${devices}/${meter}`)).status).toBe(404);
    expect((await test.call('GET', `${gatewaysUrl}/${gatewayId}`)).status).toBe(404);
  });

  it('leave the port to real packet forwarders, whose devices go on as the manual says (3.2, 3.4.1)', async () => {
    const id = await test.create(fleetOf({ name: 'Beside', idPattern: '02F1EE7B0B{n}' }));
    await test.start(id);
    const own = 'urn:lo:nsid:lora:0101010210101010';
    const definition = {
      ...{
        devEUI: '0101010210101010',
        appEUI: '9879876546543211',
        appKey: '11223344556677889988776655443322',
      },
      ...{ profile: 'Generic_classA_RX2SF12', connectivityPlan: 'orange-cs/CP_Basic' },
    };
    const interfaces = [{ connector: 'lora', enabled: true, definition }];
    expect((await test.call('POST', devices, { id: own, interfaces })).status).toBe(200);
    const { lora } = test.bench.platform.endpoints();
    const gateway = await TestGateway.start(Number(lora?.split(':').at(-1)));
    const device = new TestLoraDevice();
    await gateway.push([heardAs(device.joinRequest())]);
    device.join((await gateway.sent()).data);
    const uplink = (payloadHex: string) =>
      gateway.push([heardAs(device.uplink({ port: 1, payload: payloadHex }))]);
    await uplink('01');
    await until(async () => (await messagesOf(own)).length === 1);
    expect((await interfaceOf(own)).status).toBe('ACTIVATED');
    // Its battery is asked for first.
    expect(device.hear((await gateway.sent()).data).commands).toEqual([{ name: 'DevStatusReq' }]);
    const commandId = await command(own, { data: '0A30F5', port: 7 });
    await uplink('02');
    expect(device.hear((await gateway.sent()).data)).toMatchObject({ port: 7, payload: '0a30f5' });
    await until(async () => (await statusOf(commandId)) === 'PROCESSED');
    await test.connected(id);
    await until(async () => (await messagesOf('urn:lo:nsid:lora:02F1EE7B0B000001')).length > 0);
    await gateway.close();
    await test.call('DELETE', `${base}/${id}?devices=true`);
  });

  it.each([
    [{ idPattern: 'meter-{n}' }, 'must be 16 hexadecimal digits'],
    [{ idPattern: '0123456789ABCDE{n}', count: 16 }, 'body.idPattern: the number of 16 devices'],
    [{ region: 'US915', spreadingFactor: 12 }, 'body.spreadingFactor: devices of US915'],
    [{ payload: { kind: 'hex', text: '0x' } }, 'body.payload.text: column 1'],
    [{ payload: { kind: 'cayenne', channels: [{ type: 'smell', channel: 1 }] } }, 'payload.channels.0.type'],
    [{ gateways: [] }, 'gateways'],
    [{ gateways: [{ ...middle, outages: [{ fromS: 5, toS: 5 }] }] }, 'must be after fromS'],
  ])('refuse what makes no sense: %j', async (given, said) => {
    const { status, body } = await test.call('POST', base, fleetOf({ name: 'Wrong', ...given }));
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(said);
  });
});

it('say which port is missing', async () => {
  const test = new TestBench();
  await test.bench.start();
  const id = await test.create(fleetOf());
  await test.start(id);
  await until(async () => (await test.viewOf(id)).state === 'failed');
  expect((await test.viewOf(id)).problem).toContain('--lora-port');
  await test.bench.stop();
});
