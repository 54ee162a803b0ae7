import type { GatewayJson, GatewayOnline, GatewayPlace } from '../../contract/lora/gateways.ts';
import { isoTime } from '../../platform/clock.ts';
import type { RegionName } from '../../protocols/lorawan/regions/region.ts';
import type { GatewayStatus } from '../../protocols/semtech-udp/push-data.ts';

/** A gateway of the network. Its tenant keeps it; what it hears is of devices of any tenant. */
export interface Gateway {
  readonly tenantId: string;
  /** EUI: 16 upper-case hexadecimal digits. */
  readonly id: string;
  name: string | undefined;
  /** False: nobody registered it, and it was heard. */
  registered: boolean;
  /** Where somebody says that it is. */
  place: GatewayPlace | undefined;
  /** Where its own GPS says that it is. */
  gps: GatewayPlace | undefined;
  online: GatewayOnline;
  /** By the platform's time. */
  lastContactMs: number | undefined;
  /** By the wire's time, for its silence. */
  heardMs: number;
  status: GatewayStatus | undefined;
  /** Where it listens, as somebody says. */
  region: RegionName | undefined;
  /** Where it listens, by the last frame that it heard. */
  heardRegion: RegionName | undefined;
  uplinks: number;
  downlinks: number;
  readonly createdMs: number;
  updatedMs: number;
}

/** Where a gateway is; undefined: nobody knows. */
export const placeOf = ({ place, gps }: Gateway): GatewayPlace | undefined => place ?? gps;

export function toGatewayJson(gateway: Gateway): GatewayJson {
  const { id, name, registered, online, lastContactMs, uplinks, downlinks, status } = gateway;
  const found = placeOf(gateway);
  return {
    id,
    ...(name !== undefined && { name }),
    registered,
    status: online,
    ...(found && {
      location: {
        ...{ lat: found.lat, lon: found.lon },
        ...(typeof found.alt === 'number' && { alt: found.alt }),
        source: gateway.place ? 'MANUAL' : 'GPS',
      },
    }),
    ...(lastContactMs !== undefined && { lastContact: isoTime(lastContactMs) }),
    ...{ uplinks, downlinks },
    ...(status && { statistics: statisticsOf(status) }),
    ...{ created: isoTime(gateway.createdMs), updated: isoTime(gateway.updatedMs) },
  };
}

function statisticsOf({
  received,
  receivedOk,
  forwarded,
  acknowledgedPercent,
  downlinks,
  sent,
}: GatewayStatus) {
  const told = Object.entries({ received, receivedOk, forwarded, acknowledgedPercent, downlinks, sent });
  return Object.fromEntries(told.filter((entry): entry is [string, number] => entry[1] !== undefined));
}
