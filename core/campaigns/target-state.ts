import type { OperationError, TargetCounts, TargetStatus } from '../contract/campaigns.ts';
import { targetStatuses } from '../contract/campaigns.ts';

/** A device in a campaign as it is at one moment. Never changed: what happens to it makes another. */
export interface TargetState {
  readonly status: TargetStatus;
  /** Those that were begun; only the last one can be open. */
  readonly operations: readonly OperationState[];
  /** Why the device failed, when that was not in an operation. */
  readonly error?: OperationError;
}

/** An operation of the campaign on one device. */
export interface OperationState {
  readonly operationId: string;
  readonly status: Exclude<TargetStatus, 'notStarted'>;
  readonly currentRetry: number;
  readonly startedMs: number;
  readonly updatedMs: number;
  readonly endedMs?: number;
  readonly error?: OperationError;
}

/** What an area says of an operation of its kind. */
export type Standing = { readonly status: 'pending' | 'inProgress' | 'success' } | Unsuccessful;

export type Unsuccessful =
  | { readonly status: 'canceled' }
  | { readonly status: 'failure'; readonly error: OperationError };

/** What the campaign says of an operation that is at its turn. */
export interface Turn {
  /** How many operations the campaign has. */
  readonly operations: number;
  /** How often the operation may be begun anew. */
  readonly maxRetry: number;
  /** False when nothing more may be begun. */
  readonly goesOn: boolean;
}

export const notStarted: TargetState = { status: 'notStarted', operations: [] };

const finalStatuses: ReadonlySet<TargetStatus> = new Set(['success', 'failure', 'canceled']);

/** True when nothing more happens to a device, or to an operation, of this status. */
export function isFinal(status: TargetStatus): boolean {
  return finalStatuses.has(status);
}

/** The operation that is waited for; undefined when none is. */
export function openOperation({ operations }: TargetState): OperationState | undefined {
  const last = operations.at(-1);
  return last && !isFinal(last.status) ? last : undefined;
}

/** Which operation is to be begun next, from 0, and how often it was begun before; undefined: none. */
export function nextOperation(
  { status, operations }: TargetState,
  count: number,
): { index: number; retry: number } | undefined {
  if (isFinal(status)) return undefined;
  const last = operations.at(-1);
  if (!last) return { index: 0, retry: 0 };
  if (last.status === 'failure') return { index: operations.length - 1, retry: last.currentRetry + 1 };
  return last.status === 'success' && operations.length < count
    ? { index: operations.length, retry: 0 }
    : undefined;
}

/** The device with its next operation begun. */
export function afterBegin(
  target: TargetState,
  { index, retry }: { index: number; retry: number },
  operationId: string,
  nowMs: number,
): TargetState {
  const begun = {
    operationId,
    status: 'pending',
    currentRetry: retry,
    // The operation is what the campaign is to do; its attempts begin later.
    startedMs: target.operations[index]?.startedMs ?? nowMs,
    updatedMs: nowMs,
  } as const;
  const operations = [...target.operations.slice(0, index), begun];
  return { status: target.status === 'notStarted' ? 'pending' : target.status, operations };
}

/** The device after news of the operation that is waited for; undefined when they change nothing. */
export function afterStanding(
  target: TargetState,
  standing: Standing,
  { operations: count, maxRetry, goesOn }: Turn,
  nowMs: number,
): TargetState | undefined {
  const open = openOperation(target);
  if (!open || open.status === standing.status) return undefined;
  const ends = isFinal(standing.status);
  const operation: OperationState = {
    ...open,
    status: standing.status,
    updatedMs: nowMs,
    ...(ends && { endedMs: nowMs }),
    ...('error' in standing && { error: standing.error }),
  };
  const operations = [...target.operations.slice(0, -1), operation];
  const status = ((): TargetStatus => {
    switch (standing.status) {
      // A device that has begun goes on being in progress, though its next operation still waits.
      case 'pending':
        return target.status;
      case 'inProgress':
        return 'inProgress';
      case 'canceled':
        return 'canceled';
      case 'success':
        if (operations.length === count) return 'success';
        return goesOn ? 'inProgress' : 'canceled';
      case 'failure':
        return open.currentRetry < maxRetry && goesOn ? 'inProgress' : 'failure';
    }
  })();
  return { status, operations };
}

/** The device with nothing more to happen to it. */
export function afterEnd(target: TargetState, standing: Unsuccessful, nowMs: number): TargetState {
  const open = openOperation(target);
  const status = standing.status;
  const error = 'error' in standing ? { error: standing.error } : {};
  if (!open) return { ...target, status, ...error };
  const ended = { ...open, status, updatedMs: nowMs, endedMs: nowMs, ...error };
  return { status, operations: [...target.operations.slice(0, -1), ended] };
}

export function noTargets(): TargetCounts {
  return Object.fromEntries(targetStatuses.map((status) => [status, 0])) as TargetCounts;
}
