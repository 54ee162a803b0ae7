import { expect, test } from 'vitest';
import type { InterfaceJson } from '../../../core/contract/interfaces.ts';
import { lastContactOf, statusOf } from './devices-api.ts';

const interfaceOf = (status: InterfaceJson['status'], lastContact?: string): InterfaceJson =>
  ({ status, lastContact }) as InterfaceJson;

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
