import { expect, test } from 'vitest';
import { fifoSeries } from './fifo-series.ts';

const at = (second: number, waiting: number, entered = 0) => ({
  time: new Date(second * 1000).toISOString(),
  ...{ waiting, unacknowledged: 0, entered, acknowledged: 0, lost: 0 },
});

test('one line for each figure, at the seconds that are known', () => {
  const series = fifoSeries([at(1000, 0), at(1001, 3, 3), at(1002, 3), at(1290, 3)]);
  expect(series.times).toEqual([1000, 1001, 1002, 1290]);
  expect(series.waiting).toEqual([0, 3, 3, 3]);
  expect(series.entered).toEqual([0, 3, 0, 0]);
});

test('what is older than five minutes begins at the edge', () => {
  expect(fifoSeries([at(1000, 2), at(5000, 2)]).times).toEqual([4700, 5000]);
});

test('nothing known, nothing drawn', () => expect(fifoSeries([]).times).toEqual([]));
