import { describe, expect, it } from 'vitest';
import { type ConfigValue, type SyncStatus, syncStatuses } from '../contract/configuration.ts';
import fc from '../testing/properties.ts';
import {
  afterCancel,
  afterLoss,
  afterReport,
  afterRequest,
  afterSend,
  type ConfigurationRecord,
  newConfiguration,
  sameValue,
} from './configuration-record.ts';
import { isOpen, nextSyncStatus, syncEvents } from './sync-state.ts';

/** The drawing of docs/configuration.md, edge by edge. */
const drawn = [
  ...['NONE request PENDING', 'NONE requestMet OK'],
  ...['PENDING request PENDING', 'PENDING requestMet OK', 'PENDING send SENT', 'PENDING match OK'],
  ...['PENDING cancel CANCELED', 'PENDING forceCancel CANCELED'],
  ...['SENT request PENDING', 'SENT lost PENDING', 'SENT match OK', 'SENT refuse FAILED'],
  ...['SENT giveUp FAILED', 'SENT forceCancel CANCELED'],
  ...['OK request PENDING', 'OK requestMet OK', 'OK match OK', 'OK drift PENDING'],
  ...['FAILED request PENDING', 'FAILED requestMet OK', 'FAILED match OK'],
  ...['CANCELED request PENDING', 'CANCELED requestMet OK'],
];

const at = (atMs: number) => ({ giveUpMs: atMs + 1000, connector: 'mqtt' as const, nodeId: 'n' });
const int = (value: number): ConfigValue => ({ type: 'INT32', value });

describe('states of a configuration parameter (manual 8.2.1)', () => {
  it('change along the drawn edges and no others', () => {
    const edges = syncStatuses.flatMap((from) =>
      syncEvents.flatMap((event) => {
        const to = nextSyncStatus(from, event);
        return to === undefined ? [] : [`${from} ${event} ${to}`];
      }),
    );
    expect(edges.sort()).toEqual([...drawn].sort());
  });

  it('leave something to do while they are PENDING or SENT', () => {
    expect(syncStatuses.filter(isOpen)).toEqual(['PENDING', 'SENT']);
  });

  it('say what is true, whatever happens in whatever order', () => {
    const happening = fc.record({
      what: fc.constantFrom(
        'request',
        'report',
        'answer',
        'stale',
        'send',
        'lost',
        'giveUp',
        'cancel',
        'force',
      ),
      value: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        let record: ConfigurationRecord = newConfiguration(1);
        for (const [index, { what, value }] of happenings.entries()) {
          const before: SyncStatus = record.parameters.get('p')?.status ?? 'NONE';
          record = happen(record, what, value, index);
          const parameter = record.parameters.get('p');
          const after = parameter?.status ?? 'NONE';
          if (after !== before)
            expect(drawn.some((edge) => edge.startsWith(`${before} `) && edge.endsWith(` ${after}`))).toBe(
              true,
            );
          const { requested, reported, delivery } = parameter ?? {};
          // NONE is what nobody asked for; OK is what the device has said that it has.
          expect(after === 'NONE').toBe(requested === undefined);
          if (after === 'OK') expect(requested && reported && sameValue(requested, reported)).toBe(true);
          if (after === 'SENT') expect(delivery?.correlation).toBeGreaterThan(0);
        }
      }),
    );
  });
});

function happen(
  record: ConfigurationRecord,
  what: string,
  value: number,
  nowMs: number,
): ConfigurationRecord {
  const values = new Map([['p', int(value)]]);
  switch (what) {
    case 'request':
      return afterRequest(record, { p: int(value) }, nowMs).record;
    case 'report':
      return afterReport(record, values, undefined, nowMs).record;
    case 'answer':
      return afterReport(record, values, record.correlation, nowMs).record;
    case 'stale':
      return afterReport(record, values, record.correlation - 1, nowMs).record;
    case 'send':
      return afterSend(record, { ...at(nowMs), correlation: record.correlation + 1 }).record;
    case 'lost':
    case 'giveUp':
      return afterLoss(record, () => true, { event: what, counted: true }).record;
    default:
      return afterCancel(record, 'p', { force: what === 'force' })?.record ?? record;
  }
}

describe('values', () => {
  it.each([
    ['FLOAT', 1, 'FLOAT', 1.0, true],
    ['INT32', 1, 'UINT32', 1, false],
    ['BINARY', 'Nzg3ODY4Ng==', 'BINARY', 'Nzg3ODY4Ng', true],
    ['STRING', 'a=', 'STRING', 'a', false],
    ['BINARY', true, 'BINARY', 'true', false],
  ] as const)('%s %s and %s %s are the same: %s', (type, value, otherType, other, same) => {
    expect(sameValue({ type, value }, { type: otherType, value: other })).toBe(same);
  });

  it('asks again for what the device was sent and did not confirm, though it had it before', () => {
    let { record } = afterReport(newConfiguration(1), new Map([['p', int(1)]]), undefined, 0);
    record = afterRequest(record, { p: int(2) }, 1).record;
    record = afterSend(record, { ...at(1), correlation: 7 }).record;
    record = afterRequest(record, { p: int(1) }, 2).record;
    expect(record.parameters.get('p')?.status).toBe('PENDING');
  });
});
