import { describe, expect, it } from 'vitest';
import { type TwinOperationStatus, twinOperationStatuses } from '../contract/twin.ts';
import fc from '../testing/properties.ts';
import { afterEvent, newOperationState, type OperationRecord } from './operation-record.ts';
import { isFinal, nextStatus, type OperationEvent, operationEvents } from './operation-state.ts';

/** The drawing of docs/twin.md, edge by edge. */
const drawn = [
  'PENDING begin SENT',
  'PENDING fail FAILED',
  'PENDING expire EXPIRED',
  'PENDING cancel CANCELLED',
  'RETRYING begin SENT',
  'RETRYING fail FAILED',
  'RETRYING expire EXPIRED',
  'RETRYING cancel CANCELLED',
  'SENT complete OK',
  'SENT retry RETRYING',
  'SENT putBack PENDING',
  'SENT fail FAILED',
  'SENT expire EXPIRED',
];

describe('states of an operation of a twin (manual 7.8.6.4)', () => {
  it('change along the drawn edges and no others', () => {
    const edges = twinOperationStatuses.flatMap((from) =>
      operationEvents.flatMap((event) => {
        const to = nextStatus(from, event);
        return to === undefined ? [] : [`${from} ${event} ${to}`];
      }),
    );
    expect(edges.sort()).toEqual([...drawn].sort());
  });

  it('end in OK, FAILED, EXPIRED and CANCELLED', () => {
    const final: TwinOperationStatus[] = ['CANCELLED', 'EXPIRED', 'FAILED', 'OK'];
    expect(twinOperationStatuses.filter(isFinal).sort()).toEqual(final);
  });

  it('can never change in another way, whatever happens in whatever order', () => {
    const events = fc.array(fc.constantFrom<OperationEvent>(...operationEvents), { maxLength: 60 });
    fc.assert(
      fc.property(events, (happenings) => {
        let record: OperationRecord = {
          ...{ seq: 1, id: 'a', createdMs: 0, state: newOperationState(0) },
          request: { type: 'READ', paths: ['/3'] },
        };
        for (const [index, event] of happenings.entries()) {
          const { status } = record.state;
          const after = afterEvent(record, event, index + 1);
          if (after) expect(drawn).toContain(`${status} ${event} ${after.state.status}`);
          else expect(drawn.some((edge) => edge.startsWith(`${status} ${event} `))).toBe(false);
          if (isFinal(status)) expect(after).toBeUndefined();
          record = after ?? record;
        }
      }),
    );
  });
});
