import { expect, test } from 'vitest';
import { lines, progressSeries } from './progress-series.ts';

const counts = { notStarted: 0, pending: 0, inProgress: 0, success: 0, failure: 0, canceled: 0 };

test('one line for each state that a device comes to, named in words', () => {
  const points = [
    { time: '2030-01-01T00:00:00.000Z', status: 'RUNNING' as const, counts: { ...counts, inProgress: 3 } },
    { time: '2030-01-01T00:00:01.500Z', status: 'COMPLETE' as const, counts: { ...counts, success: 3 } },
  ];
  const { times, series } = progressSeries(points, (status) => `of ${status}`);
  expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 1.5]);
  expect(series.map(({ label }) => label)).toEqual(lines.map(({ status }) => `of ${status}`));
  expect(series.find(({ label }) => label === 'of inProgress')?.values).toEqual([3, 0]);
  expect(series.find(({ label }) => label === 'of success')?.values).toEqual([0, 3]);
});

test('nothing told, nothing drawn', () => {
  expect(progressSeries([], String).times).toEqual([]);
});
