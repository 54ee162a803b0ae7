import { describe, expect, it, test } from 'vitest';
import {
  atPixel,
  boundsOf,
  fromWorld,
  gridOf,
  inWorld,
  type MapView,
  movedBy,
  scaleOf,
  toPixel,
  toWorld,
  viewOf,
  zoomedBy,
} from './mercator.ts';

const size = { width: 1000, height: 600 };
const rennes = { lat: 48.1173, lon: -1.6778 };
const overRennes: MapView = { ...rennes, zoom: 8 };

test('the projection is that of web maps: tile 8/126/88 of OpenStreetMap holds Rennes', () => {
  const { x, y } = toWorld(rennes);
  expect([Math.floor(x * 256), Math.floor(y * 256)]).toEqual([126, 88]);
  expect(toWorld({ lat: 0, lon: 0 })).toEqual({ x: 0.5, y: 0.5 });
});

test('there and back is the same place', () => {
  for (const place of [rennes, { lat: -18.1, lon: 178.4 }, { lat: 85, lon: -180 }]) {
    const back = fromWorld(toWorld(place));
    expect(back.lat).toBeCloseTo(place.lat, 9);
    expect(back.lon).toBeCloseTo(place.lon, 9);
    const pixel = toPixel(overRennes, size, rennes);
    expect(pixel).toEqual({ x: 500, y: 300 });
    expect(atPixel(overRennes, size, pixel).lat).toBeCloseTo(rennes.lat, 9);
  }
});

describe('a view', () => {
  it.each<[string, MapView]>([
    ['too far out', { lat: 0, lon: 0, zoom: -3 }],
    ['at the north pole', { lat: 90, lon: 0, zoom: 3 }],
    ['at the date line', { lat: 0, lon: 180, zoom: 3 }],
    ['too close', { ...rennes, zoom: 40 }],
  ])('%s is put within the world, and then stays as it is', (_what, view) => {
    const good = inWorld(view, size);
    const { topLeft, bottomRight } = boundsOf(good, size);
    expect(topLeft.lon).toBeGreaterThanOrEqual(-180);
    expect(bottomRight.lon).toBeLessThanOrEqual(180);
    expect(topLeft.lat).toBeGreaterThan(bottomRight.lat);
    expect(toPixel(good, size, fromWorld({ x: 0, y: 0 })).x).toBeLessThan(1e-6);
    expect(inWorld(good, size)).toBe(good);
  });

  it('that touches the edge of the map goes on to the pole', () => {
    expect(boundsOf(inWorld({ lat: 80, lon: 0, zoom: 2 }, size), size).topLeft.lat).toBe(90);
    expect(boundsOf(inWorld({ lat: -80, lon: 0, zoom: 2 }, size), size).bottomRight.lat).toBe(-90);
    expect(boundsOf(overRennes, size).topLeft.lat).toBeLessThan(60);
  });

  it('zooms around what is at the pointer', () => {
    const pointer = { x: 120, y: 480 };
    const before = atPixel(overRennes, size, pointer);
    const after = atPixel(zoomedBy(overRennes, size, 1.5, pointer), size, pointer);
    expect(after.lat).toBeCloseTo(before.lat, 9);
    expect(after.lon).toBeCloseTo(before.lon, 9);
  });

  it('moves by pixels', () => {
    expect(toPixel(movedBy(overRennes, size, { x: 50, y: -20 }), size, rennes)).toEqual({
      x: expect.closeTo(450, 6),
      y: expect.closeTo(320, 6),
    });
  });

  it('of bounds shows their corners, a margin within its edges', () => {
    const bounds = { topLeft: { lat: 51, lon: -5 }, bottomRight: { lat: 42, lon: 8 } };
    const view = viewOf(bounds, size, 40);
    const corners = [bounds.topLeft, bounds.bottomRight].map((place) => toPixel(view, size, place));
    for (const { x, y } of corners) {
      expect(x).toBeGreaterThan(39.9);
      expect(x).toBeLessThan(960.1);
      expect(y).toBeGreaterThan(39.9);
      expect(y).toBeLessThan(560.1);
    }
    expect(viewOf({ topLeft: rennes, bottomRight: rennes }, size, 40, 6).zoom).toBe(6);
  });
});

test('the scale is a round length', () => {
  const { meters, pixels } = scaleOf({ lat: 0, lon: 0, zoom: 10 }, 96);
  expect(meters).toBe(10_000);
  expect(pixels).toBeCloseTo(10_000 / 152.874, 1);
});

test('the grid has round degrees, in sight', () => {
  const { lats, lons } = gridOf(overRennes, size);
  expect(lats).toContain(48);
  expect(lons).toContain(-2);
  for (const lat of lats) expect(toPixel(overRennes, size, { lat, lon: 0 }).y).toBeGreaterThanOrEqual(0);
  expect(lats.length + lons.length).toBeLessThan(20);
});
