import { expect, test } from 'vitest';
import { validityOf } from './validity.ts';

const dayMs = 24 * 3600 * 1000;
const certificate = { notBefore: 10 * dayMs, notAfter: 100 * dayMs };

test.each([
  [9, 'notYet', 91],
  [10, 'valid', 90],
  [70, 'valid', 30],
  [70.5, 'soon', 29],
  [100, 'soon', 0],
  [100.5, 'expired', 0],
] as const)('on day %d it is %s', (day, state, days) => {
  expect(validityOf(certificate, day * dayMs)).toEqual({ state, days });
});
