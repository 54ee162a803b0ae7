import { commonDataRates, mhz, type Region } from './region.ts';

/** RX1DROffset 6 and 7 make RX1 faster than the uplink. */
const effectiveOffset = (offset: number): number => (offset > 5 ? 5 - offset : offset);

/** The slowest data rate that keeps to the limit. */
const slowestByLimit = 2;

const rx1 =
  (slowest: number): Region['rx1'] =>
  ({ frequencyHz, dataRate }, rx1DrOffset) => ({
    frequencyHz,
    dataRate: Math.min(5, Math.max(slowest, dataRate - effectiveOffset(rx1DrOffset))),
  });

const common = {
  name: 'AS923',
  dataRates: commonDataRates,
  uplinkDataRates: 8,
  joinChannelsHz: [923.2, 923.4].map(mhz),
  furtherChannelsHz: [923.6, 923.8, 924, 924.2, 924.4].map(mhz),
  bands: [{ fromHz: mhz(915), toHz: mhz(928), dutyCycle: 0.01, gatewayPowerDbm: 16 }],
  rx2: { frequencyHz: mhz(923.2), dataRate: 2 },
  largestRx1DrOffset: 7,
  largestTxPower: 7,
  takesUplink: (frequencyHz: number) => frequencyHz >= mhz(915) && frequencyHz < mhz(928),
  channelMasks: () => [{ channelMask: 0b0111_1111, maskControl: 0 }],
} as const;

/** AS 923 MHz where the limit of 400 ms does not hold: DownlinkDwellTime and UplinkDwellTime 0 (2.7.6, 2.7.7). */
const withoutDwellTime: Region = {
  ...common,
  maxPayloadBytes: [51, 51, 51, 115, 242, 242, 242, 242],
  adrDataRates: { min: 0, max: 5 },
  rx1: rx1(0),
};

/**
 * AS 923 MHz (LoRaWAN 1.0.3 Regional Parameters, 2.7), with the limit of 400 ms on the air that devices begin with in
 * both directions: no payload goes below DR2.
 */
export const as923: Region = {
  ...common,
  maxPayloadBytes: [0, 0, 11, 53, 125, 242, 242, 242],
  adrDataRates: { min: slowestByLimit, max: 5 },
  rx1: rx1(slowestByLimit),
  withoutDwellTime,
};
