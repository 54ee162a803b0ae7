import { expect, test } from 'vitest';
import type { DeviceJson } from '../../../../core/contract/devices.ts';
import { changeOf, type DeviceForm, deviceProblems, toDeviceForm, toNewDevice } from './device-form-model.ts';

const device: DeviceJson = {
  id: 'urn:lo:nsid:a:1',
  name: 'Pump',
  tags: ['x'],
  properties: { site: 'north' },
  group: { id: 'abc', path: '/north' },
  staticLocation: { lat: 1, lon: 2, alt: 3 },
};
const words = { needed: 'needed', twice: 'twice' };
const form = (change: Partial<DeviceForm>): DeviceForm => ({ ...toDeviceForm(device), ...change });
const problems = (change: Partial<DeviceForm>) =>
  Object.fromEntries(deviceProblems(device, form(change), words));

test('a form that nobody touched changes nothing', () => {
  expect(changeOf(device, toDeviceForm(device))).toEqual({});
});

test('only what is different is sent, and what was emptied is taken away', () => {
  expect(changeOf(device, form({ name: '', tags: ['x', 'y'] }))).toEqual({ name: null, tags: ['x', 'y'] });
  expect(changeOf(device, form({ lat: '', lon: '', alt: '' }))).toEqual({ staticLocation: null });
  expect(changeOf(device, form({ alt: '' }))).toEqual({ staticLocation: { lat: 1, lon: 2 } });
  expect(changeOf(device, form({ groupId: 'root' }))).toEqual({ group: { id: 'root' } });
});

test.each([
  [{ id: 'pump' }, ['id']],
  [{ lat: '' }, ['staticLocation.lat']],
  [{ lat: 91 }, ['staticLocation.lat']],
  [{ tags: ['x'.repeat(33)] }, ['tags.0']],
  [{ properties: [{ name: 'a.b', value: '1' }] }, ['properties.a.b']],
  [{ properties: [{ name: 'a', value: 'x'.repeat(257) }] }, ['properties.a']],
] as const)('%j does not fit at %j', (change, paths) => {
  expect(Object.keys(problems(change))).toEqual(paths);
});

test('a property that is there twice is told, and a missing number is needed', () => {
  const twice = [
    { name: 'a', value: '1' },
    { name: 'a', value: '2' },
  ];
  expect(problems({ properties: twice })).toEqual({ 'properties.a': 'twice' });
  expect(problems({ lon: '' })).toEqual({ 'staticLocation.lon': 'needed' });
  expect(problems({ properties: [{ name: 'a.b', value: '1' }] })['properties.a.b']).toContain(
    'must not hold',
  );
});

test('a new device leaves out what is empty', () => {
  expect(toNewDevice({ ...toDeviceForm(), id: device.id })).toEqual({
    id: device.id,
    tags: [],
    properties: {},
    group: { id: 'root' },
  });
});
