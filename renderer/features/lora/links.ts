import type { LoraGatewayState, LoraMap } from '../../../core/contract/lora/state.ts';
import type { Place } from '../../ui/map/mercator.ts';

export type MapDevice = LoraMap['devices'][number];

/** A gateway heard the last frame of a device. */
export interface Link {
  readonly device: MapDevice;
  readonly gatewayId: string;
  /** dBm, dB, dBm. */
  readonly rssi: number;
  readonly snr: number;
  readonly esp: number;
  readonly strength: 'strong' | 'fair' | 'weak';
  /** Undefined where it is not known where one of them is. */
  readonly ends: readonly [Place, Place] | undefined;
}

/** As the levels of signals: 4 and 5, 2 and 3, less (docs/lora.md). */
const strongFromDbm = -105;
const fairFromDbm = -125;

const strengthOf = (esp: number): Link['strength'] =>
  esp >= strongFromDbm ? 'strong' : esp >= fairFromDbm ? 'fair' : 'weak';

/** Who heard whom last. */
export function linksOf(gateways: readonly LoraGatewayState[], devices: readonly MapDevice[]): Link[] {
  const places = new Map(gateways.map(({ id, location }) => [id, location]));
  return devices.flatMap((device) =>
    device.heardBy.map(({ gatewayId, rssi, snr, esp }) => {
      const place = places.get(gatewayId);
      const ends = place && device.place ? ([device.place, place] as const) : undefined;
      return { device, gatewayId, rssi, snr, esp, strength: strengthOf(esp), ends };
    }),
  );
}
