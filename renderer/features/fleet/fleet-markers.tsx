import type { DeviceJson } from '../../../core/contract/devices.ts';
import { isSimulated } from '../../api/data-message.ts';
import { deviceHref } from '../../ui/id-text.tsx';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import type { Place, Point, Size } from '../../ui/map/mercator.ts';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import { statusOf } from '../devices/devices-api.ts';
import { ClusterMarker } from './cluster-marker.tsx';
import { apart, type Marker } from './markers.ts';

/** With more devices their names would cover each other; they show when one is pointed at. */
const mostNames = 12;
/** How far beyond the edge a marker may be and still reach into the map. */
const edgePixels = 24;

interface FleetMarkersProps {
  readonly markers: readonly Marker[];
  readonly toPixel: (place: Place) => Point;
  readonly size: Size;
  readonly onOpen: (marker: Marker) => void;
}

/** Devices on the map; those that would cover each other as one round mark with their number. */
export function FleetMarkers({ markers, toPixel, size, onOpen }: FleetMarkersProps) {
  const visible = apart(markers, toPixel).filter((marker) => {
    const { x, y } = toPixel(marker);
    return x > -edgePixels && y > -edgePixels && x < size.width + edgePixels && y < size.height + edgePixels;
  });
  const named = visible.length <= mostNames;
  // From north to south, as the eye goes: the order of the tab key.
  return visible
    .sort((one, other) => other.lat - one.lat)
    .map((marker) => {
      const { x, y } = toPixel(marker);
      const style = { left: x, top: y };
      return marker.device ? (
        <DeviceMarker key={marker.device.id} device={marker.device} style={style} named={named} />
      ) : (
        <ClusterMarker
          key={`${marker.lat} ${marker.lon}`}
          place={marker}
          size={marker.count}
          at={{ x, y }}
          onOpen={() => onOpen(marker)}
        />
      );
    });
}

type Style = { readonly left: number; readonly top: number };

function DeviceMarker({ device, style, named }: { device: DeviceJson; style: Style; named: boolean }) {
  return (
    <a
      href={`#${deviceHref(device.id)}`}
      className={named ? 'map-device map-device-named' : 'map-device'}
      style={style}
    >
      <span className="map-device-mark">
        <InterfaceStatusMark status={statusOf(device.interfaces)} />
      </span>
      <span className="map-device-name">
        {device.name ?? device.id}
        {isSimulated(device.properties) && <SimulatedMark short />}
      </span>
    </a>
  );
}
