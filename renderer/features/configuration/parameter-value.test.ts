import { expect, it } from 'vitest';
import { parameterValue, problemsOf } from './parameter-value.ts';

it.each([
  ['INT32', '-5', -5],
  ['UINT32', '4294967295', 4_294_967_295],
  ['FLOAT', '1e3', 1000],
  ['FLOAT', 'warm', 'warm'],
  ['INT32', '', ''],
  ['STRING', '5', '5'],
  ['BINARY', 'AA==', 'AA=='],
] as const)('%s %j is %j', (type, text, expected) => {
  expect(parameterValue({ type, text })).toBe(expected);
});

it('finds what the API would refuse', () => {
  expect(problemsOf({ key: 'period', type: 'INT32', text: '60' })).toEqual({});
  expect(problemsOf({ key: '', type: 'INT32', text: '1.5' })).toEqual({
    key: expect.stringContaining('empty'),
    value: expect.stringContaining('whole number'),
  });
  expect(problemsOf({ key: 'a', type: 'BINARY', text: '?' })).toEqual({
    value: expect.stringContaining('Base64'),
  });
});
