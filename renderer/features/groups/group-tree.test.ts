import { expect, test } from 'vitest';
import type { GroupJson } from '../../../core/contract/groups.ts';
import { treeMove } from '../../ui/tree-move.ts';
import { groupLines } from './group-tree.ts';

const group = (id: string, parentId?: string): GroupJson => ({
  id,
  path: `/${id}`,
  created: '2030-01-01T00:00:00Z',
  updated: '2030-01-01T00:00:00Z',
  ...(parentId === undefined ? {} : { pathNode: id, parentId }),
});
const groups = [
  group('root'),
  group('hall 10', 'root'),
  group('hall 2', 'root'),
  group('line', 'hall 2'),
  group('cell', 'line'),
];
const lines = groupLines(groups, new Set());
const names = (closed: string[]) => groupLines(groups, new Set(closed)).map(({ group: { id } }) => id);

test('every group stands below its parent, siblings in the order of their names', () => {
  expect(lines.map(({ group: { id }, level }) => `${level} ${id}`)).toEqual([
    '1 root',
    '2 hall 2',
    '3 line',
    '4 cell',
    '2 hall 10',
  ]);
});

test('a closed group hides all that is below it', () => {
  expect(names(['hall 2'])).toEqual(['root', 'hall 2', 'hall 10']);
  expect(names(['root'])).toEqual(['root']);
});

test.each([
  ['ArrowDown', 0, { focus: 1 }],
  ['ArrowDown', 4, { focus: 4 }],
  ['ArrowUp', 0, { focus: 0 }],
  ['Home', 3, { focus: 0 }],
  ['End', 0, { focus: 4 }],
  ['ArrowRight', 1, { focus: 2 }],
  ['ArrowRight', 3, undefined],
  ['ArrowLeft', 1, { toggle: 1 }],
  ['ArrowLeft', 3, { focus: 2 }],
  ['ArrowLeft', 4, { focus: 0 }],
  ['a', 0, undefined],
])('%s on line %i', (key, active, move) => {
  expect(treeMove(key, active, lines)).toEqual(move);
});

test('a closed group opens before it is entered, and a leaf at the top goes nowhere', () => {
  const closed = groupLines(groups, new Set(['hall 2']));
  expect(treeMove('ArrowRight', 1, closed)).toEqual({ toggle: 1 });
  expect(treeMove('ArrowLeft', 0, groupLines([group('root')], new Set()))).toBeUndefined();
  expect(treeMove('Home', 0, [])).toBeUndefined();
});
