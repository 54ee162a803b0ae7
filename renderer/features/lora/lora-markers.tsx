import { IconBroadcast } from '@tabler/icons-react';
import type { LoraGatewayState, LoraMap } from '../../../core/contract/lora/state.ts';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref } from '../../ui/id-text.tsx';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import type { Place, Point, Size } from '../../ui/map/mercator.ts';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import type { Link } from './links.ts';

/** With more their names would cover each other; they show when one is pointed at. */
const mostNames = 16;
const edgePixels = 24;

interface LoraMarkersProps {
  readonly gateways: readonly LoraGatewayState[];
  readonly devices: LoraMap['devices'];
  readonly links: readonly Link[];
  readonly toPixel: (place: Place) => Point;
  readonly size: Size;
}

/** Gateways as squares, devices as rounds, and a line from each device to those that heard it. */
export function LoraMarkers({ gateways, devices, links, toPixel, size }: LoraMarkersProps) {
  const inSight = ({ x, y }: Point): boolean =>
    x > -edgePixels && y > -edgePixels && x < size.width + edgePixels && y < size.height + edgePixels;
  const name = gateways.length + devices.length <= mostNames ? ' map-device-named' : '';
  return (
    <>
      <svg className="lora-links" aria-hidden="true">
        {links.map(({ device, gatewayId, strength, ends }) => {
          if (!ends) return null;
          const [from, to] = [toPixel(ends[0]), toPixel(ends[1])];
          return (
            <line
              key={`${device.devEUI} ${gatewayId}`}
              className={`lora-link-${strength}`}
              {...{ x1: from.x, y1: from.y, x2: to.x, y2: to.y }}
            />
          );
        })}
      </svg>
      {gateways.map(({ id, name: given, location, status }) => {
        const at = location && toPixel(location);
        if (!at || !inSight(at)) return null;
        return (
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
        );
      })}
      {devices.map(({ deviceId, devEUI, name: given, place, status, simulated }) => {
        const at = place && toPixel(place);
        if (!at || !inSight(at)) return null;
        return (
          <a
            key={devEUI}
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
      })}
    </>
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
