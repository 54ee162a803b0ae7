import { describe, expect, it } from 'vitest';
import type { LoraNodeState } from '../../../contract/lora/state.ts';
import { loraBench, loraDefinition, loraDeviceId, loraDeviceUrl } from '../../../testing/lora-bench.ts';
import { until } from '../../../testing/until.ts';

const bench = loraBench();
const url = `/bench/v1/devices/${loraDeviceId}/lora`;

async function state(): Promise<LoraNodeState> {
  const { status, body } = await bench.call('GET', url);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.interfaces[0];
}

async function command(data: string, policy: object = {}): Promise<string> {
  const request = { connector: 'lora', value: { data, port: 4 } };
  const { status, body } = await bench.call('POST', `${loraDeviceUrl}/commands`, { request, policy });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
}

const reasons = async () => (await state()).queue.map(({ waitsFor }) => waitsFor);
const waitFor = (...expected: string[]) =>
  until(async () => JSON.stringify(await reasons()) === JSON.stringify(expected));

describe('what is known of a device', () => {
  it('grows from its definition to its session, its radio and its battery, without keys', async () => {
    await bench.register();
    expect(await state()).toMatchObject({
      ...{ devEUI: '0101010210101010', status: 'REGISTERED', enabled: true, joins: 0, queue: [] },
      profile: { name: 'Generic_classA_RX2SF9', known: true, deviceClass: 'A', region: 'EU868' },
      plan: { id: 'orange-cs/CP_Basic', sfMin: 7, sfMax: 12, ackUl: false, location: false },
    });
    expect(await state()).not.toHaveProperty('session');
    await bench.join();
    const { devAddr = 0 } = bench.device.accept ?? {};
    const address = devAddr.toString(16).toUpperCase().padStart(8, '0');
    expect(await state()).toMatchObject({ joins: 1, pendingDevAddr: address });
    await bench.hear(bench.device.uplink({ port: 1, payload: '00', adr: true }));
    await until(async () => (await bench.messages()).length === 1);
    bench.lapse();
    await bench.gateway.sent();
    const commands = [{ name: 'DevStatusAns', battery: 254, margin: 7 }] as const;
    await bench.hear(bench.device.uplink({ port: 1, payload: '01', adr: true, commands }));
    await until(async () => (await state()).battery?.level === 254);
    const found = await state();
    expect(found).toMatchObject({
      session: {
        ...{ devAddr: address, fCntUp: 1, fCntDown: 1 },
        windows: [
          { name: 'RX1', afterS: 1 },
          { name: 'RX2', afterS: 2, frequency: 869.525, modulation: 'SF9BW125' },
        ],
      },
      lastUplink: {
        ...{ dataRate: 3, modulation: 'SF9BW125', frequency: 868.1 },
        heardBy: [{ gatewayId: 'AA555A0000000101', rssi: -97, snr: 7.5, esp: -97.7 }],
      },
      adr: { state: 'MEASURING', uplinks: 2, needed: 20, txPower: 0, nbTrans: 1 },
    });
    expect(found).not.toHaveProperty('pendingDevAddr');
    const text = JSON.stringify(found).toLowerCase();
    const { nwkSKey, appSKey } = bench.device.sessionKeys;
    const keys = [
      loraDefinition.appKey,
      ...[nwkSKey, appSKey].map((key) => Buffer.from(key).toString('hex')),
    ];
    for (const key of keys) expect(text).not.toContain(key.toLowerCase());
  });

  it('says so when nobody knows its profile or its plan', async () => {
    await bench.register({ profile: 'nobody', connectivityPlan: 'nobody/knows' });
    const found = await state();
    expect(found.profile).toEqual({ name: 'nobody', known: false });
    expect(found).not.toHaveProperty('plan');
  });
});

