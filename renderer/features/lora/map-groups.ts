import type { Place, Point } from '../../ui/map/mercator.ts';
import { nearGroups } from '../fleet/markers.ts';
import type { Link, MapDevice } from './links.ts';

/** Devices that would cover each other on the map. */
export interface MapGroup {
  readonly members: readonly [MapDevice, ...MapDevice[]];
  readonly place: Place;
  readonly at: Point;
}

export interface Line {
  readonly key: string;
  readonly strength: Link['strength'];
  readonly from: Point;
  readonly to: Point;
}

/** What is nearer to a gateway than this would cover it, and stands below it. */
const gatewayPixels = 34;
const belowPixels = 38;

/** @param gateways where they are on the screen */
export function groupsOf(
  devices: readonly MapDevice[],
  toPixel: (place: Place) => Point,
  gateways: readonly Point[],
): MapGroup[] {
  const placed = devices.flatMap((device) => (device.place ? [{ device, place: device.place }] : []));
  return nearGroups(placed, ({ place }) => toPixel(place)).flatMap((items) => {
    const [first, ...others] = items.map(({ device }) => device);
    if (!first) return [];
    const mean = (of: (place: Place) => number): number =>
      items.reduce((sum, item) => sum + of(item.place), 0) / items.length;
    const place = { lat: mean(({ lat }) => lat), lon: mean(({ lon }) => lon) };
    const at = toPixel(place);
    const covers = gateways.some(({ x, y }) => Math.hypot(at.x - x, at.y - y) < gatewayPixels);
    return [{ members: [first, ...others], place, at: covers ? { x: at.x, y: at.y + belowPixels } : at }];
  });
}

const order: readonly Link['strength'][] = ['weak', 'fair', 'strong'];

/** One line from a group to each gateway that heard any of it, as strong as the strongest of them. */
export function linesOf(
  groups: readonly MapGroup[],
  links: readonly Link[],
  gateways: ReadonlyMap<string, Point>,
): Line[] {
  const groupOf = new Map(groups.flatMap((group) => group.members.map((member) => [member, group] as const)));
  const lines = new Map<string, Line>();
  for (const { device, gatewayId, strength } of links) {
    const group = groupOf.get(device);
    const to = gateways.get(gatewayId);
    if (!group || !to) continue;
    const key = `${group.members[0].devEUI} ${gatewayId}`;
    const before = lines.get(key);
    if (before && order.indexOf(before.strength) >= order.indexOf(strength)) continue;
    lines.set(key, { key, strength, from: group.at, to });
  }
  return [...lines.values()];
}
