import { expect, it } from 'vitest';
import { loraBench, loraDeviceId } from '../../testing/lora-bench.ts';
import { heardAs } from '../../testing/lora-device.ts';
import { until } from '../../testing/until.ts';

const bench = loraBench();

it('lets a device join, and makes a message of what it sends (manual 3.2)', async () => {
  await bench.register();
  expect((await bench.interface()).status).toBe('REGISTERED');
  await bench.hear(bench.device.joinRequest());
  const sent = await bench.gateway.sent();
  expect(sent).toMatchObject({
    // 5 seconds after the request, on its channel, at its data rate.
    ...{ counterUs: 6_000_000, frequencyHz: 868_100_000, powerDbm: 14, invertedPolarity: true, noCrc: true },
    modulation: { spreadingFactor: 9, bandwidthKhz: 125 },
  });
  expect(bench.device.join(sent.data)).toMatchObject({
    netId: 1,
    rxDelayS: 1,
    rx2DataRate: 3,
    rx1DrOffset: 0,
  });
  await until(async () => (await bench.interface()).status === 'INITIALIZED');

  await bench.hear(bench.device.uplink({ port: 5, payload: '0167011b' }));
  await until(async () => (await bench.messages()).length > 0);
  const [message] = await bench.messages();
  expect(message).toMatchObject({
    streamId: loraDeviceId,
    model: 'lora_v0',
    value: { payload: '0167011b' },
    metadata: {
      ...{ source: loraDeviceId, connector: 'lora' },
      network: {
        lora: {
          ...{ devEUI: '0101010210101010', port: 5, fcnt: 0, messageType: 'UNCONFIRMED_DATA_UP', ack: false },
          ...{ rssi: -97, snr: 7.5, esp: -97.7, sf: 9, frequency: 868.1, signalLevel: 4, gatewayCnt: 1 },
        },
      },
    },
  });
  expect(message).not.toHaveProperty('location');
  expect(await bench.interface()).toMatchObject({
    status: 'ACTIVATED',
    lastContact: expect.any(String),
    activity: { lastUlFcnt: 0, lastSignalLevel: 4, avgSignalLevel: 4, lastActivationTs: expect.any(String) },
  });
});

it('joins with the answer in the second window when the first is too late, or nobody may send in it', async () => {
  await bench.register();
  bench.gateway.txAck = 'TOO_LATE';
  await bench.hear(bench.device.joinRequest());
  expect(await bench.gateway.sent()).toMatchObject({ counterUs: 6_000_000, frequencyHz: 868_100_000 });
  // Until the device has joined its RX2 is that of the region.
  expect(await bench.gateway.sent()).toMatchObject({
    ...{ counterUs: 7_000_000, frequencyHz: 869_525_000, powerDbm: 27 },
    modulation: { spreadingFactor: 12 },
  });
  await until(async () => (await bench.call('GET', '/api/v0/auditlog/messages')).body.length > 1);
  const [{ description, detailedDescription }] = (await bench.call('GET', '/api/v0/auditlog/messages')).body;
  expect(description).toBe('Join-accept not sent');
  expect(detailedDescription).toContain('AA555A0000000101 at 868.1 MHz: TOO_LATE');
  expect((await bench.interface()).status).toBe('INITIALIZING');
});

it('takes a nonce of a device once, also after a restart of the network', async () => {
  await bench.register();
  await bench.join();
  // Later than a copy of the first could be.
  bench.wireClock.advance(1000);
  await bench.hear(bench.device.joinRequest(1));
  await until(async () => (await bench.drops()).length > 0);
  expect(await bench.drops()).toEqual(['repeatedDevNonce']);
  bench.platform.lora.stop();
  await bench.platform.lora.start();
  await bench.gateway.pull();
  await bench.hear(bench.device.joinRequest(1), { rssi: -98 });
  await until(async () => (await bench.drops()).length > 1);
  expect(await bench.drops()).toEqual(['repeatedDevNonce', 'repeatedDevNonce']);
});

it('keeps sessions and counters over a restart', async () => {
  await bench.activate();
  bench.platform.lora.stop();
  await bench.platform.lora.start();
  await bench.gateway.pull();
  await bench.hear(bench.device.uplink({ port: 1, payload: '01' }, 0));
  await bench.hear(bench.device.uplink({ port: 1, payload: '01' }));
  await until(async () => (await bench.messages()).length === 2);
  await bench.hear(bench.device.uplink({ port: 1, payload: '00' }, 0), { rssi: -1 });
  await until(async () => (await bench.drops()).length > 0);
  expect(await bench.drops()).toEqual(['repeatedCounter']);
  expect(await bench.messages()).toHaveLength(2);
});

