import { expect, it } from 'vitest';
import { estimateLocation } from './location.ts';
import { averageSignalLevel, estimatedSignalPower, packetErrorRate, signalLevel } from './signal.ts';

it.each([
  [-97, 7.5, -97.7],
  [-120, -10, -130.4],
  [-80, 0, -83],
])('a signal of %i dBm with %f dB is %f dBm without its noise', (rssi, snr, esp) => {
  expect(estimatedSignalPower(rssi, snr)).toBeCloseTo(esp, 1);
});

it.each([
  // As the uplink of the public example.
  [-97.7, 7.5, 9, 4],
  [-90, 9, 7, 5],
  // Strong, and hardly above what the spreading factor needs.
  [-90, -7, 7, 1],
  [-90, -8, 7, 0],
  [-130, 5, 12, 1],
  [-140, 5, 12, 0],
])('ESP %f dBm and %f dB at SF%i are level %i', (esp, snr, spreadingFactor, level) => {
  expect(signalLevel(esp, snr, spreadingFactor)).toBe(level);
});

const history = (levels: number[], counters = levels.map((_, index) => index)) =>
  levels.map((level, index) => ({ level, fCnt: counters[index] ?? 0, dataRate: 3, snr: 0 }));

it.each<[number[], number[] | undefined, number]>([
  [[5, 5, 5, 5], undefined, 5],
  [[5, 4, 3, 4], undefined, 4],
  [[0, 0], undefined, 1],
  // A third of them was lost.
  [[5, 5, 5, 5], [0, 2, 4, 5], 2],
  [[5, 5], [0, 9], 1],
])('levels %o with counters %o average to %i', (levels, counters, average) => {
  expect(averageSignalLevel(history(levels, counters))).toBe(average);
});

it('counts what was lost by the gaps of counters', () => {
  expect(packetErrorRate([])).toBe(0);
  expect(packetErrorRate(history([1, 1, 1], [10, 11, 13]))).toBeCloseTo(0.25);
});

it('places a device among the gateways that heard it, nearer to the louder ones', () => {
  const rennes = { lat: 48.1, lon: -1.6, alt: 40 };
  const saintMalo = { lat: 48.6, lon: -2, alt: 20 };
  expect(estimateLocation([{ place: rennes, esp: -90 }])).toEqual({ ...rennes, accuracy: 5000 });
  const between = estimateLocation([
    { place: rennes, esp: -90 },
    { place: saintMalo, esp: -90 },
    { place: undefined, esp: -50 },
  ]);
  expect(between).toMatchObject({ lat: 48.35, lon: -1.8, alt: 30 });
  expect(between?.accuracy).toBeGreaterThan(25_000);
  const near = estimateLocation([
    { place: rennes, esp: -90 },
    { place: saintMalo, esp: -120 },
  ]);
  expect(near?.lat).toBeLessThan(48.12);
  expect(estimateLocation([{ place: undefined, esp: -90 }])).toBeUndefined();
});

it('places a device across the date line', () => {
  const east = { lat: 0, lon: 179 };
  const west = { lat: 0, lon: -179 };
  const found = estimateLocation([
    { place: east, esp: -90 },
    { place: west, esp: -90 },
  ]);
  expect(Math.abs(found?.lon ?? 0)).toBe(180);
});
