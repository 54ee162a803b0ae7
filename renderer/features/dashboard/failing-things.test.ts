import { expect, test } from 'vitest';
import type { HealthView } from '../../../core/contract/bench.ts';
import type { FleetView } from '../../../core/contract/simulators.ts';
import { failingThings, type Observed } from './failing-things.ts';

const fine: Observed = {
  health: { status: 'ok', store: { state: 'open', failure: null }, sms: { state: 'OFF' } } as HealthView,
  listeners: [
    { name: 'mqtt', state: 'listening' },
    { name: 'mqtts', state: 'off', reason: 'not started' },
  ],
  devicesInError: 0,
  fleets: [{ id: 'f', template: { name: 'Pumps' }, state: 'running', problem: null } as FleetView],
  refused: 0,
  lastRefusal: undefined,
};

test('nothing fails, also not what is off or not known yet', () => {
  expect(failingThings(fine)).toEqual([]);
  expect(failingThings({ ...fine, health: undefined })).toEqual([]);
});

test('each thing that fails is named with its reason, the worst first', () => {
  expect(
    failingThings({
      health: {
        ...{ status: 'degraded', store: { state: 'full', failure: 'no space left' } },
        sms: { state: 'WAITING', reason: 'refused' },
      } as HealthView,
      listeners: [{ name: 'mqtts', state: 'failing', reason: 'no shared cipher' }],
      devicesInError: 2,
      fleets: [{ id: 'f', template: { name: 'Pumps' }, state: 'failed', problem: 'no key' } as FleetView],
      refused: 7,
      lastRefusal: 'no JSON',
    }),
  ).toEqual([
    { kind: 'store', full: true, reason: 'no space left' },
    { kind: 'endpoint', name: 'mqtts', reason: 'no shared cipher' },
    { kind: 'centre', reason: 'refused' },
    { kind: 'fleet', id: 'f', name: 'Pumps', reason: 'no key' },
    { kind: 'devices', total: 2 },
    { kind: 'refused', total: 7, reason: 'no JSON' },
  ]);
});
