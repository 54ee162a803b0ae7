import { expect, test } from 'vitest';
import type { DataMessage } from '../../api/data-message.ts';
import { numericFields, numericPaths, otherFields } from './numeric-fields.ts';

const at = (timestamp: string, value: Record<string, unknown>): DataMessage => ({
  id: timestamp,
  streamId: 's',
  created: timestamp,
  timestamp,
  value,
});

test('finds numbers at any depth, not in lists', () => {
  expect(numericPaths({ temp: 1, on: true, gps: { speed: 2 }, list: [3], name: '4' })).toEqual([
    'temp',
    'gps.speed',
  ]);
});

test('makes one ascending series for each field', () => {
  const messages = [at('1970-01-01T00:00:20.000Z', { a: 2, b: 9 }), at('1970-01-01T00:00:10.000Z', { a: 1 })];
  expect(numericFields(messages)).toEqual([
    { path: 'a', times: [10, 20], values: [1, 2] },
    { path: 'b', times: [20], values: [9] },
  ]);
});

test('what cannot be charted is told as text', () => {
  const value = { level: 2, state: 'open', door: { locked: false, codes: [1, 2] }, none: null };
  expect(otherFields(value)).toEqual([
    { path: 'state', text: 'open' },
    { path: 'door.locked', text: 'false' },
    { path: 'door.codes', text: '[1,2]' },
    { path: 'none', text: 'null' },
  ]);
  expect(otherFields(undefined)).toEqual([]);
});