it('makes one message of what several gateways heard, with the best signal of them', async () => {
  await bench.register({ connectivityPlan: 'orange-cs/CP_Basic_Location' });
  await bench.join();
  const other = await bench.openGateway('AA555A0000000202');
  await other.push([], { latitude: 48.2, longitude: -1.5, altitude: 20 });
  const url = '/api/v1/deviceMgt/connectors/lora/gateways/AA555A0000000101';
  await bench.call('PATCH', url, { location: { lat: 48.1, lon: -1.6, alt: 40 } });
  const frame = bench.device.uplink({ port: 5, payload: 'ff' });
  await bench.gateway.push([heardAs(frame, { rssi: -110, snr: -2, counterUs: 7 })]);
  await other.push([heardAs(frame, { rssi: -90, snr: 9, counterUs: 99 })]);
  await bench.gateway.push([heardAs(frame, { rssi: -110, snr: -3 })]);
  bench.wireClock.advance(200);
  await until(async () => (await bench.messages()).length > 0);
  const [{ metadata, location }, ...more] = await bench.messages();
  expect(more).toEqual([]);
  expect(metadata.network.lora).toMatchObject({ rssi: -90, snr: 9, gatewayCnt: 2, signalLevel: 5 });
  expect(location).toMatchObject({ provider: 'lora', accuracy: expect.any(Number), alt: expect.any(Number) });
  expect(metadata.network.lora.location.lat).toBe(location.lat);
  expect(location.lat).toBeGreaterThan(48.15);
  // It answers by the one that heard it best.
  bench.lapse();
  expect((await other.sent()).counterUs).toBe(1_000_099);
  // A copy that comes late is no frame of its own.
  await bench.gateway.push([heardAs(frame)]);
  bench.wireClock.advance(200);
  expect(await bench.drops()).toEqual([]);
});

it('drops what it cannot take, and says why in the audit log of whom it concerns', async () => {
  await bench.activate();
  const { device } = bench;
  await bench.hear(device.uplink({ port: 1, payload: '01' }));
  await until(async () => (await bench.messages()).length === 2);
  const bent = device.uplink({ port: 1, payload: '0a' });
  bent[10] = (bent[10] ?? 0) ^ 1;
  const far = device.uplink({ port: 1, payload: '0a' }, 20_000);
  const join = device.joinRequest();
  const bentJoin = Uint8Array.from(join);
  bentJoin[22] = (bentJoin[22] ?? 0) ^ 1;
  const unknownJoin = Uint8Array.from(join);
  unknownJoin[9] = 0;
  const otherApp = Uint8Array.from(join);
  otherApp[1] = 0;
  const unknownAddress = Uint8Array.from(device.uplink({ port: 1 }, 1));
  unknownAddress[4] = 0x7f;
  const bentFar = Uint8Array.from(far);
  bentFar[10] = (bentFar[10] ?? 0) ^ 1;
  const frames: [string, Uint8Array, object?][] = [
    ['wrongMic', bent],
    ['wrongMic', bentFar],
    ['counterGap', far],
    ['repeatedCounter', device.uplink({ port: 1, payload: '00', ack: true }, 0), { rssi: -1 }],
    ['wrongMic', bentJoin],
    ['unknownDevEui', unknownJoin],
    ['wrongAppEui', otherApp],
    ['unknownDevAddr', unknownAddress],
    ['otherRegion', device.uplink({ port: 1 }, 5), { frequencyHz: 902_300_000 }],
    ['malformedFrame', Uint8Array.of(0x40, 1, 2)],
    ['malformedFrame', Uint8Array.of(0x03)],
    ['unexpectedFrame', Uint8Array.of(0x60, 1, 2)],
    ['notLora', Uint8Array.of(7), { modulation: { kind: 'FSK', bitsPerSecond: 50_000 } }],
  ];
  // One second for each, for no more are written in one than loraRefusalMaxPerSecond.
  bench.wireClock.advance(1000);
  for (const [, frame, as] of frames) await bench.hear(frame, as);
  bench.gateway.send(Buffer.from('02000000aa555a00000001017b', 'hex'));
  bench.gateway.send(Buffer.from('0200', 'hex'));
  const reasons = frames.map(([reason]) => reason).reverse();
  const drops = async () => (await bench.call('GET', '/bench/v1/lora/drops')).body;
  await until(async () => (await drops()).malformedDatagram >= 2);
  await until(async () => (await bench.drops()).length >= reasons.length);
  expect(await bench.drops()).toEqual(reasons);
  expect(await bench.messages()).toHaveLength(2);
  expect((await bench.interface()).status).toBe('ACTIVATED');
});

