import { expect, test } from 'vitest';
import { roles } from '../../../core/contract/roles.ts';
import { groupRoles, presetOf, presets } from './role-groups.ts';

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

test('a preset is known by its roles, in any order', () => {
  expect(presetOf([...presets.application].reverse())).toBe('application');
  expect(presetOf(['DEVICE_ACCESS'])).toBe('device');
  expect(presetOf(['DEVICE_ACCESS', 'DATA_R'])).toBe('custom');
});
