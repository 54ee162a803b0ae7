import { expect, test } from 'vitest';
import { roles } from '../../../core/contract/roles.ts';
import { groupRoles } from './role-groups.ts';

test('every role stands in one group', () => {
  const grouped = groupRoles().flatMap(({ read, write, single }) => [read, write, single]);
  expect(grouped.filter((role) => role !== undefined).sort()).toEqual([...roles].sort());
});

test('reading and writing stand together', () => {
  expect(groupRoles().find(({ area }) => area === 'BUS')).toEqual({
    area: 'BUS',
    read: 'BUS_R',
    write: 'BUS_W',
    single: undefined,
  });
  expect(groupRoles().find(({ area }) => area === 'LOGS')?.write).toBeUndefined();
});
