// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import type { TraceView } from '../../../core/contract/trace.ts';
import { firstPayloadOf } from './first-payload.ts';
import { traceOf } from './publish-api.ts';

const trace = (traceId: string, text: string, more: Partial<TraceView> = {}): TraceView => ({
  traceId,
  messageId: null,
  streamId: null,
  connector: 'mqtt',
  sender: 'd',
  deviceId: null,
  simulated: false,
  target: 'dev/data',
  received: '2030-01-01T00:00:00.000Z',
  outcome: 'ok',
  payload: { bytes: text.length, truncated: false, hex: '', text },
  steps: [],
  ...more,
});

test('the trace of a publication is the first one like it that came after the last known one', () => {
  const newest = [trace('4', 'x'), trace('3', 'other'), trace('2', 'x'), trace('1', 'x')];
  expect(traceOf(newest, '1', 'dev/data', 'x')?.traceId).toBe('2');
  expect(traceOf(newest, '2', 'dev/data', 'x')?.traceId).toBe('4');
  expect(traceOf(newest, '4', 'dev/data', 'x')).toBeUndefined();
  expect(traceOf(newest, undefined, 'dev/data', 'x')?.traceId).toBe('1');
  expect(traceOf(newest, '1', 'dev/cfg', 'x')).toBeUndefined();
});

test('of a long payload the trace has the beginning', () => {
  const cut = trace('1', 'long', { payload: { bytes: 9, truncated: true, hex: '', text: 'long' } });
  expect(traceOf([cut], undefined, 'dev/data', 'long text')?.traceId).toBe('1');
  expect(traceOf([cut], undefined, 'dev/data', 'short')).toBeUndefined();
});

test('begins with what the device said last, else with an example', () => {
  expect(JSON.parse(firstPayloadOf(undefined))).toHaveProperty('value');
  expect(JSON.parse(firstPayloadOf({ model: 'v1', value: { rpm: 3 } }))).toEqual({
    model: 'v1',
    value: { rpm: 3 },
  });
  expect(JSON.parse(firstPayloadOf({ value: { rpm: 3 } }))).toEqual({ value: { rpm: 3 } });
});
