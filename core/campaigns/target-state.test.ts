import { describe, expect, it } from 'vitest';
import fc from '../testing/properties.ts';
import {
  afterBegin,
  afterEnd,
  afterStanding,
  isFinal,
  nextOperation,
  notStarted,
  openOperation,
  type Standing,
  type TargetState,
} from './target-state.ts';

const error = { origin: 'DEVICE', code: 'NO' } as const;
const standings: Standing[] = [
  { status: 'pending' },
  { status: 'inProgress' },
  { status: 'success' },
  { status: 'canceled' },
  { status: 'failure', error },
];

/** Begins what is next and lets these things happen to it. */
function play(
  steps: readonly Standing['status'][],
  { operations = 2, maxRetry = 1, goesOn = true } = {},
): TargetState {
  let state: TargetState = notStarted;
  for (const [index, status] of steps.entries()) {
    const next = openOperation(state) ? undefined : nextOperation(state, operations);
    if (next) state = afterBegin(state, next, `op${index}`, index);
    const standing = standings.find((each) => each.status === status) as Standing;
    state = afterStanding(state, standing, { operations, maxRetry, goesOn }, index) ?? state;
  }
  return state;
}

describe('a device in a campaign', () => {
  it.each([
    [['pending'], 'pending'],
    [['pending', 'inProgress'], 'inProgress'],
    [['inProgress', 'pending'], 'inProgress'],
    [['success'], 'inProgress'],
    [['success', 'success'], 'success'],
    [['success', 'pending'], 'inProgress'],
    [['canceled'], 'canceled'],
    [['failure'], 'inProgress'],
    [['failure', 'success', 'success'], 'success'],
    [['failure', 'failure'], 'failure'],
    [['success', 'failure', 'failure'], 'failure'],
  ] as const)('after %j is %s', (steps, status) => {
    expect(play(steps).status).toBe(status);
  });

  it('gets no other operation and no other attempt when nothing more may begin', () => {
    expect(play(['success'], { goesOn: false }).status).toBe('canceled');
    expect(play(['failure'], { goesOn: false }).status).toBe('failure');
    expect(play(['success'], { goesOn: false, operations: 1 }).status).toBe('success');
  });

  it('counts attempts of each operation for itself', () => {
    const state = play(['failure', 'success', 'failure', 'success']);
    expect(state.operations.map(({ currentRetry, operationId }) => [currentRetry, operationId])).toEqual([
      [1, 'op1'],
      [1, 'op3'],
    ]);
  });

  it('has begun an operation when its first attempt began', () => {
    const state = play(['failure', 'success', 'failure', 'success']);
    expect(state.operations.map(({ startedMs, endedMs }) => [startedMs, endedMs])).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('ends with what was open, and says why', () => {
    const state = afterEnd(play(['inProgress']), { status: 'failure', error }, 5);
    expect(state).toMatchObject({
      status: 'failure',
      operations: [{ status: 'failure', endedMs: 5, error }],
    });
    expect(afterEnd(notStarted, { status: 'failure', error }, 5)).toEqual({
      status: 'failure',
      operations: [],
      error,
    });
    expect(afterEnd(play(['success']), { status: 'canceled' }, 5)).toMatchObject({
      status: 'canceled',
      operations: [{ status: 'success' }],
    });
  });

  it('never leaves an end, has one open operation at most, and never too many', () => {
    const any = fc.constantFrom(...standings.map(({ status }) => status));
    fc.assert(
      fc.property(
        fc.array(any, { maxLength: 30 }),
        fc.nat(3),
        fc.integer({ min: 1, max: 4 }),
        (steps, maxRetry, operations) => {
          let ended: TargetState | undefined;
          for (let count = 1; count <= steps.length; count++) {
            const state = play(steps.slice(0, count), { operations, maxRetry });
            if (ended) expect(state).toEqual(ended);
            if (isFinal(state.status)) ended = state;
            expect(state.operations.length).toBeLessThanOrEqual(operations);
            expect(state.operations.filter(({ status }) => !isFinal(status)).length).toBeLessThanOrEqual(1);
            for (const { currentRetry } of state.operations)
              expect(currentRetry).toBeLessThanOrEqual(maxRetry);
            if (state.status === 'success') {
              expect(state.operations.map(({ status }) => status)).toEqual(
                new Array(operations).fill('success'),
              );
            }
          }
        },
      ),
    );
  });
});
