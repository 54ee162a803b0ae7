import { expect, test } from 'vitest';
import type { TraceView } from '../../../core/contract/trace.ts';
import type { DataMessage } from '../../api/data-message.ts';
import { hasFilters, rowMatcher } from './message-filter.ts';
import { rowOfEntry, rowOfMessage, rowOfTrace, summaryOf } from './message-row.ts';

const message: DataMessage = {
  id: 'a1',
  streamId: 'urn:lo:nsid:demo:pump',
  timestamp: '2030-01-01T00:00:00.000Z',
  created: '2030-01-01T00:00:00.120Z',
  model: 'pump_v1',
  value: { temp: 21.5, state: 'open', nested: { deep: 'Treasure' } },
  tags: ['lab'],
  extra: { simulated: 'true' },
  metadata: { source: 'urn:lo:nsid:demo:pump', connector: 'mqtt' },
};
const refusal = {
  channel: 'refusals' as const,
  traceId: 'refused-x-0',
  time: '2030-01-01T00:00:01.000Z',
  connector: 'mqtt',
  sender: 'urn:lo:nsid:demo:bad',
  simulated: false,
  target: 'dev/data',
  reason: 'not JSON: unexpected end',
};
const refused = rowOfEntry({ kind: 'refusal', key: refusal.traceId, refusal });
const stored = rowOfMessage(message);

test('a row shows when a message was stored, by whom, and its value in one line', () => {
  expect(stored).toMatchObject({
    time: '2030-01-01T00:00:00.120Z',
    device: 'urn:lo:nsid:demo:pump',
    connector: 'mqtt',
    simulated: true,
    summary: 'temp 21.5 · state open · nested {"deep":"Treasure"}',
  });
});

test('a refused publication shows its reason, its device, and whether that is simulated', () => {
  const of = { ...refusal, deviceId: 'urn:lo:nsid:demo:bad', simulated: true };
  expect(rowOfEntry({ kind: 'refusal', key: of.traceId, refusal: of })).toMatchObject({
    ...{ device: 'urn:lo:nsid:demo:bad', simulated: true },
  });
  expect(refused).toMatchObject({ refused: true, summary: 'not JSON: unexpected end', stream: undefined });
});

test('the row of an entry is made once', () => {
  const entry = { kind: 'message' as const, key: message.id, message };
  expect(rowOfEntry(entry)).toBe(rowOfEntry(entry));
});

test('a trace of before becomes a row, with the reason when it was refused', () => {
  const trace = {
    traceId: 'refused-x-0',
    messageId: null,
    streamId: null,
    deviceId: 'urn:lo:nsid:demo:bad',
    simulated: true,
    connector: 'mqtt',
    sender: 'urn:lo:nsid:demo:bad',
    received: refusal.time,
    payload: { bytes: 1, truncated: false, hex: '7b', text: '{' },
    steps: [
      { stage: 'wire', outcome: 'ok', reason: 'sent 1 bytes' },
      { stage: 'validate', outcome: 'rejected', reason: 'not JSON' },
    ],
  } as unknown as TraceView;
  expect(rowOfTrace(trace)).toMatchObject({
    ...{ refused: true, summary: 'not JSON', device: 'urn:lo:nsid:demo:bad', simulated: true },
  });
  expect(rowOfTrace({ ...trace, messageId: 'a1' })).toMatchObject({ refused: false, summary: '{' });
});

test('a long value is cut', () => {
  expect(summaryOf({ a: 'x'.repeat(1000), b: 1 }).length).toBeLessThan(310);
  expect(summaryOf(undefined)).toBe('');
});

test.each([
  [{}, true, true],
  [{ show: 'refused' }, false, true],
  [{ show: 'stored' }, true, false],
  [{ device: 'PUMP' }, true, false],
  [{ connector: 'lora' }, false, false],
  [{ tag: 'lab' }, true, false],
  [{ tag: 'la' }, false, false],
  [{ model: 'pump' }, true, false],
  [{ text: 'treasure' }, true, false],
  [{ text: 'not json' }, false, true],
  [{ text: '21.5', tag: 'other' }, false, false],
])('filters %j', (filters, storedMatches, refusedMatches) => {
  const matches = rowMatcher(filters);
  expect(matches(stored)).toBe(storedMatches);
  expect(matches(refused)).toBe(refusedMatches);
});

test('knows whether anything is filtered', () => {
  expect(hasFilters({ text: undefined })).toBe(false);
  expect(hasFilters({ tag: 'a' })).toBe(true);
});
