import type { GatewayPlace } from '../../contract/lora/gateways.ts';

/** One gateway tells no more than that the device is within its reach, in metres. */
const reachM = 5000;
const leastAccuracyM = 200;
const earthRadiusM = 6_371_000;

export interface EstimatedLocation {
  readonly lat: number;
  readonly lon: number;
  readonly alt: number;
  /** Metres. */
  readonly accuracy: number;
}

/**
 * Where a device may be: among the gateways that heard it, nearer to those that heard it better. The field strength
 * falls as the distance grows, so each counts by it.
 * @returns undefined when it is not known where any of them is
 */
export function estimateLocation(
  heard: readonly { readonly place: GatewayPlace | undefined; readonly esp: number }[],
): EstimatedLocation | undefined {
  const known = heard.flatMap(({ place, esp }) => (place ? [{ place, weight: 10 ** (esp / 20) }] : []));
  const total = known.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return undefined;
  const mean = (of: (place: GatewayPlace) => number): number =>
    known.reduce((sum, { place, weight }) => sum + of(place) * weight, 0) / total;
  // Longitudes as distances from the first one, so that the date line does not lie between them.
  const origin = known[0]?.place.lon ?? 0;
  const lat = mean((place) => place.lat);
  const lon = wrap(origin + mean((place) => wrap(place.lon - origin)));
  const spread = mean((place) => distanceM({ lat, lon }, place));
  const accuracy = known.length === 1 ? reachM : Math.max(leastAccuracyM, spread);
  return {
    lat: round(lat),
    lon: round(lon),
    alt: Math.round(mean(({ alt }) => alt ?? 0)),
    accuracy: Math.round(accuracy),
  };
}

const wrap = (degrees: number): number => ((((degrees + 180) % 360) + 360) % 360) - 180;
const round = (degrees: number): number => Math.round(degrees * 1_000_000) / 1_000_000;

function distanceM(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const radians = Math.PI / 180;
  const x = wrap(b.lon - a.lon) * radians * Math.cos(((a.lat + b.lat) / 2) * radians);
  const y = (b.lat - a.lat) * radians;
  return Math.hypot(x, y) * earthRadiusM;
}
