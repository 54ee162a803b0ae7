import { expect, test } from 'vitest';
import type { InterfaceJson } from '../../../core/contract/interfaces.ts';
import { deviceQuery, lastContactOf, statusOf } from './devices-api.ts';

const interfaceOf = (status: InterfaceJson['status'], lastContact?: string): InterfaceJson =>
  ({ status, lastContact }) as InterfaceJson;

test('a text is looked for in names, and in ids when it has a colon', () => {
  expect(deviceQuery({ text: 'pump' })).toMatchObject({ name: '*pump*' });
  expect(deviceQuery({ text: 'pump*' })).toMatchObject({ name: 'pump*' });
  expect(deviceQuery({ text: 'nsid:pump' })).toMatchObject({ id: '*nsid:pump*' });
  expect(deviceQuery({ text: '' })).not.toHaveProperty('name');
});

test('other filters go to the API as they are', () => {
  const filter = 'property.floor=gt=1';
  expect(deviceQuery({ group: '/a/*', tags: 'x,y', status: 'ONLINE', filter, sort: '-name' })).toMatchObject({
    groupPath: '/a/*',
    tags: 'x,y',
    'interfaces.status': 'ONLINE',
    filterQuery: filter,
    sort: '-name',
  });
});

test('a device is as well as its best interface, unless one has a fault', () => {
  expect(statusOf([])).toBe('none');
  expect(statusOf([interfaceOf('OFFLINE'), interfaceOf('ONLINE')])).toBe('ONLINE');
  expect(statusOf([interfaceOf('ONLINE'), interfaceOf('CONNECTIVITY_ERROR')])).toBe('CONNECTIVITY_ERROR');
});

test('the last contact is the latest of all interfaces', () => {
  const times = [
    interfaceOf('ONLINE', '2030-01-01T00:00:00Z'),
    interfaceOf('ONLINE', '2030-01-02T00:00:00Z'),
  ];
  expect(lastContactOf(times)).toBe('2030-01-02T00:00:00Z');
  expect(lastContactOf([interfaceOf('REGISTERED')])).toBeUndefined();
});
