import { describe, expect, it } from 'vitest';
import { type CommandStatus, commandStatuses, deliveryStatuses } from '../contract/commands.ts';
import fc from '../testing/properties.ts';
import { afterDelivery, afterEvent, type CommandRecord, newState } from './command-record.ts';
import { type CommandEvent, commandEvents, isFinal, nextStatus } from './command-state.ts';

/** The drawing of docs/commands.md, edge by edge. */
const drawn = [
  'PENDING begin PROCESSING',
  'PENDING expire EXPIRED',
  'PENDING cancel CANCELED',
  'PENDING forceCancel CANCELED',
  'RETRYING begin PROCESSING',
  'RETRYING expire EXPIRED',
  'RETRYING cancel CANCELED',
  'RETRYING forceCancel CANCELED',
  'RETRYING complete PROCESSED',
  'PROCESSING complete PROCESSED',
  'PROCESSING retry RETRYING',
  'PROCESSING putBack PENDING',
  'PROCESSING fail ERROR',
  'PROCESSING forceCancel CANCELED',
];

describe('states of a command (manual 8.3.2)', () => {
  it('change along the drawn edges and no others', () => {
    const edges = commandStatuses.flatMap((from) =>
      commandEvents.flatMap((event) => {
        const to = nextStatus(from, event);
        return to === undefined ? [] : [`${from} ${event} ${to}`];
      }),
    );
    expect(edges.sort()).toEqual([...drawn].sort());
  });

  it('end in PROCESSED, ERROR, EXPIRED and CANCELED', () => {
    expect(commandStatuses.filter(isFinal).sort()).toEqual(['CANCELED', 'ERROR', 'EXPIRED', 'PROCESSED']);
  });

  it('can never change in another way, whatever happens in whatever order', () => {
    const event = fc.constantFrom<CommandEvent>(...commandEvents);
    const delivery = fc.constantFrom(...deliveryStatuses);
    fc.assert(
      fc.property(fc.array(fc.oneof(event, delivery), { maxLength: 60 }), (happenings) => {
        let record = newRecord();
        for (const [index, happening] of happenings.entries()) {
          const before = record;
          const nowMs = index * 1000;
          if (isDelivery(happening)) {
            const after = afterDelivery(before, happening, nowMs);
            if (after) {
              expect(before.state.status).toBe('PROCESSING');
              expect(after.state.status).toBe('PROCESSING');
            }
            record = after ?? before;
          } else {
            const after = afterEvent(before, happening, nowMs);
            const edge = `${before.state.status} ${happening} ${after?.state.status}`;
            if (after) expect(drawn).toContain(edge);
            else
              expect(drawn.some((each) => each.startsWith(`${before.state.status} ${happening} `))).toBe(
                false,
              );
            record = after ?? before;
          }
          if (isFinal(before.state.status)) expect(record).toBe(before);
        }
        // What the history tells is a walk along the edges too.
        const walked = record.state.history.map(({ status }) => status);
        expect(walked[0]).toBe('PENDING');
        for (let index = 1; index < walked.length; index++) {
          expectStep(walked[index - 1] as CommandStatus, walked[index] as CommandStatus);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the first and the newest of a long history', () => {
    let record = newRecord();
    for (let round = 0; round < 500; round++) {
      record = afterEvent(record, 'begin', round * 2) ?? record;
      record = afterEvent(record, 'putBack', round * 2 + 1) ?? record;
    }
    expect(record.state.history).toHaveLength(100);
    expect(record.state.history[0]?.timestamp).toBe('1970-01-01T00:00:00.000Z');
    expect(record.state.history.at(-1)?.timestamp).toBe('1970-01-01T00:00:00.999Z');
  });
});

function expectStep(from: CommandStatus, to: CommandStatus): void {
  if (from === 'PROCESSING' && to === 'PROCESSING') return;
  expect(drawn.some((edge) => edge.startsWith(`${from} `) && edge.endsWith(` ${to}`))).toBe(true);
}

function isDelivery(happening: string): happening is (typeof deliveryStatuses)[number] {
  return (deliveryStatuses as readonly string[]).includes(happening);
}

function newRecord(): CommandRecord {
  return {
    seq: 1,
    id: '0',
    tenantId: 't',
    deviceId: 'd',
    connector: 'mqtt',
    value: {},
    policy: { expirationInSeconds: 10, ackTimeoutInSeconds: 10, ackMode: 'APPLICATIVE', attempts: 5 },
    createdMs: 0,
    state: newState(0),
  };
}
