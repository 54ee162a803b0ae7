import type { DeviceJson } from '../../../core/contract/devices.ts';
import {
  around,
  type Bounds,
  boundsAt,
  mostZoom,
  type Place,
  type Point,
  worldPixels,
} from '../../ui/map/mercator.ts';
import type { Cell } from './explorer-api.ts';
import { cellBounds } from './geohash.ts';

/** Devices at a place: one, or some that are near each other. */
export interface Marker extends Place {
  readonly count: number;
  readonly bounds: Bounds;
  /** Letters of the cells that were counted; none: the bounds are as small as can be. */
  readonly precision?: number;
  /** The device, when it is one. */
  readonly device?: DeviceJson;
}

/** What is nearer than this is one marker: they would cover each other. */
const nearPixels = 36;

export const markerOfCell = ({ geohash, count, location }: Cell): Marker => ({
  ...location,
  count,
  bounds: cellBounds(geohash),
  precision: geohash.length,
});

export function markersOfDevices(devices: readonly DeviceJson[]): Marker[] {
  return devices.flatMap((device) =>
    device.staticLocation
      ? [{ ...device.staticLocation, count: 1, bounds: boundsAt(device.staticLocation), device }]
      : [],
  );
}

/** Markers that do not cover each other: the largest takes in those near it. */
export function apart(markers: readonly Marker[], toPixel: (place: Place) => Point): Marker[] {
  const largestFirst = [...markers].sort((one, other) => other.count - one.count);
  return nearGroups(largestFirst, toPixel).map(together);
}

/** What would cover each other on the map, by the first of each group. */
export function nearGroups<Item>(items: readonly Item[], toPixel: (item: Item) => Point): Item[][] {
  const kept: { at: Point; members: Item[] }[] = [];
  for (const item of items) {
    const at = toPixel(item);
    const near = kept.find((each) => Math.hypot(each.at.x - at.x, each.at.y - at.y) < nearPixels);
    if (near) near.members.push(item);
    else kept.push({ at, members: [item] });
  }
  return kept.map(({ members }) => members);
}

/** No zoom could tell apart what is in these bounds. */
export const isOnePlace = ({ topLeft, bottomRight }: Bounds): boolean => {
  const degrees = Math.max(topLeft.lat - bottomRight.lat, bottomRight.lon - topLeft.lon);
  return (degrees / 360) * worldPixels(mostZoom) < 1;
};

function together(members: readonly Marker[]): Marker {
  const [first] = members;
  const bounds = around(members.map((member) => member.bounds));
  if (!first || !bounds || members.length === 1) return first as Marker;
  const count = members.reduce((sum, member) => sum + member.count, 0);
  const mean = (of: (member: Marker) => number): number =>
    members.reduce((sum, member) => sum + of(member) * member.count, 0) / count;
  const { precision } = first;
  return {
    lat: mean(({ lat }) => lat),
    lon: mean(({ lon }) => lon),
    count,
    bounds,
    ...(precision === undefined ? {} : { precision }),
  };
}
