import type { GpsPath } from '../../core/contract/simulators.ts';
import { rounded } from './rounding.ts';

/** Mean radius of the Earth of the IUGG. */
const earthRadiusM = 6_371_008.8;
/** About a tenth of a metre. */
const decimals = 6;

type Degrees = readonly [lat: number, lon: number];

/** Where one is after so many seconds. */
export type Journey = (elapsedS: number) => { lat: number; lon: number };

/**
 * A journey along the points, each leg on its great circle, and back again, for ever, at a steady speed.
 * The first point is where it begins.
 */
export function journeyAlong({ points, speedMPerS }: GpsPath): Journey {
  /** Metres from the first point to each. */
  const reached: number[] = [0];
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before) reached.push((reached[index - 1] ?? 0) + distanceM(before, point));
  }
  const lengthM = reached.at(-1) ?? 0;
  return (elapsedS) => {
    const travelled = (elapsedS * speedMPerS) % (2 * lengthM);
    const along = travelled <= lengthM ? travelled : 2 * lengthM - travelled;
    const leg = legAt(reached, along);
    const [from, to] = [points[leg] as Degrees, points[leg + 1] as Degrees];
    const [begin, end] = [reached[leg] ?? 0, reached[leg + 1] ?? 0];
    const [lat, lon] = between(from, to, end > begin ? (along - begin) / (end - begin) : 0);
    return { lat: rounded(lat, decimals), lon: rounded(lon, decimals) };
  };
}

/** The last leg that begins at or before `along`. */
function legAt(reached: readonly number[], along: number): number {
  let low = 0;
  let high = reached.length - 2;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((reached[middle] ?? 0) <= along) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Length of the great circle between two points, by the haversine formula. */
export function distanceM([latA, lonA]: Degrees, [latB, lonB]: Degrees): number {
  return earthRadiusM * angleBetween(radians(latA), radians(lonA), radians(latB), radians(lonB));
}

function angleBetween(latA: number, lonA: number, latB: number, lonB: number): number {
  const haversine =
    Math.sin((latB - latA) / 2) ** 2 + Math.cos(latA) * Math.cos(latB) * Math.sin((lonB - lonA) / 2) ** 2;
  return 2 * Math.asin(Math.min(1, Math.sqrt(haversine)));
}

/** The point at a part of the great circle from one point to another. */
function between(from: Degrees, to: Degrees, part: number): Degrees {
  const [latA, lonA, latB, lonB] = [...from, ...to].map(radians) as [number, number, number, number];
  const angle = angleBetween(latA, lonA, latB, lonB);
  const sine = Math.sin(angle);
  // Points on opposite sides of the Earth have no one way between them, nor have equal ones.
  if (sine < 1e-12) return part < 0.5 ? from : to;
  const [weightA, weightB] = [Math.sin((1 - part) * angle) / sine, Math.sin(part * angle) / sine];
  const x = weightA * Math.cos(latA) * Math.cos(lonA) + weightB * Math.cos(latB) * Math.cos(lonB);
  const y = weightA * Math.cos(latA) * Math.sin(lonA) + weightB * Math.cos(latB) * Math.sin(lonB);
  const z = weightA * Math.sin(latA) + weightB * Math.sin(latB);
  return [degrees(Math.atan2(z, Math.hypot(x, y))), degrees(Math.atan2(y, x))];
}

const radians = (angle: number): number => (angle * Math.PI) / 180;
const degrees = (angle: number): number => (angle * 180) / Math.PI;
