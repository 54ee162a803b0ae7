import { describe, expect, test } from 'vitest';
import fc from '../../testing/properties.ts';
import { SemtechUdpError } from './errors.ts';
import { decodePacket, encodePacket, type SemtechPacket } from './packet.ts';
import { type PacketToSend, readPullResp, readTxAck, writePullResp, writeTxAck } from './pull-resp.ts';
import { type GatewayStatus, type ReceivedPacket, readPushData, writePushData } from './push-data.ts';
import type { Modulation } from './rate.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('hex');

const gatewayId = 'AA555A0000000101';
const header = { version: 2, token: 0x1234 } as const;

/** By the tables of the protocol, 3.2, 3.3 and 5.2 to 5.5. */
const packets: readonly [string, SemtechPacket][] = [
  [
    `02 1234 00 aa555a0000000101 ${json({ stat: {} })}`,
    { ...header, kind: 'PUSH_DATA', gatewayId, body: { stat: {} } },
  ],
  ['02 1234 01', { ...header, kind: 'PUSH_ACK' }],
  ['02 1234 02 aa555a0000000101', { ...header, kind: 'PULL_DATA', gatewayId }],
  [`02 1234 03 ${json({ txpk: {} })}`, { ...header, kind: 'PULL_RESP', body: { txpk: {} } }],
  ['02 1234 04', { ...header, kind: 'PULL_ACK' }],
  ['02 1234 05 aa555a0000000101', { ...header, kind: 'TX_ACK', gatewayId, body: undefined }],
  ['01 ffff 02 aa555a0000000101', { version: 1, token: 0xffff, kind: 'PULL_DATA', gatewayId }],
];

test.each(packets)('%s', (text, packet) => {
  const wire = bytes(text);
  expect(decodePacket(wire)).toEqual(packet);
  expect(hex(encodePacket(packet))).toBe(hex(wire));
  for (let length = 0; length < wire.length; length++) {
    // A TX_ACK says nothing beside its header when all is well, so it may end there.
    const cut = wire.subarray(0, length);
    if (length < 12 || packet.kind !== 'TX_ACK') expect(() => decodePacket(cut)).toThrow(SemtechUdpError);
  }
});

test.each([
  ['', 'a packet has at least 4 bytes, got 0'],
  ['03 1234 02 aa555a0000000101', 'protocol version 3; 1 and 2 are known'],
  ['02 1234 06 aa555a0000000101', 'packet of the unknown kind 6'],
  ['02 1234 02 aa555a00000001', 'PULL_DATA of 11 bytes has no gateway EUI (bytes 4 to 11)'],
  ['02 1234 02 aa555a000000010100', 'PULL_DATA has 1 bytes too many'],
  ['02 1234 01 00', 'PUSH_ACK has 1 bytes too many'],
  ['02 1234 00 aa555a0000000101 ff', 'the JSON of PUSH_DATA is not UTF-8'],
  ['02 1234 00 aa555a0000000101 7b', 'PUSH_DATA holds no JSON'],
])('%s is refused', (wire, message) => expect(() => decodePacket(bytes(wire))).toThrow(message));

/** The example of the protocol, 4, but for sizes, which it has wrong. */
const lora = {
  ...{ time: '2013-03-31T16:21:17.528002Z', tmst: 3512348611, chan: 2, rfch: 0, freq: 866.349812, stat: 1 },
  ...{ modu: 'LORA', datr: 'SF7BW125', codr: '4/6', rssi: -35, lsnr: 5.1, size: 32 },
  data: '-DS4CGaDCdG+48eJNM3Vai-zDpsR71Pn9CPA9uCON84',
};
const fsk = {
  ...{ time: '2013-03-31T16:21:17.530974Z', tmst: 3512348514, chan: 9, rfch: 1, freq: 869.1, stat: 1 },
  ...{ modu: 'FSK', datr: 50000, rssi: -75, size: 16, data: 'VEVTVF9QQUNLRVRfMTIzNA==' },
};

test('the example of the protocol is read', () => {
  const { packets: read, problems, broken } = readPushData({ rxpk: [lora, fsk, { ...lora, stat: -1 }] });
  expect(problems).toEqual([]);
  expect(broken).toBe(1);
  expect(read).toMatchObject([
    {
      counterUs: 3512348611,
      timeMs: Date.parse('2013-03-31T16:21:17.528Z'),
      frequencyHz: 866_349_812,
      modulation: { kind: 'LORA', spreadingFactor: 7, bandwidthKhz: 125, codingRate: '4/6' },
      rssi: -35,
      snr: 5.1,
    },
    { modulation: { kind: 'FSK', bitsPerSecond: 50_000 }, snr: undefined, rssi: -75 },
  ]);
  expect(Buffer.from(read[1]?.data as Uint8Array).toString()).toBe('TEST_PACKET_1234');
});

