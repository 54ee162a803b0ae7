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
