import { expect, test } from 'vitest';
import { ratesOf } from './rate-series.ts';

const point = (second: number, stored: Record<string, number>, refused = 0) => ({
  time: new Date(second * 1000).toISOString(),
  stored,
  refused,
});

test('one line for each connector, with gaps where nothing is known', () => {
  const rates = ratesOf([point(100, { mqtt: 4 }), point(102, { mqtt: 2, http: 1 })], 'refused');
  expect(rates.times).toEqual([100, 101, 102]);
  expect(rates.series).toEqual([
    { label: 'http', values: [0, null, 1] },
    { label: 'mqtt', values: [4, null, 2] },
  ]);
  expect(rates.now).toEqual([0.5, 3]);
});

test('refusals have a line only when there were some', () => {
  expect(ratesOf([point(1, { mqtt: 1 })], 'refused').series.length).toBe(1);
  expect(ratesOf([point(1, {}, 2)], 'refused').series).toEqual([{ label: 'refused', values: [2] }]);
});

test('nothing known, nothing drawn', () => {
  expect(ratesOf([], 'refused')).toEqual({ times: [], series: [], now: [] });
});
