import { expect, test } from 'vitest';
import type { CoapLogEntry } from '../../../core/contract/coap-log.ts';
import { fits, isFailure, joinEntries, payloadLine } from './coap-rows.ts';

const entry = (id: number, more: Partial<CoapLogEntry> = {}): CoapLogEntry => ({
  ...{
    id: String(id),
    time: '2026-01-01T00:00:00.000Z',
    server: 'lwm2m',
    protocol: 'coap',
    peer: '127.0.0.1:1',
  },
  ...{ direction: 'in', summary: 'CON POST /rd', bytes: 4, raw: '40020001' },
  ...more,
});
const coap = { type: 'ACK', code: '4.04 Not Found', messageId: 1, token: '', options: [] } as const;

test('joins what was read with what came, in the order of ids as numbers, the live one over the read one', () => {
  const joined = joinEntries([entry(9), entry(8)], [entry(10), entry(9, { traceId: 't' })]);
  expect(joined.map(({ id, traceId }) => [id, traceId])).toEqual([
    ['10', undefined],
    ['9', 't'],
    ['8', undefined],
  ]);
});

test('filters by protocol, direction, failure and any text', () => {
  const failed = entry(1, { coap: { ...coap, options: [] } });
  const alert = entry(2, { protocol: 'dtls', direction: 'out', summary: 'Alert fatal bad_record_mac' });
  const all = [entry(3), alert, failed];
  const ids = (filter: Parameters<typeof fits>[1]) =>
    all.filter((each) => fits(each, filter)).map(({ id }) => id);
  expect(ids({})).toEqual(['3', '2', '1']);
  expect(ids({ protocol: 'dtls' })).toEqual(['2']);
  expect(ids({ direction: 'in' })).toEqual(['3', '1']);
  expect(ids({ failures: true })).toEqual(['2', '1']);
  expect(ids({ text: 'not FOUND' })).toEqual(['1']);
  expect([isFailure(entry(4, { error: 'cut off' })), isFailure(entry(4))]).toEqual([true, false]);
});

test('tells a payload in a line by the names of its values', () => {
  const values = [{ path: '/3/0/9', name: 'Device / Battery Level', type: 'INTEGER', value: 80 }];
  const payload = { bytes: 1, values };
  expect(payloadLine(entry(1, { coap: { ...coap, options: [], payload } }))).toBe(
    'Device / Battery Level = 80',
  );
  expect(payloadLine(entry(1))).toBe('');
});
