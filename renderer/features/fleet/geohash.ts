import { type Bounds, type MapView, type Size, worldPixels } from '../../ui/map/mercator.ts';

const letters = '0123456789bcdefghjkmnpqrstuvwxyz';
export const longestGeohash = 12;
/** Cells that are lower than this would only be put together again. */
const leastCellPixels = 36;
/** As many cells as one answer holds. */
export const mostCells = 1000;

/** The cell of a geohash. Each letter is five bits that halve the longitude and the latitude in turn. */
export function cellBounds(geohash: string): Bounds {
  const [west, east, south, north] = [0, 1, 2, 3] as const;
  const limits: [number, number, number, number] = [-180, 180, -90, 90];
  let ofLon = true;
  for (const letter of geohash) {
    const value = letters.indexOf(letter);
    for (let bit = 4; bit >= 0; bit--) {
      const [low, high] = ofLon ? [west, east] : [south, north];
      const middle = (limits[low] + limits[high]) / 2;
      limits[(value >> bit) & 1 ? low : high] = middle;
      ofLon = !ofLon;
    }
  }
  return {
    topLeft: { lat: limits[north], lon: limits[west] },
    bottomRight: { lat: limits[south], lon: limits[east] },
  };
}

/** Letters of the smallest cells that are large enough on the screen, and few enough for one answer. */
export function precisionFor({ zoom }: MapView, { width, height }: Size): number {
  const least = Math.max(leastCellPixels, Math.sqrt((width * height) / (mostCells * 0.8)));
  for (let precision = longestGeohash; precision > 1; precision--) {
    const rows = 2 ** Math.floor((precision * 5) / 2);
    // At the equator, where cells are lowest on the map: a degree of latitude is as long as one of longitude.
    if (worldPixels(zoom) / 2 / rows >= least) return precision;
  }
  return 1;
}