test('of a gateway with several antennas the best signal counts', () => {
  const { rssi: _rssi, lsnr: _lsnr, ...rest } = lora;
  const rsig = [
    { ant: 0, chan: 1, rssic: -90, lsnr: 1 },
    { ant: 1, chan: 2, rssic: -80, lsnr: 3 },
  ];
  expect(readPushData({ rxpk: [{ ...rest, rsig }] }).packets).toMatchObject([
    { rssi: -80, snr: 3, channel: 2 },
  ]);
});

test('the status of the protocol is read', () => {
  const stat = {
    ...{ time: '2014-01-12 08:59:28 GMT', lati: 46.24, long: 3.2523, alti: 145, rxnb: 2, rxok: 2, rxfw: 2 },
    ...{ ackr: 100, dwnb: 2, txnb: 2 },
  };
  const { status } = readPushData({ stat });
  expect(status).toMatchObject({
    timeMs: Date.UTC(2014, 0, 12, 8, 59, 28),
    latitude: 46.24,
    altitude: 145,
    sent: 2,
  });
  expect(writePushData([], status)).toEqual({ stat });
});

describe('what is wrong with one packet is told, and the others are read', () => {
  test.each<[object, string]>([
    [{ tmst: -1 }, 'rxpk[1].tmst must be a whole number from 0 to 4294967295, got -1'],
    [{ tmst: undefined }, 'rxpk[1].tmst must be a whole number from 0 to 4294967295, got nothing'],
    [{ freq: '868.1' }, 'rxpk[1].freq must be a number from 1 to 3000, got "868.1"'],
    [{ modu: 'lora' }, 'rxpk[1].modu must be "LORA" or "FSK", got "lora"'],
    [{ datr: 'SF13BW125' }, 'rxpk[1].datr must be a LoRa data rate, such as "SF9BW125", got "SF13BW125"'],
    [{ codr: '5/4' }, 'rxpk[1].codr must be "4/5", "4/6", "4/7", "4/8" or "OFF", got "5/4"'],
    [{ rssi: null }, 'rxpk[1].rssi must be a number from -200 to 50, got null'],
    [{ lsnr: 'x' }, 'rxpk[1].lsnr must be a number from -64 to 64, got "x"'],
    [{ data: 'a*' }, 'rxpk[1].data must be Base64, got "a*"'],
    [{ size: 31 }, 'rxpk[1].size must be the length of data, which is 32 bytes, got 31'],
    [{ time: 'now' }, 'rxpk[1].time must be a time, such as 2014-01-12T08:59:28.000000Z, got "now"'],
    [{ rsig: [] }, 'rxpk[1].rsig must be a list of signals, got an empty list'],
  ])('%o', (fields, problem) => {
    const { packets: read, problems } = readPushData({ rxpk: [lora, { ...lora, ...fields }, fsk] });
    expect(problems).toEqual([problem]);
    expect(read).toHaveLength(2);
  });
  test('a packet that is no object', () => {
    expect(readPushData({ rxpk: [7] }).problems).toEqual(['rxpk[0] must be an object, got 7']);
  });
  test('a status', () => {
    const { packets: read, problems } = readPushData({ rxpk: [lora], stat: { lati: 91 } });
    expect(problems).toEqual(['stat.lati must be a number from -90 to 90, got 91']);
    expect(read).toHaveLength(1);
  });
});

test.each([
  [[], 'the body must be an object, got an empty list'],
  [{}, 'the body has neither rxpk nor stat'],
  [{ rxpk: {} }, 'rxpk must be a list, got an object'],
])('%o is no PUSH_DATA', (body, message) => expect(() => readPushData(body)).toThrow(message));

test('a frame to be sent is read as it was written', () => {
  const toSend: PacketToSend = {
    ...{ counterUs: 3512348611, frequencyHz: 869_525_000, rfChain: 0, powerDbm: 27 },
    modulation: { kind: 'LORA', spreadingFactor: 9, bandwidthKhz: 125, codingRate: '4/5' },
    ...{ invertedPolarity: true, noCrc: true, data: bytes('60f17dbe4920020001f9d65d27') },
  };
  expect(writePullResp(toSend)).toEqual({
    txpk: {
      ...{ imme: false, tmst: 3512348611, freq: 869.525, rfch: 0, powe: 27, modu: 'LORA', datr: 'SF9BW125' },
      ...{ codr: '4/5', ipol: true, ncrc: true, size: 13, data: 'YPF9vkkgAgAB+dZdJw==' },
    },
  });
  expect(readPullResp(writePullResp(toSend))).toEqual(toSend);
  const atOnce = { ...toSend, counterUs: undefined };
  expect(readPullResp(writePullResp(atOnce))).toEqual(atOnce);
});

