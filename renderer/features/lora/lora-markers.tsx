import { IconBroadcast } from '@tabler/icons-react';
import type { LoraGatewayState, LoraMap } from '../../../core/contract/lora/state.ts';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref } from '../../ui/id-text.tsx';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import type { Place, Point, Size } from '../../ui/map/mercator.ts';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import { ClusterMarker } from '../fleet/cluster-marker.tsx';
import type { Link, MapDevice } from './links.ts';
import { groupsOf, linesOf } from './map-groups.ts';

/** With more their names would cover each other; they show when one is pointed at. */
const mostNames = 16;
const edgePixels = 24;

interface LoraMarkersProps {
  readonly gateways: readonly LoraGatewayState[];
  readonly devices: LoraMap['devices'];
  readonly links: readonly Link[];
  readonly toPixel: (place: Place) => Point;
  readonly size: Size;
  readonly onOpen: (devices: readonly MapDevice[]) => void;
}

/**
 * Gateways as squares, devices as rounds, those that would cover each other as one with their number, and a line from
 * each to the gateways that heard it.
 */
export function LoraMarkers({ gateways, devices, links, toPixel, size, onOpen }: LoraMarkersProps) {
  const inSight = ({ x, y }: Point): boolean =>
    x > -edgePixels && y > -edgePixels && x < size.width + edgePixels && y < size.height + edgePixels;
  const stations = gateways.flatMap((gateway) =>
    gateway.location ? [{ gateway, at: toPixel(gateway.location) }] : [],
  );
  const groups = groupsOf(
    devices,
    toPixel,
    stations.map(({ at }) => at),
  );
  const shown = groups.filter(({ at }) => inSight(at));
  const name = stations.length + shown.length <= mostNames ? ' map-device-named' : '';
  const places = new Map(stations.map(({ gateway, at }) => [gateway.id, at]));
  return (
    <>
      <svg className="lora-links" aria-hidden="true">
        {linesOf(groups, links, places).map(({ key, strength, from, to }) => (
          <line
            key={key}
            className={`lora-link-${strength}`}
            {...{ x1: from.x, y1: from.y, x2: to.x, y2: to.y }}
          />
        ))}
      </svg>
      {stations.map(({ gateway: { id, name: given, status }, at }) =>
        inSight(at) ? (
          <a
            key={id}
            href={`#/lora?gateway=${id}`}
            className={`map-device lora-gateway${name}`}
            style={{ left: at.x, top: at.y }}
          >
            <span className="map-device-mark">
              <IconBroadcast size={14} aria-hidden />
            </span>
            <span className="map-device-name">
              {given ?? id} <GatewayWord status={status} />
            </span>
          </a>
        ) : null,
      )}
      {shown.map(({ members, place, at }) => {
        const [first, ...others] = members;
        return others.length > 0 ? (
          <ClusterMarker
            key={first.devEUI}
            place={place}
            size={members.length}
            at={at}
            onOpen={() => onOpen(members)}
          />
        ) : (
          <DeviceMark key={first.devEUI} device={first} at={at} name={name} />
        );
      })}
    </>
  );
}

function DeviceMark({ device, at, name }: { device: MapDevice; at: Point; name: string }) {
  const { deviceId, name: given, status, simulated } = device;
  return (
    <a
      href={`#${deviceHref(deviceId)}?tab=lora`}
      className={`map-device${name}`}
      style={{ left: at.x, top: at.y }}
    >
      <span className="map-device-mark">
        <InterfaceStatusMark status={status} />
      </span>
      <span className="map-device-name">
        {given ?? deviceId}
        {simulated && <SimulatedMark short />}
      </span>
    </a>
  );
}

function GatewayWord({ status }: Pick<LoraGatewayState, 'status'>) {
  const t = useText('lora');
  return status === 'ONLINE' ? null : <span className="dimmed">({t(`gateway_${status}`)})</span>;
}

/** What the lines mean. */
export function LoraLegend() {
  const t = useText('lora');
  return (
    <ul className="plain lora-legend">
      {(['strong', 'fair', 'weak'] as const).map((strength) => (
        <li key={strength}>
          <svg width="40" height="6" aria-hidden="true">
            <line className={`lora-link-${strength}`} x1="0" y1="3" x2="40" y2="3" />
          </svg>{' '}
          {t(`link_${strength}`)}
        </li>
      ))}
      <li className="dimmed">{t('estimatedNote')}</li>
    </ul>
  );
}
