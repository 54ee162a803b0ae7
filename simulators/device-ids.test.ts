import { expect, it } from 'vitest';
import { clientIdOf, deviceIdOf } from './device-ids.ts';

it('puts the number into the pattern wherever it asks for it', () => {
  expect(clientIdOf('urn:lo:nsid:sim:room-{n}', 12)).toBe('urn:lo:nsid:sim:room-12');
  expect(clientIdOf('{n}-of-{n}', 3)).toBe('3-of-3');
});

it('knows the device of a client id', () => {
  expect(deviceIdOf('urn:lo:nsid:sim:room-1')).toBe('urn:lo:nsid:sim:room-1');
  expect(deviceIdOf('room-1')).toBe('urn:lo:nsid:mqtt:room-1');
});