describe('the downlink queue', () => {
  it('tells what each command waits for: a join, the next uplink, one before it, its acknowledgement', async () => {
    await bench.register();
    await command('01');
    expect(await reasons()).toEqual(['JOIN']);
    await bench.call('PATCH', `${loraDeviceUrl}/interfaces/lora:0101010210101010`, { enabled: false });
    expect(await reasons()).toEqual(['DISABLED']);
    await bench.call('PATCH', `${loraDeviceUrl}/interfaces/lora:0101010210101010`, { enabled: true });
    await bench.join();
    await bench.hear(bench.device.uplink({ port: 1, payload: '00' }));
    await bench.gateway.sent();
    await until(async () => (await state()).queue.length === 0);
    await command('0203', { ackMode: 'NETWORK' });
    await command('04');
    expect(await state()).toMatchObject({
      queue: [
        { status: 'PENDING', port: 4, data: '0203', confirmed: true, waitsFor: 'UPLINK' },
        { status: 'PENDING', data: '04', confirmed: false, waitsFor: 'EARLIER' },
      ],
    });
    await bench.hear(bench.device.uplink({ port: 1, payload: '01' }));
    await bench.gateway.sent();
    await waitFor('ACKNOWLEDGEMENT', 'EARLIER');
    expect((await state()).queue[0]?.transmissions).toBe(1);
    await bench.hear(bench.device.uplink({ port: 1, payload: '02', ack: true }));
    // The device has it, and listens for the next one.
    expect(await bench.gateway.sent()).toMatchObject({ counterUs: 2_000_000 });
    await until(async () => (await state()).queue.length === 0);
  });

  it('tells of a device of class C that no gateway is in reach', async () => {
    await bench.activate({ profile: 'Generic_classC_RX2SF9' });
    bench.wireClock.advance(91_000);
    await command('05');
    expect(await reasons()).toEqual(['GATEWAY']);
    await bench.gateway.pull();
    expect((await state()).session?.windows[1]).toEqual({
      ...{ name: 'RX2', frequency: 869.525, modulation: 'SF9BW125' },
    });
  });

  it('tells of a profile that nobody knows', async () => {
    await bench.register({ profile: 'nobody' });
    await command('09');
    expect(await reasons()).toEqual(['PROFILE']);
  });

  it('tells of a device of class C that listens now, between two attempts', async () => {
    await bench.activate({ profile: 'Generic_classC_RX2SF9' });
    bench.gateway.txAck = 'TX_FREQ';
    await command('09');
    await waitFor('WINDOW');
    bench.gateway.txAck = 'NONE';
    await bench.clock.advance(60_000);
    await until(async () => (await state()).queue.length === 0);
  });

  it('tells that the gateway has not said whether it sends', async () => {
    await bench.activate();
    bench.gateway.txAck = undefined;
    await command('0a');
    await bench.hear(bench.device.uplink({ port: 1, payload: '09' }));
    expect(bench.device.hear((await bench.gateway.sent()).data)).toMatchObject({ payload: '0a' });
    expect(await reasons()).toEqual(['GATEWAY_ANSWER']);
    // A gateway that says nothing may have sent it: it is not sent once more.
    bench.wireClock.advance(1_000);
    await until(async () => (await state()).queue.length === 0);
  });

  it('tells why the last downlink was not sent, and forgets that when one is', async () => {
    await bench.activate();
    bench.gateway.txAck = 'TX_FREQ';
    const id = await command('06');
    await bench.hear(bench.device.uplink({ port: 1, payload: '07' }));
    await until(async () => (await state()).lastFailure !== undefined);
    expect((await state()).lastFailure?.text).toContain('AA555A0000000101 at 868.1 MHz: TX_FREQ');
    expect((await state()).queue).toMatchObject([{ id, waitsFor: 'UPLINK' }]);
    bench.gateway.txAck = 'NONE';
    await bench.clock.advance(60_000);
    await bench.hear(bench.device.uplink({ port: 1, payload: '08' }));
    await until(async () => (await state()).queue.length === 0);
    expect(await state()).not.toHaveProperty('lastFailure');
  });
});

describe('gateways and the map', () => {
  it('show each device with who heard it, at its own place or at one estimated by the own gateways', async () => {
    await bench.activate();
    const map = async () => (await bench.call('GET', '/bench/v1/lora/map')).body.devices;
    expect(await map()).toMatchObject([
      {
        ...{ deviceId: loraDeviceId, devEUI: '0101010210101010', status: 'ACTIVATED', simulated: false },
        heardBy: [{ gatewayId: 'AA555A0000000101', rssi: -97, esp: -97.7 }],
      },
    ]);
    expect((await map())[0]).not.toHaveProperty('place');
    await bench.gateway.push([], { latitude: 48.1, longitude: -1.6, altitude: 40 });
    expect((await map())[0].place).toEqual({ lat: 48.1, lon: -1.6, accuracy: 5000, source: 'ESTIMATED' });
    await bench.call('PATCH', loraDeviceUrl, { staticLocation: { lat: 48.2, lon: -1.7 } });
    expect((await map())[0].place).toEqual({ lat: 48.2, lon: -1.7, source: 'STATIC' });
    expect((await bench.call('GET', '/bench/v1/lora/gateways')).body[0]).toMatchObject({
      ...{ id: 'AA555A0000000101', status: 'ONLINE', location: { source: 'GPS' } },
    });
  });

  it('are still known after a restart of the network', async () => {
    await bench.activate();
    bench.platform.lora.stop();
    await bench.platform.lora.start();
    expect((await state()).lastUplink?.heardBy).toMatchObject([{ gatewayId: 'AA555A0000000101' }]);
  });
});
