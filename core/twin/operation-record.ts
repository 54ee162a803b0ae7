import type { TwinOperationError, TwinOperationJson, TwinOperationStatus } from '../contract/twin.ts';
import type {
  BenchOperationJson,
  BenchOperationRequest,
  BenchOperationType,
  DiscoveredLink,
} from '../contract/twin-bench.ts';
import { isoTime } from '../platform/clock.ts';
import { isFinal, nextStatus, type OperationEvent } from './operation-state.ts';

/** An operation as it is at one moment. Never changed: what happens to it makes another. */
export interface OperationRecord {
  /** Given by the platform and ever rising; the number by which a connectivity knows it. */
  readonly seq: number;
  /** 32 hexadecimal characters, as in the manual. */
  readonly id: string;
  readonly request: BenchOperationRequest;
  readonly createdMs: number;
  readonly state: OperationState;
}

/** The part of an operation that changes. */
export interface OperationState {
  readonly status: TwinOperationStatus;
  readonly error: TwinOperationError | undefined;
  readonly updatedMs: number;
  /** Attempts begun. */
  readonly attempt: number;
  /** The states that it came to, the oldest first. */
  readonly steps: readonly OperationStep[];
  /** What DISCOVER found. */
  readonly links: readonly DiscoveredLink[] | undefined;
}

export interface OperationStep {
  readonly status: TwinOperationStatus;
  readonly timeMs: number;
  readonly attempt: number;
  readonly reason?: string | undefined;
}

/** Steps that are kept: a connectivity that takes a request and does not send it would make steps for ever. */
const mostSteps = 50;

export interface OperationTimes {
  /** How long an operation waits for its device, from its making or its last attempt. */
  readonly twinOperationWaitMs: number;
  /** How long an operation that was sent waits for its outcome. */
  readonly twinOperationAnswerTimeoutMs: number;
}

export const newOperationState = (nowMs: number): OperationState => ({
  status: 'PENDING',
  error: undefined,
  updatedMs: nowMs,
  attempt: 0,
  steps: [{ status: 'PENDING', timeMs: nowMs, attempt: 0 }],
  links: undefined,
});

export type OperationChange = Partial<Pick<OperationState, 'error' | 'attempt' | 'links'>> & {
  /** Why, for its step; when absent, that of the error. */
  readonly reason?: string;
};

/** The operation after an event, or undefined when this event cannot happen to it now. */
export function afterEvent(
  record: OperationRecord,
  event: OperationEvent,
  nowMs: number,
  { reason, ...change }: OperationChange = {},
): OperationRecord | undefined {
  const status = nextStatus(record.state.status, event);
  if (!status) return undefined;
  const state = { ...record.state, ...change, status, updatedMs: nowMs };
  const { attempt, error } = state;
  const step = { status, timeMs: nowMs, attempt, reason: reason ?? error?.details };
  const [first, ...others] = [...state.steps, step];
  const steps = first ? [first, ...others.slice(1 - mostSteps)] : [step];
  return { ...record, state: { ...state, steps } };
}

export const attemptsOf = ({ request }: OperationRecord): number => request.policy?.attempts ?? 1;

/** When an operation has been in its state for too long (manual 7.8.6.4); undefined when it is final. */
export function dueMs({ state, createdMs }: OperationRecord, times: OperationTimes): number | undefined {
  if (isFinal(state.status)) return undefined;
  if (state.status === 'SENT') return state.updatedMs + times.twinOperationAnswerTimeoutMs;
  // One that was put back has been pending since it was made.
  return (state.status === 'PENDING' ? createdMs : state.updatedMs) + times.twinOperationWaitMs;
}

/** An operation as the compatible API shows it. */
export function toOperationJson(record: OperationRecord): Omit<TwinOperationJson, 'type'> & {
  type: BenchOperationType;
} {
  const { id, request, createdMs, state } = record;
  const { type, paths, values, writeMode, contextToken, options, policy } = request;
  const attempts = policy?.attempts ?? undefined;
  return {
    id,
    type,
    ...(paths && { paths }),
    ...(values && { values }),
    ...(writeMode && { writeMode }),
    ...(contextToken != null && { contextToken }),
    ...(options && { options }),
    ...(policy && { policy: { ...(attempts !== undefined && { attempts }) } }),
    status: state.status,
    ...(state.error && { error: state.error }),
    created: isoTime(createdMs),
    updated: isoTime(state.updatedMs),
  };
}

/** An operation with its way. */
export function toBenchOperationJson(record: OperationRecord, times: OperationTimes): BenchOperationJson {
  const { attempt, steps, links } = record.state;
  const { argument } = record.request;
  const due = dueMs(record, times);
  return {
    ...toOperationJson(record),
    ...(argument != null && argument !== '' && { argument }),
    attempt,
    ...(due !== undefined && { expires: isoTime(due) }),
    steps: steps.map(({ status, timeMs, attempt: begun, reason }) => ({
      ...{ status, time: isoTime(timeMs), attempt: begun },
      ...(reason !== undefined && { reason }),
    })),
    ...(links && { links: [...links] }),
  };
}
