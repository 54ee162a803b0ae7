import { expect, it } from 'vitest';
import { devEuiOf, hasRoomFor } from './dev-eui.ts';

it.each([
  ['02F1EE7B{n}', 1, '02F1EE7B00000001'],
  ['02f1ee7b{n}', 255, '02F1EE7B000000FF'],
  ['{n}', 4096, '0000000000001000'],
  ['0123456789abcdef', 1, '0123456789ABCDEF'],
])('%s of device %i is %s', (pattern, number, wanted) => {
  expect(devEuiOf(pattern, number)).toBe(wanted);
});

it('knows when numbers have no room', () => {
  expect(hasRoomFor('0123456789abcd{n}', 255)).toBe(true);
  expect(hasRoomFor('0123456789abcd{n}', 256)).toBe(false);
});
