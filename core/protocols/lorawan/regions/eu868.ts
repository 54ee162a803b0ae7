import { commonDataRates, mhz, type Region } from './region.ts';

/** EU 863-870 MHz (LoRaWAN 1.0.3 Regional Parameters, 2.2; duty cycles of ETSI EN 300 220). */
export const eu868: Region = {
  name: 'EU868',
  dataRates: commonDataRates,
  uplinkDataRates: 8,
  maxPayloadBytes: [51, 51, 51, 115, 242, 242, 242, 242],
  joinChannelsHz: [868.1, 868.3, 868.5].map(mhz),
  furtherChannelsHz: [867.1, 867.3, 867.5, 867.7, 867.9].map(mhz),
  bands: [
    { fromHz: mhz(863), toHz: mhz(865), dutyCycle: 0.001, gatewayPowerDbm: 14 },
    { fromHz: mhz(865), toHz: mhz(868), dutyCycle: 0.01, gatewayPowerDbm: 14 },
    { fromHz: mhz(868), toHz: mhz(868.6), dutyCycle: 0.01, gatewayPowerDbm: 14 },
    { fromHz: mhz(868.7), toHz: mhz(869.2), dutyCycle: 0.001, gatewayPowerDbm: 14 },
    { fromHz: mhz(869.4), toHz: mhz(869.65), dutyCycle: 0.1, gatewayPowerDbm: 27 },
    { fromHz: mhz(869.7), toHz: mhz(870), dutyCycle: 0.01, gatewayPowerDbm: 14 },
  ],
  rx2: { frequencyHz: mhz(869.525), dataRate: 0 },
  largestRx1DrOffset: 5,
  adrDataRates: { min: 0, max: 5 },
  largestTxPower: 7,
  rx1: ({ frequencyHz, dataRate }, rx1DrOffset) => ({
    frequencyHz,
    dataRate: Math.max(0, dataRate - rx1DrOffset),
  }),
  takesUplink: (frequencyHz) => frequencyHz >= mhz(863) && frequencyHz < mhz(870),
  channelMasks: () => [{ channelMask: 0b1111_1111, maskControl: 0 }],
};
