import { describe, expect, it } from 'vitest';
import type { LoraFrame } from '../../../contract/lora/frames.ts';
import { loraBench, loraDefinition, loraDeviceId, loraDeviceUrl } from '../../../testing/lora-bench.ts';
import { heardAs, TestLoraDevice } from '../../../testing/lora-device.ts';
import { until } from '../../../testing/until.ts';

const bench = loraBench({ settings: { loraLogMaxFrames: 10 } });
const url = `/bench/v1/devices/${loraDeviceId}/lora/frames`;

/** The frames of the device, or of all of the tenant; the newest first. */
async function frames(path = url): Promise<LoraFrame[]> {
  const { status, body } = await bench.call('GET', path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.frames;
}

async function newest(fits: (frame: LoraFrame) => boolean, path = url): Promise<LoraFrame> {
  await until(async () => (await frames(path)).some(fits));
  return (await frames(path)).find(fits) as LoraFrame;
}

const dropped = (reason: string) => (frame: LoraFrame) => frame.dropped?.reason === reason;

describe('what is told of a frame', () => {
  it('is each field of a join: the request, and the answer decrypted', async () => {
    await bench.register();
    await bench.join();
    const [accept, request] = await frames();
    expect(request).toMatchObject({
      ...{ direction: 'up', type: 'JOIN_REQUEST', mhdr: '00', major: 0, bytes: 23, micCheck: 'right' },
      joinRequest: { appEui: '9879876546543211', devEui: '0101010210101010', devNonce: 1 },
      ...{ devEUI: '0101010210101010', deviceId: loraDeviceId },
      radio: {
        ...{ frequency: 868.1, modulation: 'SF9BW125', codingRate: '4/5', dataRate: 3, airtimeMs: 205.8 },
        ...{ esp: -97.7, signalLevel: 4 },
        heard: [{ gatewayId: 'AA555A0000000101', rssi: -97, snr: 7.5, channel: 0, counterUs: 1_000_000 }],
      },
    });
    const { devAddr = 0 } = bench.device.accept ?? {};
    expect(accept).toMatchObject({
      ...{ direction: 'down', type: 'JOIN_ACCEPT', mhdr: '20', micCheck: 'right' },
      joinAccept: {
        ...{ netId: '000001', devAddr: devAddr.toString(16).toUpperCase().padStart(8, '0') },
        ...{ rx1DrOffset: 0, rx2DataRate: 3, rxDelayS: 1, channels: [867.1, 867.3, 867.5, 867.7, 867.9] },
      },
      radio: {
        ...{ window: 'RX1', gatewayId: 'AA555A0000000101', frequency: 868.1, modulation: 'SF9BW125' },
        ...{ powerDbm: 14, counterUs: 6_000_000, dataRate: 3 },
      },
    });
    expect(accept).not.toHaveProperty('mic');
    expect(accept).not.toHaveProperty('dropped');
  });

  it('is each field of a data frame: control bits, MAC commands by name and value, payload both ways', async () => {
    await bench.register();
    await bench.join();
    const commands = [{ name: 'DevStatusAns', battery: 200, margin: -3 }] as const;
    await bench.hear(
      bench.device.uplink({ port: 5, payload: '0167011b', confirmed: true, adr: true, commands }),
    );
    const up = await newest(({ type }) => type === 'CONFIRMED_DATA_UP');
    expect(up).toMatchObject({
      ...{ micCheck: 'right', mhdr: '80', deviceId: loraDeviceId },
      data: {
        fCtrl: { raw: '83', adr: true, adrAckReq: false, ack: false, fOptsLen: 3 },
        ...{ fCnt: 0, fCntFull: 0, fOpts: '06c83d', fPort: 5, payload: '0167011b' },
        commands: [
          {
            ...{ name: 'DevStatusAns', cid: '06' },
            fields: [
              { name: 'battery', value: 200 },
              { name: 'margin', value: -3 },
            ],
          },
        ],
      },
    });
    expect(up.data?.frmPayload).toHaveLength(8);
    expect(up.data?.frmPayload).not.toBe('0167011b');
    expect(up.mic).toMatch(/^[0-9a-f]{8}$/);
    bench.lapse();
    await bench.gateway.sent();
    const down = await newest(({ type }) => type === 'UNCONFIRMED_DATA_DOWN');
    expect(down).toMatchObject({
      data: {
        fCtrl: { ack: true, adr: true, fPending: false },
        commands: [{ name: 'DevStatusReq', cid: '06' }],
      },
      radio: { window: 'RX1', counterUs: 2_000_000 },
    });
    expect(down.data?.fCtrl).not.toHaveProperty('adrAckReq');
  });

  it('is the message that came of it, and its trace names the frame', async () => {
    await bench.activate();
    const [message] = await bench.messages();
    const frame = await newest(({ messageId }) => messageId !== undefined);
    expect(frame.messageId).toBe(message.id);
    const { body } = await bench.call('GET', `/bench/v1/traces/${message.id}`);
    expect(body.loraFrameId).toBe(frame.id);
  });

  it('is the command that it carries, and that it is sent again', async () => {
    await bench.activate();
    const { body } = await bench.call('POST', `${loraDeviceUrl}/commands`, {
      request: { connector: 'lora', value: { data: 'c0ffee', port: 9 } },
      policy: { ackMode: 'NETWORK' },
    });
    await bench.hear(bench.device.uplink({ port: 1, payload: '01' }));
    await bench.gateway.sent();
    const first = await newest(({ commandId }) => commandId === body.id);
    expect(first).toMatchObject({ type: 'CONFIRMED_DATA_DOWN', data: { fPort: 9, payload: 'c0ffee' } });
    await bench.hear(bench.device.uplink({ port: 1, payload: '02' }));
    await bench.gateway.sent();
    const again = await newest(({ note }) => note === 'sentAgain');
    expect(again.commandId).toBe(body.id);
    expect(again.data?.fCntFull).toBe(first.data?.fCntFull);
  });

  it('is who heard it, the best first, and why no gateway sent one', async () => {
    await bench.register();
    const other = await bench.openGateway('AA555A0000000202');
    const frame = bench.device.joinRequest();
    bench.gateway.txAck = 'TOO_LATE';
    other.txAck = 'COLLISION_PACKET';
    await bench.gateway.push([heardAs(frame, { rssi: -110, snr: -2 })]);
    await other.push([heardAs(frame, { rssi: -90, snr: 9 })]);
    bench.wireClock.advance(200);
    const accept = await newest(({ type }) => type === 'JOIN_ACCEPT');
    expect(accept.dropped?.reason).toBe('notSent');
    expect(accept.dropped?.text).toContain('AA555A0000000202 at 868.1 MHz: COLLISION_PACKET');
    expect(accept.radio.tried).toHaveLength(4);
    expect(accept.radio).not.toHaveProperty('gatewayId');
    const request = await newest(({ type }) => type === 'JOIN_REQUEST');
    expect(request.radio.heard?.map(({ gatewayId }) => gatewayId)).toEqual([
      'AA555A0000000202',
      'AA555A0000000101',
    ]);
  });
});

describe('frames that are dropped', () => {
  it('have the reason, with what was known of them by then', async () => {
    await bench.activate();
    const { device } = bench;
    const bent = device.uplink({ port: 2, payload: 'aa' });
    bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1;
    await bench.hear(bent);
    const wrong = await newest(dropped('wrongMic'));
    expect(wrong).toMatchObject({ micCheck: 'wrong', deviceId: loraDeviceId, data: { fPort: 2, fCnt: 1 } });
    // Nobody can say what is in it.
    expect(wrong.data).not.toHaveProperty('payload');
    await bench.hear(device.uplink({ port: 2, payload: 'aa' }, 5));
    await until(async () => (await bench.messages()).length === 2);
    await bench.hear(device.uplink({ port: 2, payload: 'bb' }, 3));
    expect(await newest(dropped('repeatedCounter'))).toMatchObject({
      micCheck: 'right',
      data: { fCntFull: 3 },
    });
    bench.wireClock.advance(2000);
    await bench.hear(device.uplink({ port: 2, payload: 'aa' }, 5));
    expect(await newest(({ note }) => note === 'repeated')).not.toHaveProperty('dropped');
  });

  it('of no known device are seen by who keeps the gateway, with what is wrong in the bytes', async () => {
    await bench.register();
    const stranger = new TestLoraDevice('0202020202020202');
    await bench.hear(stranger.joinRequest());
    await bench.hear(Buffer.from('4001020304', 'hex'));
    await bench.hear(Buffer.from('ff', 'hex'));
    const all = '/bench/v1/lora/frames';
    expect(await newest(dropped('unknownDevEui'), all)).toMatchObject({
      ...{ micCheck: 'notChecked', joinRequest: { devEui: '0202020202020202' } },
    });
    const short = await newest(({ raw }) => raw === '4001020304', all);
    expect(short).toMatchObject({ type: 'UNCONFIRMED_DATA_UP', dropped: { reason: 'malformedFrame' } });
    expect(short.problem).toContain('at least 12 bytes');
    expect(short).not.toHaveProperty('deviceId');
    expect(await newest(({ raw }) => raw === 'ff', all)).toMatchObject({ type: 'PROPRIETARY' });
    expect(await frames()).toEqual([]);
  });
});

describe('the log', () => {
  it('keeps the newest of each device, and is read a page after the other', async () => {
    await bench.activate();
    for (let number = 0; number < 12; number++) {
      await bench.hear(bench.device.uplink({ port: 1, payload: '00' }));
      bench.wireClock.advance(3000);
    }
    await until(async () => (await bench.messages()).length === 13);
    const all = await frames();
    expect(all).toHaveLength(10);
    const page = await frames(`${url}?limit=3&before=${all[1]?.id}`);
    expect(page.map(({ id }) => id)).toEqual(all.slice(2, 5).map(({ id }) => id));
    const { body } = await bench.call('GET', '/bench/v1/lora/frames?limit=2');
    expect(body.frames.map(({ id }: LoraFrame) => id)).toEqual(all.slice(0, 2).map(({ id }) => id));
    expect(body.limits).toEqual({ loraLogMaxFrames: 10, loraLogMaxBytes: 16_777_216 });
  });

  it('has no key in it', async () => {
    await bench.activate();
    const text = JSON.stringify(await frames('/bench/v1/lora/frames')).toLowerCase();
    const { nwkSKey, appSKey } = bench.device.sessionKeys;
    const keys = [
      loraDefinition.appKey,
      ...[nwkSKey, appSKey].map((key) => Buffer.from(key).toString('hex')),
    ];
    for (const key of keys) expect(text).not.toContain(key.toLowerCase());
  });

  it('is refused for a device that is not there, and for no number of a frame', async () => {
    expect((await bench.call('GET', url)).status).toBe(404);
    const { status, body } = await bench.call('GET', '/bench/v1/lora/frames?before=abc');
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('must be the id of a frame');
  });
});
