import { describe, expect, test } from 'vitest';
import { airtimeMs, demodulationFloorDb } from '../airtime.ts';
import { regions } from './index.ts';
import { bandOf, cfListOf, mhz, type Region, uplinkDataRate } from './region.ts';

const { EU868, US915, AS923 } = regions;

describe.each(Object.values(regions))('$name', (region) => {
  test('has a rule for every channel, and takes uplinks on each', () => {
    for (const channelHz of [...region.joinChannelsHz, ...region.furtherChannelsHz]) {
      expect(bandOf(region, channelHz)).toBeDefined();
      expect(region.takesUplink(channelHz)).toBe(true);
    }
    expect(bandOf(region, region.rx2.frequencyHz)).toBeDefined();
    expect(region.takesUplink(mhz(433))).toBe(false);
  });
  test('answers each uplink in RX1 at a data rate that there is, whatever the offset', () => {
    for (const frequencyHz of region.joinChannelsHz) {
      for (let dataRate = region.adrDataRates.min; dataRate <= region.adrDataRates.max; dataRate++) {
        for (let offset = 0; offset <= region.largestRx1DrOffset; offset++) {
          const slot = region.rx1({ frequencyHz, dataRate }, offset);
          expect(region.dataRates[slot.dataRate]).toBeDefined();
          expect(bandOf(region, slot.frequencyHz)).toBeDefined();
        }
      }
    }
  });
  test('names each data rate of uplinks by its modulation', () => {
    for (let number = 0; number < region.uplinkDataRates; number++) {
      const rate = region.dataRates[number];
      if (rate) expect(uplinkDataRate(region, rate)).toBe(number);
    }
    expect(uplinkDataRate(region, { spreadingFactor: 12, bandwidthKhz: 500 })).toBeUndefined();
  });
});

test('RX1 in EU868 is on the channel of the uplink (Regional Parameters, 2.2.7)', () => {
  const uplink = { frequencyHz: mhz(868.3), dataRate: 3 };
  expect(EU868.rx1(uplink, 0)).toEqual(uplink);
  expect(EU868.rx1(uplink, 5)).toEqual({ ...uplink, dataRate: 0 });
});

test.each([
  [902.3, 0, 0, 923.3, 10],
  [903.9, 3, 0, 923.3, 13],
  [904.1, 3, 1, 923.9, 12],
  [914.9, 2, 3, 927.5, 9],
  [903, 4, 0, 923.3, 13],
  [914.2, 4, 2, 927.5, 12],
])(
  'RX1 in US915 after %f MHz at DR%i with offset %i (Regional Parameters, 2.3.7)',
  (up, dr, offset, down, rx1) => {
    expect(US915.rx1({ frequencyHz: mhz(up), dataRate: dr }, offset)).toEqual({
      frequencyHz: mhz(down),
      dataRate: rx1,
    });
  },
);

test.each([
  [5, 0, 5],
  [5, 5, 2],
  [3, 6, 4],
  [3, 7, 5],
  [5, 7, 5],
])('RX1 in AS923 after DR%i with offset %i is DR%i (Regional Parameters, 2.7.7)', (dataRate, offset, rx1) => {
  expect(AS923.rx1({ frequencyHz: mhz(923.2), dataRate }, offset).dataRate).toBe(rx1);
});

test('further channels are written in units of 100 Hz, the lowest byte first', () => {
  expect(Buffer.from(cfListOf(EU868)).toString('hex')).toBe('184f84e85684b85e84886684586e8400');
  expect(cfListOf(US915)).toHaveLength(0);
});

test('bands of EU868 have the duty cycles of ETSI', () => {
  const shares = [863.5, 867.1, 868.1, 868.65, 868.9, 869.525, 869.9].map(
    (f) => bandOf(EU868, mhz(f))?.dutyCycle,
  );
  expect(shares).toEqual([0.001, 0.01, 0.01, undefined, 0.001, 0.1, 0.01]);
});

/** Worked out by the formula of the SX1276 data sheet, 4.1.1.7; those of SF12 are often published. */
test.each([
  [7, 125, 23, 61.696],
  [9, 125, 13, 164.864],
  [12, 125, 13, 1155.072],
  [12, 125, 51, 2465.792],
  [7, 250, 23, 30.848],
  [8, 500, 33, 33.408],
])('SF%i at %i kHz with %i bytes is %f ms on the air', (spreadingFactor, bandwidthKhz, bytes, ms) => {
  expect(airtimeMs({ spreadingFactor, bandwidthKhz }, bytes, true)).toBeCloseTo(ms, 3);
});

