import type {
  CreateTwinOperationRequest,
  TwinOperationError,
  TwinOperationJson,
  TwinOperationStatus,
} from '../contract/twin.ts';
import { isoTime } from '../platform/clock.ts';
import { isFinal, nextStatus, type OperationEvent } from './operation-state.ts';

/** An operation as it is at one moment. Never changed: what happens to it makes another. */
export interface OperationRecord {
  /** Given by the platform and ever rising; the number by which a connectivity knows it. */
  readonly seq: number;
  /** 32 hexadecimal characters, as in the manual. */
  readonly id: string;
  readonly request: CreateTwinOperationRequest;
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
}

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
});

/** The operation after an event, or undefined when this event cannot happen to it now. */
export function afterEvent(
  record: OperationRecord,
  event: OperationEvent,
  nowMs: number,
  change: Partial<Pick<OperationState, 'error' | 'attempt'>> = {},
): OperationRecord | undefined {
  const status = nextStatus(record.state.status, event);
  return status && { ...record, state: { ...record.state, ...change, status, updatedMs: nowMs } };
}

export const attemptsOf = ({ request }: OperationRecord): number => request.policy?.attempts ?? 1;

/** When an operation has been in its state for too long (manual 7.8.6.4); undefined when it is final. */
export function dueMs({ state, createdMs }: OperationRecord, times: OperationTimes): number | undefined {
  if (isFinal(state.status)) return undefined;
  if (state.status === 'SENT') return state.updatedMs + times.twinOperationAnswerTimeoutMs;
  // One that was put back has been pending since it was made.
  return (state.status === 'PENDING' ? createdMs : state.updatedMs) + times.twinOperationWaitMs;
}

export function toOperationJson({ id, request, createdMs, state }: OperationRecord): TwinOperationJson {
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
