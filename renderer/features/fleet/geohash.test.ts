import { expect, test } from 'vitest';
import { cellBounds, mostCells, precisionFor } from './geohash.ts';

test('a geohash is the cell that is known of it', () => {
  // The example of the first description of geohashes: ezs42 is near 42.6, -5.6.
  expect(cellBounds('ezs42')).toEqual({
    topLeft: { lat: 42.626953125, lon: -5.625 },
    bottomRight: { lat: 42.5830078125, lon: -5.5810546875 },
  });
  expect(cellBounds('')).toEqual({ topLeft: { lat: 90, lon: -180 }, bottomRight: { lat: -90, lon: 180 } });
});

test.each([
  ['u4pruydqqvj', 57.64911, 10.40744],
  ['9q8yyk8yt', 37.77493, -122.41942],
])('the small cell %s is around the place that is known of it', (geohash, lat, lon) => {
  const { topLeft, bottomRight } = cellBounds(geohash);
  expect(topLeft.lat - bottomRight.lat).toBeLessThan(5e-5);
  expect(topLeft.lat).toBeCloseTo(lat, 3);
  expect(bottomRight.lon).toBeCloseTo(lon, 3);
});

test.each([
  [{ width: 1060, height: 660 }, 2.1],
  [{ width: 1060, height: 660 }, 7.3],
  [{ width: 3840, height: 2000 }, 4],
  [{ width: 3840, height: 2000 }, 12],
])('the cells of a window of %o at zoom %f fit into one answer', (size, zoom) => {
  const precision = precisionFor({ lat: 0, lon: 0, zoom }, size);
  const bits = precision * 5;
  const world = 256 * 2 ** zoom;
  const across = Math.min(size.width / (world / 2 ** Math.ceil(bits / 2)), 2 ** Math.ceil(bits / 2));
  const down = Math.min(size.height / (world / 2 / 2 ** Math.floor(bits / 2)), 2 ** Math.floor(bits / 2));
  expect(across * down).toBeLessThanOrEqual(mostCells);
});
