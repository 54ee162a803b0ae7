import { describe, expect, it } from 'vitest';
import fc from '../../core/testing/properties.ts';
import { distanceM, journeyAlong } from './gps-path.ts';

describe('distanceM', () => {
  it('knows a quarter of the way around the Earth', () => {
    expect(distanceM([0, 0], [0, 90])).toBeCloseTo((6_371_008.8 * Math.PI) / 2, 3);
    expect(distanceM([0, 0], [90, 0])).toBeCloseTo((6_371_008.8 * Math.PI) / 2, 3);
  });

  it('knows the way from Paris to London', () => {
    // 343.5 to 344 km by the usual calculators, as they take the radius.
    expect(distanceM([48.8566, 2.3522], [51.5074, -0.1278]) / 1000).toBeCloseTo(343.6, 0);
  });
});

describe('journeyAlong', () => {
  const metresPerDegree = distanceM([0, 0], [0, 1]);
  const line = journeyAlong({
    points: [
      [0, 0],
      [0, 1],
      [1, 1],
    ],
    speedMPerS: metresPerDegree,
  });

  it('goes there and back, and starts anew', () => {
    const places = [0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 4.5].map((elapsedS) => {
      const { lat, lon } = line(elapsedS);
      return [lat, lon];
    });
    expect(places).toEqual([
      [0, 0],
      [0, 0.5],
      [0, 1],
      [0.5, 1],
      [1, 1],
      [0.5, 1],
      [0, 1],
      [0, 0],
      [0, 0.5],
    ]);
  });

  it('follows the great circle over the pole and the date line', () => {
    const over = journeyAlong({
      points: [
        [80, 0],
        [80, 180],
      ],
      speedMPerS: metresPerDegree,
    });
    expect(over(10).lat).toBeCloseTo(90, 5);
    const across = journeyAlong({
      points: [
        [0, 179],
        [0, -179],
      ],
      speedMPerS: metresPerDegree,
    });
    expect(Math.abs(across(1).lon)).toBeCloseTo(180, 5);
    expect(across(1.5).lon).toBeCloseTo(-179.5, 5);
  });

  it('stands still for no time where two points are the same', () => {
    const twice = journeyAlong({
      points: [
        [0, 0],
        [0, 0],
        [0, 1],
      ],
      speedMPerS: metresPerDegree,
    });
    expect(twice(0.5)).toEqual({ lat: 0, lon: 0.5 });
  });

  it('moves at its speed between opposite places, and between nearly opposite ones', () => {
    for (const end of [
      [0, 180],
      [0, -179.99999996824997],
      [1e-7, 180],
      [-1e-13, 180],
    ] as const) {
      const journey = journeyAlong({ points: [[0, 0], [...end]], speedMPerS: metresPerDegree });
      const places = Array.from({ length: 181 }, (_, second) => journey(second));
      for (const [index, { lat, lon }] of places.slice(1).entries()) {
        const before = places[index] ?? { lat: 0, lon: 0 };
        expect(distanceM([before.lat, before.lon], [lat, lon])).toBeCloseTo(metresPerDegree, 0);
      }
    }
    const overThePole = journeyAlong({
      points: [
        [90, 0],
        [-90, 0],
      ],
      speedMPerS: metresPerDegree,
    });
    expect(overThePole(90)).toEqual({ lat: 0, lon: 0 });
  });

  it('moves at its speed and stays on the Earth', () => {
    const point = fc.tuple(
      fc.double({ min: -89, max: 89, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 300 }),
        fc.nat(1_000_000),
        (points, speedMPerS, second) => {
          fc.pre(points.some(([lat, lon]) => distanceM([lat, lon], points[0] as [number, number]) > 1));
          const journey = journeyAlong({ points, speedMPerS });
          const [here, next] = [journey(second), journey(second + 1)];
          expect(Math.abs(here.lat)).toBeLessThanOrEqual(90);
          expect(Math.abs(here.lon)).toBeLessThanOrEqual(180);
          // A corner makes it shorter, and a place is given to a tenth of a metre.
          expect(distanceM([here.lat, here.lon], [next.lat, next.lon])).toBeLessThanOrEqual(speedMPerS + 0.3);
        },
      ),
    );
  });
});
