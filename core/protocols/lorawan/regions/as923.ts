import { commonDataRates, mhz, type Region } from './region.ts';

/** RX1DROffset 6 and 7 make RX1 faster than the uplink. */
const effectiveOffset = (offset: number): number => (offset > 5 ? 5 - offset : offset);

/**
 * AS 923 MHz (LoRaWAN 1.0.3 Regional Parameters, 2.7), with the limit of 400 ms on the air that devices begin with in
 * both directions: no payload goes below DR2.
 */
export const as923: Region = {
  name: 'AS923',
  dataRates: commonDataRates,
  uplinkDataRates: 8,
  maxPayloadBytes: [0, 0, 11, 53, 126, 242, 242, 242],
  joinChannelsHz: [923.2, 923.4].map(mhz),
  furtherChannelsHz: [923.6, 923.8, 924, 924.2, 924.4].map(mhz),
  bands: [{ fromHz: mhz(915), toHz: mhz(928), dutyCycle: 0.01, gatewayPowerDbm: 16 }],
  rx2: { frequencyHz: mhz(923.2), dataRate: 2 },
  largestRx1DrOffset: 7,
  adrDataRates: { min: 2, max: 5 },
  largestTxPower: 7,
  rx1: ({ frequencyHz, dataRate }, rx1DrOffset) => ({
    frequencyHz,
    dataRate: Math.min(5, Math.max(2, dataRate - effectiveOffset(rx1DrOffset))),
  }),
  takesUplink: (frequencyHz) => frequencyHz >= mhz(915) && frequencyHz < mhz(928),
  adrChannels: { channelMask: 0b0111_1111, maskControl: 0 },
};
