import { describe, expect, it } from 'vitest';
import { loraBench, loraDeviceUrl } from '../../testing/lora-bench.ts';
import { heardAs } from '../../testing/lora-device.ts';
import { until } from '../../testing/until.ts';

const bench = loraBench();

async function command(value: object, policy: object = {}): Promise<string> {
  const { status, body } = await bench.call('POST', `${loraDeviceUrl}/commands`, {
    request: { connector: 'lora', value },
    policy,
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
}

const statusOf = async (id: string) => {
  const { body } = await bench.call('GET', `/api/v1/deviceMgt/commands/${id}`);
  return [body.status, body.deliveryStatus, body.errorCode];
};
const reaches = (id: string, ...expected: unknown[]) =>
  until(
    async () => JSON.stringify(await statusOf(id)) === JSON.stringify([...expected, ...Array(3)].slice(0, 3)),
  );

/** The device sends, so that it listens after it. */
const uplink = (fields: Parameters<typeof bench.device.uplink>[0] = {}) =>
  bench.hear(bench.device.uplink({ port: 1, payload: '01', ...fields }));

const next = async () => {
  const sent = await bench.gateway.sent();
  return { ...bench.device.hear(sent.data), sent };
};

describe('commands', () => {
  it('go out after the next uplink, and are done with that (manual 3.4.1)', async () => {
    await bench.activate();
    const id = await command({ data: '0A30F5', port: 7 });
    expect(await statusOf(id)).toEqual(['PENDING', undefined, undefined]);
    await uplink();
    expect(await next()).toMatchObject({
      ...{ type: 'UNCONFIRMED_DATA_DOWN', port: 7, payload: '0a30f5', fCnt: 1, ack: false },
      // One second after the uplink, on its channel.
      sent: { counterUs: 2_000_000, frequencyHz: 868_100_000, modulation: { spreadingFactor: 9 } },
    });
    await reaches(id, 'PROCESSED', 'SENT');
    const { body } = await bench.call('GET', `/api/v1/deviceMgt/commands/${id}`);
    expect(body.history.at(-1).nodeId).toBe('0101010210101010');
    await until(async () => (await bench.interface()).activity.lastDlFcnt === 1);
  });

  it('go out one after each uplink, in their order', async () => {
    await bench.activate();
    const ids = [await command({ data: '01', port: 1 }), await command({ data: '02', port: 1 })];
    await uplink();
    // FPending says that there is more to fetch.
    expect(await next()).toMatchObject({ payload: '01', fPending: true });
    await reaches(ids[0] as string, 'PROCESSED', 'SENT');
    expect(await statusOf(ids[1] as string)).toEqual(['PENDING', undefined, undefined]);
    await uplink();
    expect(await next()).toMatchObject({ payload: '02', fPending: false });
    await reaches(ids[1] as string, 'PROCESSED', 'SENT');
  });

  it('with NETWORK are done when the device acknowledges, and sent again until it does', async () => {
    await bench.activate();
    const id = await command({ data: 'aa', port: 2 }, { ackMode: 'NETWORK' });
    await uplink();
    expect(await next()).toMatchObject({ type: 'CONFIRMED_DATA_DOWN', payload: 'aa', fCnt: 1 });
    await reaches(id, 'PROCESSING', 'SENT');
    await uplink();
    // The same frame once more: its counter is not used for another.
    expect(await next()).toMatchObject({ type: 'CONFIRMED_DATA_DOWN', payload: 'aa', fCnt: 1 });
    // What is waited for is known after a restart of the network.
    bench.platform.lora.stop();
    await bench.platform.lora.start();
    await bench.gateway.pull();
    await uplink({ ack: true });
    await reaches(id, 'PROCESSED', 'DELIVERED');
  });

  it('with NETWORK fail when the device never acknowledges, or joins anew', async () => {
    await bench.activate();
    const id = await command({ data: 'aa', port: 2 }, { ackMode: 'NETWORK' });
    for (let transmission = 1; transmission <= 8; transmission++) {
      await uplink();
      expect((await next()).type).toBe('CONFIRMED_DATA_DOWN');
      await reaches(id, 'PROCESSING', 'SENT');
    }
    await uplink();
    await reaches(id, 'ERROR', 'SENT', 'NOT_ACKNOWLEDGED');
    bench.lapse();
    const other = await command({ data: 'bb', port: 2 }, { ackMode: 'NETWORK' });
    await uplink();
    await next();
    await reaches(other, 'PROCESSING', 'SENT');
    await bench.join();
    await uplink();
    await reaches(other, 'ERROR', 'SENT', 'NOT_ACKNOWLEDGED');
  });

  it('wait, and expire, while the device does not send', async () => {
    await bench.activate();
    const id = await command({ data: '01', port: 1 }, { expirationInSeconds: 60 });
    bench.clock.advance(60_000);
    await reaches(id, 'EXPIRED');
    await uplink();
    bench.lapse();
    expect(bench.gateway.toSend).toEqual([]);
  });

  it('that are cancelled do not go out, also those that wait for an acknowledgement', async () => {
    await bench.activate();
    const ids = [];
    for (const data of ['01', '02', '03'])
      ids.push(await command({ data, port: 1 }, data === '01' ? { ackMode: 'NETWORK' } : {}));
    const cancel = (id: unknown, more = '') =>
      bench.call('PUT', `/api/v1/deviceMgt/commands/${id}/status${more}`, 'CANCELED');
    expect((await cancel(ids[1])).status).toBe(200);
    await uplink();
    expect(await next()).toMatchObject({ type: 'CONFIRMED_DATA_DOWN', payload: '01', fCnt: 1 });
    await reaches(String(ids[0]), 'PROCESSING', 'SENT');
    expect((await cancel(ids[0], '?force=true')).status).toBe(200);
    await uplink();
    // Not the frame that was not acknowledged, and not the one behind it.
    expect(await next()).toMatchObject({ type: 'UNCONFIRMED_DATA_DOWN', payload: '03', fCnt: 2 });
    await uplink({ ack: true });
    const ended = await Promise.all(ids.slice(0, 2).map((id) => statusOf(String(id))));
    expect(ended.map(([status]) => status)).toEqual(['CANCELED', 'CANCELED']);
  });

  it('with NETWORK that are not acknowledged in time fail, or go out as another frame', async () => {
    await bench.activate();
    const policy = { ackMode: 'NETWORK', ackTimeoutInSeconds: 60, attempts: 2 };
    const id = await command({ data: 'aa', port: 2 }, policy);
    await uplink();
    expect(await next()).toMatchObject({ payload: 'aa', fCnt: 1 });
    await reaches(id, 'PROCESSING', 'SENT');
    bench.clock.advance(60_000);
    await until(async () => (await statusOf(id))[0] === 'RETRYING');
    // What is acknowledged now is of the attempt before.
    await uplink({ ack: true });
    expect(await next()).toMatchObject({ type: 'CONFIRMED_DATA_DOWN', payload: 'aa', fCnt: 2 });
    await reaches(id, 'PROCESSING', 'SENT');
    bench.clock.advance(60_000);
    await until(async () => (await statusOf(id))[0] === 'ERROR');
    expect((await statusOf(id))[2]).toBe('ACK_TIMEOUT');
  });

  it('wait for the next uplink when no gateway sends them', async () => {
    await bench.activate();
    const id = await command({ data: '01', port: 1 });
    bench.gateway.txAck = 'COLLISION_PACKET';
    await uplink();
    // Both windows were tried; the second at the data rate that the join gave.
    expect((await bench.gateway.sent()).counterUs).toBe(2_000_000);
    expect(await bench.gateway.sent()).toMatchObject({
      ...{ counterUs: 3_000_000, frequencyHz: 869_525_000 },
      modulation: { spreadingFactor: 9 },
    });
    await reaches(id, 'PENDING');
    bench.gateway.txAck = undefined;
    bench.clock.advance(1000);
    await uplink();
    expect((await next()).payload).toBe('01');
    // A gateway that says nothing is taken to send.
    expect((await statusOf(id))[0]).toBe('PROCESSING');
    bench.wireClock.advance(500);
    await reaches(id, 'PROCESSED', 'SENT');
  });

  it('go to devices of class C at once, in the second window', async () => {
    await bench.activate({ profile: 'Generic_classC_RX2SF12' });
    const id = await command({ data: '0102', port: 3 });
    expect(await next()).toMatchObject({
      payload: '0102',
      sent: {
        counterUs: undefined,
        frequencyHz: 869_525_000,
        powerDbm: 27,
        modulation: { spreadingFactor: 12 },
      },
    });
    await reaches(id, 'PROCESSED', 'SENT');
    await reaches(await command({ data: '03', port: 3 }), 'PROCESSED', 'SENT');
  });

  it('that are too long for the data rate fail, and say so', async () => {
    await bench.activate();
    const id = await command({ data: '00'.repeat(116), port: 1 });
    await uplink();
    await reaches(id, 'ERROR', 'SENDING', 'PAYLOAD_TOO_LONG');
    const fits = await command({ data: '00'.repeat(115), port: 1 });
    await uplink();
    expect((await next()).payload).toHaveLength(230);
    await reaches(fits, 'PROCESSED', 'SENT');
  });

  it.each([
    [{ data: '0A3', port: 1 }, 'data: must be bytes in hexadecimal digits'],
    [{ data: '00'.repeat(243), port: 1 }, 'data: must have at most 242 bytes, not 243'],
    [{ data: '00', port: 0 }, 'port: must be a whole number from 1 to 223'],
    [{ data: '00', port: 224 }, 'port: must be a whole number from 1 to 223'],
    [{ data: '00', port: 1, confirmed: true }, 'confirmed: not known; a command over LoRa has data and port'],
  ])('%o are refused', async (value, problem) => {
    await bench.register();
    const request = { request: { connector: 'lora', value } };
    const { status, body } = await bench.call('POST', `${loraDeviceUrl}/commands`, request);
    expect(status).toBe(400);
    expect(body.details).toContain(problem);
  });

  it('with APPLICATIVE are refused: no device answers over LoRa', async () => {
    await bench.register();
    const { status, body } = await bench.call('POST', `${loraDeviceUrl}/commands`, {
      request: { connector: 'lora', value: { data: '00', port: 1 } },
      policy: { ackMode: 'APPLICATIVE' },
    });
    expect(status).toBe(400);
    expect(body.details).toContain('lora offers NONE, NETWORK');
  });
});

describe('the network by itself', () => {
  it('acknowledges confirmed uplinks, each as often as it comes, and makes one message of them', async () => {
    await bench.activate();
    const frame = bench.device.uplink({ port: 1, payload: '0a', confirmed: true });
    await bench.hear(frame);
    await until(async () => (await bench.messages()).length === 2);
    bench.lapse();
    expect(await next()).toMatchObject({ ack: true, port: undefined, fCnt: 1 });
    // The device did not hear it, and sends again.
    bench.wireClock.advance(2000);
    await bench.hear(frame);
    bench.lapse();
    expect(await next()).toMatchObject({ ack: true, fCnt: 2 });
    expect((await bench.messages())[0].metadata.network.lora.messageType).toBe('CONFIRMED_DATA_UP');
    expect(await bench.messages()).toHaveLength(2);
  });

  it('acknowledges with the command that goes out', async () => {
    await bench.activate();
    await command({ data: '01', port: 1 });
    await uplink({ confirmed: true });
    expect(await next()).toMatchObject({ ack: true, payload: '01' });
  });

  it('says nothing where there is nothing to say', async () => {
    await bench.activate();
    await uplink();
    await until(async () => (await bench.messages()).length === 2);
    bench.lapse();
    await uplink({ adrAckReq: true });
    await until(async () => (await bench.messages()).length === 3);
    bench.lapse();
    // The first that came is the answer to the device that asked whether anybody hears it.
    expect(await next()).toMatchObject({ fCnt: 1, ack: false, port: undefined });
  });

  it('answers MAC commands, of FOpts and of port 0, and keeps the battery', async () => {
    await bench.activate();
    await uplink({ commands: [{ name: 'LinkCheckReq' }, { name: 'DevStatusAns', battery: 54, margin: 7 }] });
    bench.lapse();
    await until(() => {
      bench.wireClock.advance(100);
      return bench.gateway.toSend.length > 0;
    });
    // SF9 is understood at -12.5 dB; it came with 7.5.
    expect((await next()).commands).toEqual([{ name: 'LinkCheckAns', margin: 20, gatewayCount: 1 }]);
    await until(async () => (await bench.interface()).activity.lastBatteryLevel === 54);
    // On port 0 they are the payload, and no message.
    const sentMs = bench.clock.now();
    await bench.gateway.push([heardAs(bench.device.uplink({ port: 0, payload: '0d' }))]);
    bench.clock.advance(5000);
    bench.wireClock.advance(200);
    await until(() => {
      bench.wireClock.advance(100);
      return bench.gateway.toSend.length > 0;
    });
    const { commands } = await next();
    const [time] = commands as [{ name: string; seconds: number }];
    expect(time.name).toBe('DeviceTimeAns');
    // The time of the uplink, however long copies of it were waited for.
    expect(Date.UTC(1980, 0, 6) + (time.seconds - 18) * 1000).toBe(sentMs);
    expect(await bench.messages()).toHaveLength(2);
  });

  it('asks for the battery once a day', async () => {
    await bench.activate();
    bench.clock.advance(24 * 3600 * 1000);
    await uplink();
    await until(async () => (await bench.messages()).length > 0);
    bench.lapse();
    expect((await next()).commands).toEqual([{ name: 'DevStatusReq' }]);
  });

  it('sends in the second window what the duty cycle of the first has no room for', async () => {
    await bench.activate();
    const modulation = { kind: 'LORA', spreadingFactor: 12, bandwidthKhz: 125, codingRate: '4/5' } as const;
    const counters = [];
    // 1 % of an hour at 868.1 MHz is 36 s; each of these frames of 64 bytes takes 2.8 s.
    for (let count = 0; count < 13; count++) {
      await command({ data: '00'.repeat(51), port: 1 });
      await bench.hear(bench.device.uplink({ port: 1, payload: '01' }), { modulation });
      const { counterUs, frequencyHz } = (await next()).sent;
      counters.push([counterUs, frequencyHz]);
    }
    expect(counters).toEqual([
      ...Array.from({ length: 12 }, () => [2_000_000, 868_100_000]),
      [3_000_000, 869_525_000],
    ]);
  });
});

it('makes devices that come in well faster and softer, as far as their plan goes', async () => {
  await bench.activate();
  // The first came when it was activated.
  for (let count = 0; count < 19; count++) {
    await uplink({ adr: true });
    await until(async () => (await bench.interface()).activity.lastUlFcnt === count + 1);
    bench.lapse();
  }
  // 7.5 dB are 20 above the floor of SF9; 10 are kept, which leaves 3 steps.
  const wanted = {
    name: 'LinkADRReq',
    dataRate: 5,
    txPower: 1,
    nbTrans: 1,
    channelMask: 0xff,
    maskControl: 0,
  };
  expect((await next()).commands).toEqual([wanted]);
  await uplink({
    adr: true,
    commands: [{ name: 'LinkADRAns', channelMaskAck: 1, dataRateAck: 0, powerAck: 1 }],
  });
  await until(async () => (await bench.interface()).activity.lastUlFcnt === 20);
  bench.lapse();
  bench.wireClock.advance(1000);
  // It does not ask again for what was refused.
  expect(bench.gateway.toSend).toEqual([]);
});