it('makes no message of a payload on a port that is not for applications, and goes on behind it', async () => {
  await bench.register();
  await bench.join();
  await bench.hear(bench.device.uplink({ port: 224, payload: '01' }));
  await until(async () => (await bench.interface()).activity.lastUlFcnt === 0);
  expect(await bench.drops()).toEqual(['unexpectedFrame']);
  expect((await bench.interface()).status).toBe('INITIALIZED');
  await bench.hear(bench.device.uplink({ port: 223, payload: '02' }));
  await until(async () => (await bench.messages()).length > 0);
  expect((await bench.messages()).map(({ value }) => value.payload)).toEqual(['02']);
});

it('lets no device in whose interface is disabled, and takes it back as REACTIVATED', async () => {
  await bench.activate();
  const url = `/api/v1/deviceMgt/devices/${loraDeviceId}/interfaces/lora:0101010210101010`;
  await bench.call('PATCH', url, { enabled: false });
  expect(await bench.interface()).toMatchObject({
    status: 'DEACTIVATED',
    activity: { lastDeactivationTs: expect.any(String) },
  });
  await bench.hear(bench.device.uplink({ port: 1, payload: '01' }));
  await bench.hear(bench.device.joinRequest());
  await until(async () => (await bench.drops()).length === 2);
  expect(await bench.drops()).toEqual(['disabled', 'disabled']);
  await bench.call('PATCH', url, { enabled: true });
  expect((await bench.interface()).status).toBe('REACTIVATED');
  await bench.hear(bench.device.uplink({ port: 1, payload: '01' }));
  await until(async () => (await bench.interface()).status === 'ACTIVATED');
});

it('marks an interface that the network cannot serve, until it can', async () => {
  await bench.register({ profile: 'Nobody_knows' });
  bench.clock.advance(60_000);
  await until(async () => (await bench.interface()).status === 'CONNECTIVITY_ERROR');
  await bench.hear(bench.device.joinRequest());
  await until(async () => (await bench.drops()).length > 0);
  expect(await bench.drops()).toEqual(['unknownProfile']);
  const url = `/api/v1/deviceMgt/devices/${loraDeviceId}/interfaces/lora:0101010210101010`;
  await bench.call('PATCH', url, { definition: { profile: 'Generic_classA_RX2SF12' } });
  bench.clock.advance(60_000);
  await until(async () => (await bench.interface()).status === 'REGISTERED');
});

it('tells FIFOs of frames of the types that a policy asks for', async () => {
  const { status } = await bench.call('POST', '/api/v1/event2action/actionPolicies', {
    name: 'frames',
    triggers: { loraNetwork: { filter: { messageTypes: ['UNCONFIRMED_DATA_UP'] } } },
    actions: { fifoPublish: [{ fifoName: 'frames' }] },
  });
  expect(status).toBe(200);
  await bench.activate();
  const { body } = await bench.call('GET', '/api/v1/event2action/fifos/frames?withStatus=true');
  expect(body.status.messages).toBe(1);
});

it('loses nothing when a device is deleted, or gets another DevEUI, and knows its session no more', async () => {
  await bench.activate();
  const url = `/api/v1/deviceMgt/devices/${loraDeviceId}/interfaces/lora:0101010210101010`;
  await bench.call('PATCH', url, { definition: { devEUI: '0101010210101099' } });
  await bench.hear(bench.device.uplink({ port: 1, payload: '01' }));
  await until(async () => (await bench.drops()).length === 1);
  await bench.call('DELETE', `/api/v1/deviceMgt/devices/${loraDeviceId}`);
  await bench.hear(bench.device.joinRequest());
  await until(async () => (await bench.drops()).length === 2);
  expect(await bench.drops()).toEqual(['unknownDevEui', 'unknownDevAddr']);
});
