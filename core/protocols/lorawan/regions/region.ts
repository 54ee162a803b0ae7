import type { LoraRate } from '../airtime.ts';

export const regionNames = ['EU868', 'US915', 'AS923'] as const;
export type RegionName = (typeof regionNames)[number];

/** Where and how a frame is sent: a frequency in Hz, and the number of a data rate. */
export interface RadioSlot {
  readonly frequencyHz: number;
  readonly dataRate: number;
}

/** A part of the spectrum with one rule. */
export interface Band {
  readonly fromHz: number;
  readonly toHz: number;
  /** Share of time that one transmitter may use; 1: all of it. */
  readonly dutyCycle: number;
  /** Most power of a gateway, in dBm, as a packet forwarder counts it. */
  readonly gatewayPowerDbm: number;
}

/** What differs from one part of the world to another (LoRaWAN 1.0.3 Regional Parameters). */
export interface Region {
  readonly name: RegionName;
  /** By number. Undefined: no LoRa (FSK), or reserved. */
  readonly dataRates: readonly (LoraRate | undefined)[];
  /** How many of them, from the first on, are for uplinks. */
  readonly uplinkDataRates: number;
  /** Most bytes of a payload without FOpts (N of the tables), by data rate; 0: not for payloads. */
  readonly maxPayloadBytes: readonly number[];
  /** Channels that every device has, in Hz. */
  readonly joinChannelsHz: readonly number[];
  /** Channels that a join-accept gives to devices beside these, in Hz. */
  readonly furtherChannelsHz: readonly number[];
  readonly bands: readonly Band[];
  readonly rx2: RadioSlot;
  readonly largestRx1DrOffset: number;
  /** Data rates that ADR chooses from. */
  readonly adrDataRates: { readonly min: number; readonly max: number };
  /** The highest number of a TXPower of devices; each is 2 dB below the one before. */
  readonly largestTxPower: number;
  /** The slot of RX1 after an uplink in this one (1.0.3, 3.3.1). */
  rx1(uplink: RadioSlot, rx1DrOffset: number): RadioSlot;
  /** Whether devices send there. */
  takesUplink(frequencyHz: number): boolean;
  /**
   * The channels of LinkADRReqs, one behind the other, that leave a device with all channels, or with those of one
   * sub-band of eight.
   * @param subBand 1 to 8; undefined: all. Regions whose channels are few have no sub-bands.
   */
  channelMasks(subBand: number | undefined): readonly ChannelMask[];
  /** How it is for devices that may be on the air for longer than they begin with; undefined where there is no such limit. */
  readonly withoutDwellTime?: Region;
}

/** Channels of a LinkADRReq: bits, and by the control of which channels they are (1.0.3, 5.2). */
export interface ChannelMask {
  readonly channelMask: number;
  readonly maskControl: number;
}

/** 125 kHz from SF12 to SF7 as DR0 to DR5, then SF7 at 250 kHz, then FSK: the same in EU868 and AS923. */
export const commonDataRates: readonly (LoraRate | undefined)[] = [
  ...[12, 11, 10, 9, 8, 7].map((spreadingFactor) => ({ spreadingFactor, bandwidthKhz: 125 })),
  { spreadingFactor: 7, bandwidthKhz: 250 },
  undefined,
];

export const mhz = (value: number): number => Math.round(value * 1_000_000);

/** The number of the data rate at which devices send like this; undefined: they do not. */
export function uplinkDataRate(
  { dataRates, uplinkDataRates }: Region,
  { spreadingFactor, bandwidthKhz }: LoraRate,
): number | undefined {
  const found = dataRates.findIndex(
    (rate, number) =>
      number < uplinkDataRates &&
      rate?.spreadingFactor === spreadingFactor &&
      rate.bandwidthKhz === bandwidthKhz,
  );
  return found < 0 ? undefined : found;
}

/** The rule for a frequency; undefined: nobody may send there. */
export function bandOf({ bands }: Region, frequencyHz: number): Band | undefined {
  return bands.find(({ fromHz, toHz }) => frequencyHz >= fromHz && frequencyHz < toHz);
}

/** The further channels as a CFList of type 0 (1.0.3 Regional Parameters, 2.2.4): 16 bytes, or none. */
export function cfListOf({ furtherChannelsHz }: Region): Uint8Array {
  if (furtherChannelsHz.length === 0) return new Uint8Array(0);
  const bytes = new Uint8Array(16);
  for (const [index, frequencyHz] of furtherChannelsHz.entries()) {
    const units = frequencyHz / 100;
    bytes.set([units & 0xff, (units >>> 8) & 0xff, (units >>> 16) & 0xff], index * 3);
  }
  return bytes;
}

/** The channels of a CFList of type 0, in Hz. */
export function cfListChannels(cfList: Uint8Array): number[] {
  if (cfList.length === 0) return [];
  return [0, 3, 6, 9, 12]
    .map((at) => ((cfList[at] ?? 0) + (cfList[at + 1] ?? 0) * 256 + (cfList[at + 2] ?? 0) * 65_536) * 100)
    .filter((frequencyHz) => frequencyHz > 0);
}
