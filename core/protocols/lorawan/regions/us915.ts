import type { LoraRate } from '../airtime.ts';
import { mhz, type Region } from './region.ts';

const rate = (spreadingFactor: number, bandwidthKhz: number): LoraRate => ({ spreadingFactor, bandwidthKhz });

const narrow = Array.from({ length: 64 }, (_, index) => mhz(902.3) + index * 200_000);
const wide = Array.from({ length: 8 }, (_, index) => mhz(903) + index * 1_600_000);
const uplinkChannelsHz = [...narrow, ...wide];

/** The data rate of RX1 by that of the uplink, at each RX1DROffset. */
const rx1DataRates: readonly (readonly number[])[] = [
  [10, 9, 8, 8],
  [11, 10, 9, 8],
  [12, 11, 10, 9],
  [13, 12, 11, 10],
  [13, 13, 12, 11],
];

/** US 902-928 MHz (LoRaWAN 1.0.3 Regional Parameters, 2.3). */
export const us915: Region = {
  name: 'US915',
  dataRates: [
    ...[rate(10, 125), rate(9, 125), rate(8, 125), rate(7, 125), rate(8, 500)],
    ...[undefined, undefined, undefined],
    ...[rate(12, 500), rate(11, 500), rate(10, 500), rate(9, 500), rate(8, 500), rate(7, 500)],
  ],
  uplinkDataRates: 5,
  maxPayloadBytes: [11, 53, 125, 242, 242, 0, 0, 0, 53, 129, 242, 242, 242, 242],
  joinChannelsHz: uplinkChannelsHz,
  furtherChannelsHz: [],
  bands: [{ fromHz: mhz(902), toHz: mhz(928), dutyCycle: 1, gatewayPowerDbm: 26 }],
  rx2: { frequencyHz: mhz(923.3), dataRate: 8 },
  largestRx1DrOffset: 3,
  adrDataRates: { min: 0, max: 4 },
  largestTxPower: 10,
  rx1: ({ frequencyHz, dataRate }, rx1DrOffset) => ({
    frequencyHz: mhz(923.3) + (channelOf(frequencyHz) % 8) * 600_000,
    dataRate: rx1DataRates[dataRate]?.[rx1DrOffset] ?? 8,
  }),
  takesUplink: (frequencyHz) => channelOf(frequencyHz) >= 0,
  channelMasks: (subBand) => {
    // All 64 narrow channels on, and the 8 wide ones by the mask (Regional Parameters, 2.3.5).
    if (subBand === undefined) return [{ channelMask: 0b1111_1111, maskControl: 6 }];
    const first = (subBand - 1) * 8;
    return [
      // All narrow ones off, and one wide one on; then eight narrow ones of a block of 16.
      { channelMask: 1 << (subBand - 1), maskControl: 7 },
      { channelMask: 0b1111_1111 << (first % 16), maskControl: Math.floor(first / 16) },
    ];
  },
};

/** Gateways tell frequencies with the error of their oscillator. */
function channelOf(frequencyHz: number): number {
  return uplinkChannelsHz.findIndex((channelHz) => Math.abs(channelHz - frequencyHz) < 50_000);
}
