import type { TwinOperationStatus } from '../contract/twin.ts';

/** What can happen to an operation of a twin. */
export const operationEvents = [
  /** An attempt begins. */
  'begin',
  /** The first attempt did not leave the platform, for certain. */
  'putBack',
  /** The attempt failed or was not answered, or a later one did not leave; there are attempts left. */
  'retry',
  /** The device did it. */
  'complete',
  /** It cannot be asked of this device, or the last attempt failed. */
  'fail',
  /** It stayed in its state for too long. */
  'expire',
  /** Somebody cancels it. */
  'cancel',
] as const;
export type OperationEvent = (typeof operationEvents)[number];

const waiting = { begin: 'SENT', fail: 'FAILED', expire: 'EXPIRED', cancel: 'CANCELLED' } as const;

type Transitions = Readonly<Partial<Record<OperationEvent, TwinOperationStatus>>>;

/**
 * Every way from one state of an operation to another (manual 7.8.6.4, drawn in docs/twin.md). What is not in it cannot
 * happen.
 */
const transitions: Readonly<Record<TwinOperationStatus, Transitions>> = {
  PENDING: waiting,
  RETRYING: waiting,
  SENT: { complete: 'OK', retry: 'RETRYING', putBack: 'PENDING', fail: 'FAILED', expire: 'EXPIRED' },
  OK: {},
  FAILED: {},
  EXPIRED: {},
  CANCELLED: {},
};

/** The state after the event, or undefined when this event cannot happen in this state. */
export function nextStatus(
  status: TwinOperationStatus,
  event: OperationEvent,
): TwinOperationStatus | undefined {
  return transitions[status][event];
}

/** True when an operation stays in this state for ever. */
export function isFinal(status: TwinOperationStatus): boolean {
  return Object.keys(transitions[status]).length === 0;
}
