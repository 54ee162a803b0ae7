import { expect, test } from 'vitest';
import { nextRow } from './next-row.ts';

test.each([
  ['ArrowDown', 3, 4],
  ['ArrowDown', 9, 9],
  ['ArrowUp', 0, 0],
  ['PageDown', 3, 8],
  ['PageUp', 3, 0],
  ['Home', 5, 0],
  ['End', 5, 9],
  ['a', 5, undefined],
])('%s from row %i', (key, active, expected) => {
  expect(nextRow(key, { active, rows: 10, page: 5 })).toBe(expected);
});

test('nothing to move to in an empty table', () => {
  expect(nextRow('End', { active: 0, rows: 0, page: 5 })).toBeUndefined();
});