test('the noise may be louder the higher the spreading factor', () => {
  expect([7, 8, 9, 10, 11, 12].map(demodulationFloorDb)).toEqual([-7.5, -10, -12.5, -15, -17.5, -20]);
});

/** Bytes of payloads without FOpts where no repeater is between, by data rate (Regional Parameters, 2.2.6, 2.3.6, 2.7.6). */
test.each([
  ['EU868', EU868, [51, 51, 51, 115, 242, 242, 242, 242]],
  ['US915', US915, [11, 53, 125, 242, 242, 0, 0, 0, 53, 129, 242, 242, 242, 242]],
  ['AS923 with the limit of time on the air', AS923, [0, 0, 11, 53, 125, 242, 242, 242]],
  ['AS923 without', AS923.withoutDwellTime, [51, 51, 51, 115, 242, 242, 242, 242]],
])('the longest payloads of %s', (_name, region, expected) => {
  expect(region?.maxPayloadBytes).toEqual(expected);
});

test('the longest payloads of AS923, and no longer ones, keep to its 400 ms', () => {
  // Header, port and MIC are 13 bytes.
  const ms = (number: number, bytes: number): number =>
    airtimeMs(AS923.dataRates[number] ?? { spreadingFactor: 12, bandwidthKhz: 125 }, bytes + 13, true);
  for (const number of [2, 3, 4, 5]) expect(ms(number, AS923.maxPayloadBytes[number] ?? 0)).toBeLessThan(400);
  for (const number of [0, 1]) expect(ms(number, 0)).toBeGreaterThan(400);
  for (const number of [2, 3, 4])
    expect(ms(number, (AS923.maxPayloadBytes[number] ?? 0) + 1)).toBeGreaterThan(400);
});

/** The data rate of RX1 by that of the uplink and RX1DROffset 0, 1 and so on (Regional Parameters, 2.2.7, 2.3.7, 2.7.7). */
const rx1Tables: [string, Region | undefined, number[][]][] = [
  [
    'EU868',
    EU868,
    [
      [0, 0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0, 0],
      [2, 1, 0, 0, 0, 0],
      [3, 2, 1, 0, 0, 0],
      [4, 3, 2, 1, 0, 0],
      [5, 4, 3, 2, 1, 0],
      [6, 5, 4, 3, 2, 1],
      [7, 6, 5, 4, 3, 2],
    ],
  ],
  [
    'US915',
    US915,
    [
      [10, 9, 8, 8],
      [11, 10, 9, 8],
      [12, 11, 10, 9],
      [13, 12, 11, 10],
      [13, 13, 12, 11],
    ],
  ],
  [
    'AS923 with the limit of time on the air',
    AS923,
    [
      [2, 2, 2, 2, 2, 2, 2, 2],
      [2, 2, 2, 2, 2, 2, 2, 3],
      [2, 2, 2, 2, 2, 2, 3, 4],
      [3, 2, 2, 2, 2, 2, 4, 5],
      [4, 3, 2, 2, 2, 2, 5, 5],
      [5, 4, 3, 2, 2, 2, 5, 5],
    ],
  ],
  [
    'AS923 without',
    AS923.withoutDwellTime,
    [
      [0, 0, 0, 0, 0, 0, 1, 2],
      [1, 0, 0, 0, 0, 0, 2, 3],
      [2, 1, 0, 0, 0, 0, 3, 4],
      [3, 2, 1, 0, 0, 0, 4, 5],
      [4, 3, 2, 1, 0, 0, 5, 5],
      [5, 4, 3, 2, 1, 0, 5, 5],
    ],
  ],
];
test.each(rx1Tables)('RX1 of %s by the offset', (_name, region, table) => {
  const [frequencyHz = 0] = region?.joinChannelsHz ?? [];
  const read = table.map((row, dataRate) =>
    row.map((_rate, offset) => region?.rx1({ frequencyHz, dataRate }, offset).dataRate),
  );
  expect(read).toEqual(table);
  expect(table[0]).toHaveLength((region?.largestRx1DrOffset ?? 0) + 1);
});

test.each([
  [undefined, [[0xff, 6]]],
  [
    1,
    [
      [0b1, 7],
      [0xff, 0],
    ],
  ],
  [
    2,
    [
      [0b10, 7],
      [0xff00, 0],
    ],
  ],
  [
    7,
    [
      [0b100_0000, 7],
      [0xff, 3],
    ],
  ],
  [
    8,
    [
      [0b1000_0000, 7],
      [0xff00, 3],
    ],
  ],
])('channels of sub-band %s of US915 (Regional Parameters, 2.3.5)', (subBand, expected) => {
  expect(US915.channelMasks(subBand).map((each) => [each.channelMask, each.maskControl])).toEqual(expected);
});
