import { expect, test } from 'vitest';
import { ratesOf } from './rate-series.ts';

const point = (second: number, stored: Record<string, number>, refused = 0) => ({
  time: new Date(second * 1000).toISOString(),
  stored,
  refused,
});

test('one line for each connector, with gaps where nothing is known', () => {
  expect(ratesOf([point(100, { mqtt: 4 }), point(102, { mqtt: 2, http: 1 })])).toEqual({
    times: [100, 101, 102],
    lines: [
      { connector: 'http', values: [0, null, 1], now: 0.5, peak: 1, total: 1 },
      { connector: 'mqtt', values: [4, null, 2], now: 3, peak: 4, total: 6 },
    ],
  });
});

test('refusals have a line only when there were some', () => {
  expect(ratesOf([point(1, { mqtt: 1 })]).lines.map(({ connector }) => connector)).toEqual(['mqtt']);
  expect(ratesOf([point(1, {}, 2)]).lines).toMatchObject([{ connector: undefined, total: 2 }]);
});

test('five minutes are shown, and of what is older nothing is counted', () => {
  const { times, lines } = ratesOf([point(1, { mqtt: 9 }), point(301, { mqtt: 1 }), point(302, { mqtt: 1 })]);
  expect(times.length).toBe(300);
  expect(lines).toMatchObject([{ peak: 1, total: 2 }]);
});

test('nothing known, nothing drawn', () => {
  expect(ratesOf([])).toEqual({ times: [], lines: [] });
});