test('a gateway tells why it does not send', () => {
  expect(readTxAck(undefined)).toBeUndefined();
  expect(readTxAck(writeTxAck(undefined))).toBeUndefined();
  expect(readTxAck(writeTxAck('TOO_LATE'))).toBe('TOO_LATE');
  expect(readTxAck({ txpk_ack: { warn: 'TX_POWER', value: 20 } })).toBeUndefined();
  expect(() => readTxAck({ txpk_ack: { error: 7 } })).toThrow(
    'txpk_ack.error must be a word such as "TOO_LATE", got 7',
  );
  expect(() => readTxAck({})).toThrow('txpk_ack must be an object, got nothing');
});

const anyModulation: fc.Arbitrary<Modulation> = fc.oneof(
  fc.record({
    kind: fc.constant('LORA' as const),
    spreadingFactor: fc.integer({ min: 5, max: 12 }),
    bandwidthKhz: fc.constantFrom(125, 250, 500),
    codingRate: fc.constantFrom('4/5', '4/6', '4/7', '4/8', undefined),
  }),
  fc.record({ kind: fc.constant('FSK' as const), bitsPerSecond: fc.integer({ min: 1, max: 1_000_000 }) }),
);
const anyPacket: fc.Arbitrary<ReceivedPacket> = fc.record({
  counterUs: fc.integer({ min: 0, max: 0xffff_ffff }),
  timeMs: fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 }), { nil: undefined }),
  frequencyHz: fc.integer({ min: 1_000_000, max: 2_999_999_999 }),
  channel: fc.option(fc.nat(255), { nil: undefined }),
  rfChain: fc.option(fc.nat(255), { nil: undefined }),
  modulation: anyModulation,
  rssi: fc.integer({ min: -200, max: 50 }),
  snr: fc.integer({ min: -640, max: 640 }).map((tenths) => tenths / 10),
  data: fc.uint8Array({ maxLength: 255 }),
});
const plain = (packet: ReceivedPacket) => ({ ...packet, data: hex(packet.data) });

test('what is written is read as it was, through the bytes of a datagram', () => {
  fc.assert(
    fc.property(fc.array(anyPacket, { minLength: 1, maxLength: 4 }), (given) => {
      const wire = encodePacket({ ...header, kind: 'PUSH_DATA', gatewayId, body: writePushData(given) });
      const packet = decodePacket(wire) as { body: unknown };
      const { packets: read, problems } = readPushData(packet.body);
      expect(problems).toEqual([]);
      expect(read.map(plain)).toEqual(given.map(plain));
    }),
  );
});

/** Whatever comes is read, or refused with an error of this protocol. */
function take(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof SemtechUdpError)) throw error;
  }
}

test('noise, and datagrams bent in any way, are read or refused', () => {
  const statuses: fc.Arbitrary<Partial<GatewayStatus>> = fc.record({
    latitude: fc.double({ min: -90, max: 90 }),
  });
  const whole = fc
    .tuple(fc.array(anyPacket, { maxLength: 2 }), statuses)
    .map(([given, status]) =>
      encodePacket({ ...header, kind: 'PUSH_DATA', gatewayId, body: writePushData(given, status) }),
    );
  const bent = fc.tuple(whole, fc.nat(), fc.nat(255)).map(([wire, at, byte]) => {
    wire[at % wire.length] = byte;
    return wire;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), bent), (datagram) => {
      take(() => {
        const packet = decodePacket(datagram);
        if (packet.kind === 'PUSH_DATA') readPushData(packet.body);
      });
    }),
  );
});

test('JSON of any form is read or refused', () => {
  const names = fc.constantFrom(
    'rxpk',
    'stat',
    'txpk',
    'txpk_ack',
    'tmst',
    'data',
    'size',
    'datr',
    'modu',
    'rsig',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('LORA', 'SF7BW125', 1, 0, 868.1)),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 6 }),
    ),
  }));
  fc.assert(
    fc.property(value, (body) => {
      for (const read of [readPushData, readPullResp, readTxAck]) take(() => read(body));
    }),
  );
});
