import type { GpsPath } from '../../core/contract/generators.ts';
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

/** Length of the great circle between two points. */
export function distanceM(from: Degrees, to: Degrees): number {
  return earthRadiusM * angleBetween(unitVector(from), unitVector(to));
}

/** The point at a part of the great circle from one point to another. */
function between(from: Degrees, to: Degrees, part: number): Degrees {
  const [start, end] = [unitVector(from), unitVector(to)];
  const angle = part * angleBetween(start, end);
  const heading = headingFrom(start, end);
  const [x, y, z] = sum(scaled(start, Math.cos(angle)), scaled(heading, Math.sin(angle)));
  return [degrees(Math.atan2(z, Math.hypot(x, y))), degrees(Math.atan2(y, x))];
}

/** A place on the Earth as a vector of length 1: exact for points that are close and for opposite ones alike. */
type Vector = readonly [x: number, y: number, z: number];

function unitVector([lat, lon]: Degrees): Vector {
  const [north, east] = [radians(lat), radians(lon)];
  return [Math.cos(north) * Math.cos(east), Math.cos(north) * Math.sin(east), Math.sin(north)];
}

function angleBetween(a: Vector, b: Vector): number {
  return Math.atan2(length(cross(a, b)), dot(a, b));
}

/** The direction of length 1 in which one leaves `start` for `end`. */
function headingFrom(start: Vector, end: Vector): Vector {
  let axis = cross(start, end);
  // Opposite points have no one way between them: take the one across a pole, or from a pole any.
  if (length(axis) < 1e-12) axis = cross(start, [0, 0, 1]);
  if (length(axis) < 1e-12) axis = [0, 1, 0];
  return cross(scaled(axis, 1 / length(axis)), start);
}

const cross = ([a, b, c]: Vector, [x, y, z]: Vector): Vector => [b * z - c * y, c * x - a * z, a * y - b * x];
const dot = ([a, b, c]: Vector, [x, y, z]: Vector): number => a * x + b * y + c * z;
const sum = ([a, b, c]: Vector, [x, y, z]: Vector): Vector => [a + x, b + y, c + z];
const scaled = ([x, y, z]: Vector, by: number): Vector => [x * by, y * by, z * by];
const length = (vector: Vector): number => Math.hypot(...vector);

const radians = (angle: number): number => (angle * Math.PI) / 180;
const degrees = (angle: number): number => (angle * 180) / Math.PI;
