import { expect, test } from 'vitest';
import type { GroupJson } from '../../../core/contract/groups.ts';
import { groupCounts, isWithin } from './group-counts.ts';

const times = { created: '2030-01-01T00:00:00Z', updated: '2030-01-01T00:00:00Z' };
const groups: GroupJson[] = ['/', '/a', '/a/b', '/ab'].map((path) => ({ id: path, path, ...times }));
const counted = (devices: number) =>
  groupCounts(groups, {
    devices,
    fieldAggregation: [
      { value: '/a/b', count: 5 },
      { value: '/', count: 2 },
      { value: '/ab', count: 1 },
    ],
  });

test('a group counts what is below it, and not what only begins alike', () => {
  expect(Object.fromEntries(counted(8).byId)).toEqual({
    '/': { own: 2, all: 8 },
    '/a': { own: 0, all: 5 },
    '/a/b': { own: 5, all: 5 },
    '/ab': { own: 1, all: 1 },
  });
});

test('devices that no answer named make the figures the least there can be', () => {
  expect(counted(8).exact).toBe(true);
  expect(counted(9).exact).toBe(false);
});

test.each([
  ['/a/b', '/a', true],
  ['/ab', '/a', false],
  ['/a', '/a', true],
  ['/a', '/', true],
])('%s within %s: %s', (path, above, within) => {
  expect(isWithin(path, above)).toBe(within);
});
