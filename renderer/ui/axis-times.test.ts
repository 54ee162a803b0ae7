import { afterEach, expect, test } from 'vitest';
import { axisTimes } from './axis-times.ts';

const zone = process.env.TZ;
afterEach(() => {
  process.env.TZ = zone;
});

test('an axis is in the time of this machine or in UTC, as the person chose', () => {
  process.env.TZ = 'Asia/Tokyo';
  const splits = [Date.parse('2030-01-31T14:03:07Z') / 1000];
  expect(axisTimes(splits, true)).toEqual(['14:03:07']);
  expect(axisTimes(splits, false)).toEqual(['23:03:07']);
});

test('an axis over midnight names the days, and one over many days nothing else', () => {
  const every = (hours: number) =>
    axisTimes(
      [0, 1, 2].map((n) => Date.parse('2030-12-31T12:00:00Z') / 1000 + n * hours * 3600),
      true,
    );
  expect(every(5)).toEqual(['12:00:00', '17:00:00', '22:00:00']);
  expect(every(12)).toEqual(['12-31 12:00', '01-01 00:00', '01-01 12:00']);
  expect(every(48)).toEqual(['2030-12-31', '2031-01-02', '2031-01-04']);
});
