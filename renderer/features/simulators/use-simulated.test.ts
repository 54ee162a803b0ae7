import { expect, test } from 'vitest';
import type { FleetView } from '../../../core/contract/simulators.ts';
import { numberOf } from './use-simulated.ts';

const fleet = (idPattern: string, devices: number): FleetView =>
  ({ template: { idPattern }, devices }) as FleetView;

test.each([
  ['urn:lo:nsid:sim:device-{n}', 20, 'urn:lo:nsid:sim:device-12', 12],
  ['hall2-{n}-a', 20, 'hall2-7-a', 7],
  ['hall2-{n}-a', 20, 'hall2-2-a', 2],
  ['only', 1, 'only', 1],
  ['urn:lo:nsid:sim:device-{n}', 20, 'urn:lo:nsid:sim:device-21', undefined],
  ['urn:lo:nsid:sim:device-{n}', 20, 'urn:lo:nsid:sim:other-2', undefined],
  ['urn:lo:nsid:sim:device-{n}', 20, 'urn:lo:nsid:sim:device-02', undefined],
])('pattern %s, %i devices, client id %s: number %s', (pattern, devices, clientId, number) => {
  expect(numberOf(fleet(pattern, devices), clientId)).toBe(number);
});
