import type { Bounds, MapView } from '../../ui/map/mercator.ts';

const numbersIn = (text: string | undefined): number[] =>
  (text ?? '').split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));

const isLat = (value: number): boolean => Math.abs(value) <= 90;
const isLon = (value: number): boolean => Math.abs(value) <= 180;

/** `lat,lon,zoom`, as an address has it; fine enough for a pixel. */
export const printView = ({ lat, lon, zoom }: MapView): string =>
  `${lat.toFixed(5)},${lon.toFixed(5)},${zoom.toFixed(2)}`;

/** Undefined when the text is not such a view: somebody has cut an address. */
export function readView(text: string | undefined): MapView | undefined {
  const [lat = Number.NaN, lon = Number.NaN, zoom = Number.NaN, ...more] = numbersIn(text);
  const good = isLat(lat) && isLon(lon) && zoom >= 0 && zoom <= 30 && more.length === 0;
  return good ? { lat, lon, zoom } : undefined;
}

/** `north,west,south,east`, exact: a place must be within its own bounds. */
export const printBounds = ({ topLeft, bottomRight }: Bounds): string =>
  [topLeft.lat, topLeft.lon, bottomRight.lat, bottomRight.lon].join();

export function readBounds(text: string | undefined): Bounds | undefined {
  const [north = Number.NaN, west = Number.NaN, south = Number.NaN, east = Number.NaN, ...more] =
    numbersIn(text);
  const good = [north, south].every(isLat) && [west, east].every(isLon) && north >= south;
  if (!good || more.length > 0) return undefined;
  return { topLeft: { lat: north, lon: west }, bottomRight: { lat: south, lon: east } };
}
