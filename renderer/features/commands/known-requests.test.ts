import { expect, it } from 'vitest';
import type { CommandJson } from '../../../core/contract/commands.ts';
import { firstValue, knownRequests } from './known-requests.ts';

const command = (connector: string, value: object): CommandJson =>
  ({ request: { connector, value } }) as unknown as CommandJson;

const sent = [
  command('mqtt', { req: 'buzz', arg: { freqHz: 800 } }),
  command('x-connector', { req: 'other' }),
  command('mqtt', { req: 'reboot', arg: {} }),
  command('mqtt', { req: 'buzz', arg: { freqHz: 1 } }),
];

it('names each request over MQTT once, as it was sent last', () => {
  expect(knownRequests(sent)).toEqual([
    { req: 'buzz', arg: { freqHz: 800 } },
    { req: 'reboot', arg: {} },
  ]);
  expect(knownRequests([])).toEqual([]);
});

it('begins with what was sent last over the connector', () => {
  expect(JSON.parse(firstValue('x-connector', sent))).toEqual({ req: 'other' });
  expect(JSON.parse(firstValue('x-connector', []))).toEqual({});
  expect(JSON.parse(firstValue('mqtt', []))).toEqual({ req: '', arg: {} });
});
