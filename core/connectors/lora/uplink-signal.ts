import type { DeviceInterface } from '../../inventory/types.ts';
import type { FrameCopy, HeardFrame } from './deduplication.ts';
import { placeOf } from './gateway.ts';
import { estimateLocation } from './location.ts';
import { planOf } from './profiles.ts';
import { estimatedSignalPower, signalLevel } from './signal.ts';

/** How a frame came in, at the gateway that heard it best; as data messages and events show it (facts 15). */
export interface UplinkSignal {
  /** dBm. */
  readonly rssi: number;
  /** dB. */
  readonly snr: number;
  /** dBm. */
  readonly esp: number;
  readonly sf: number;
  /** MHz. */
  readonly frequency: number;
  /** 0 to 5. */
  readonly signalLevel: number;
  readonly gatewayCnt: number;
}

export function signalOf({ copies }: HeardFrame): UplinkSignal {
  const [{ packet }] = copies;
  const { rssi, snr = 0, modulation, frequencyHz } = packet;
  const sf = modulation.kind === 'LORA' ? modulation.spreadingFactor : 0;
  const esp = espOf(copies[0]);
  return {
    ...{ rssi, snr, esp, sf, frequency: frequencyHz / 1_000_000 },
    ...{ signalLevel: signalLevel(esp, snr, sf), gatewayCnt: copies.length },
  };
}

/** dBm. */
export const espOf = ({ packet: { rssi, snr = 0 } }: FrameCopy): number =>
  Math.round(estimatedSignalPower(rssi, snr) * 10) / 10;

/** Where the device may be, where its plan or options ask for that. */
export function locationOf(via: DeviceInterface, { copies }: HeardFrame) {
  if (!planOf(via)?.location) return undefined;
  return estimateLocation(copies.map((copy) => ({ place: placeOf(copy.gateway), esp: espOf(copy) })));
}
