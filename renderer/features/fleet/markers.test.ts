import { expect, test } from 'vitest';
import fc from '../../../core/testing/properties.ts';
import { apart, type Marker, markerOfCell, markersOfDevices } from './markers.ts';

/** A pixel for each degree. */
const toPixel = ({ lat, lon }: { lat: number; lon: number }) => ({ x: lon, y: -lat });

const device = (id: string, lat: number, lon: number) => ({ id, staticLocation: { lat, lon } });

test('what is near each other is one marker with a number, what is apart stays', () => {
  const markers = apart(
    markersOfDevices([device('a', 10, 0), device('b', 20, 0), device('c', 80, 0)]),
    toPixel,
  );
  expect(markers).toHaveLength(2);
  expect(markers.find(({ count }) => count === 2)).toMatchObject({
    lat: 15,
    lon: 0,
    bounds: { topLeft: { lat: 20, lon: 0 }, bottomRight: { lat: 10, lon: 0 } },
  });
  expect(markers.find(({ count }) => count === 1)?.device?.id).toBe('c');
});

test('devices without a place are not on the map', () => {
  expect(markersOfDevices([{ id: 'a' }])).toEqual([]);
});

test('cells that are near each other become one, which knows that their bounds are wide', () => {
  const cells = ['u0', 'u1'].map((geohash, index) =>
    markerOfCell({ geohash, count: 2 + index, location: { lat: 45, lon: 10 * index } }),
  );
  expect(apart(cells, toPixel)).toEqual([
    {
      lat: 45,
      lon: 6,
      count: 5,
      precision: 2,
      bounds: { topLeft: { lat: 56.25, lon: 0 }, bottomRight: { lat: 45, lon: 11.25 } },
    },
  ]);
});

const place = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
});

test('no device is lost or counted twice, and each is within the bounds of a marker', () => {
  fc.assert(
    fc.property(fc.array(place, { maxLength: 60 }), (places) => {
      const markers: Marker[] = apart(
        markersOfDevices(places.map(({ lat, lon }, index) => device(String(index), lat, lon))),
        toPixel,
      );
      expect(markers.reduce((sum, { count }) => sum + count, 0)).toBe(places.length);
      for (const { lat, lon } of places) {
        const holds = ({ bounds: { topLeft, bottomRight } }: Marker): boolean =>
          lat <= topLeft.lat && lat >= bottomRight.lat && lon >= topLeft.lon && lon <= bottomRight.lon;
        expect(markers.some(holds)).toBe(true);
      }
    }),
  );
});
