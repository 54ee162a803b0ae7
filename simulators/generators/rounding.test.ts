import { expect, it } from 'vitest';
import { rounded } from './rounding.ts';

it.each([
  [1.005, 1, 1],
  [21.456, 2, 21.46],
  [-0.001, 2, 0],
  [1e300, 2, 1e300],
  [12, 0, 12],
])('rounds %d to %d decimals', (value, decimals, expected) => {
  expect(rounded(value, decimals)).toBe(expected);
});
