import type { EventBus } from '../bus/event-bus.ts';
import type { DeliveryRef } from '../connectors/delivery.ts';
import type { TwinOutcome, TwinRequest } from '../connectors/twin-link.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { TwinErrorCode, TwinOperationError } from '../contract/twin.ts';
import type { DiscoveredLink } from '../contract/twin-bench.ts';
import type { DeviceInterface } from '../inventory/types.ts';
import type { Clock } from '../platform/clock.ts';
import { Deadlines } from '../platform/deadlines.ts';
import type { DiscoveredPath } from '../protocols/lwm2m/object-links.ts';
import { Lwm2mPath } from '../protocols/lwm2m/path.ts';
import type { Statement, Store } from '../store/types.ts';
import { type Lane, OpenOperation } from './lanes.ts';
import {
  afterEvent,
  attemptsOf,
  dueMs,
  type OperationChange,
  type OperationRecord,
  type OperationTimes,
  toBenchOperationJson,
} from './operation-record.ts';
import { operationRepository } from './operation-repository.ts';
import { isFinal, type OperationEvent } from './operation-state.ts';
import { planRequest } from './plan-request.ts';
import type { Twin } from './twin.ts';
import type { TwinModels } from './twin-models.ts';
import type { TwinNotes } from './twin-notes.ts';
import type { ValueReporter } from './value-reporter.ts';

export interface OperationRunnerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly bus: EventBus<PlatformEvents>;
  readonly models: TwinModels;
  readonly settings: OperationTimes & { readonly twinRetryDelayMs: number };
}

export interface OperationHost {
  /** The attempt is counted, and that is durable: hands the request over, or says that it did not leave. */
  send(lane: Lane, delivery: DeliveryRef & { readonly request: TwinRequest }): void;
  /** The engine waits for this attempt no longer. */
  withdraw(lane: Lane): void;
  /** Sends the next request of a device, unless one is under way. */
  dispatch(lane: Lane): void;
  /** The device is free for the next request, from this moment on. */
  free(lane: Lane, notBeforeMs: number): void;
}

interface Change {
  readonly change?: OperationChange;
  readonly done?: (error?: Error) => void;
}

/** How long to wait before trying again what neither a device nor a store has taken. */
const retryMs = 1000;

/**
 * Brings the operations of twins through their states (manual 7.8.6). What it knows of one is durable before the wire sees
 * it: after a kill no attempt is made twice without being counted.
 */
export class OperationRunner {
  private readonly parts: OperationRunnerParts;
  private readonly own: { readonly reporter: ValueReporter; readonly notes: TwinNotes };
  private readonly host: OperationHost;
  private readonly deadlines: Deadlines<OpenOperation>;

  constructor(parts: OperationRunnerParts, own: OperationRunner['own'], host: OperationHost) {
    this.parts = parts;
    this.own = own;
    this.host = host;
    this.deadlines = new Deadlines(parts.clock, 'twin operations', (operation) => this.due(operation));
  }

  stop(): void {
    this.deadlines.clear();
  }

  /** Takes over an operation that is durable. */
  add(lane: Lane, record: OperationRecord): void {
    const operation = new OpenOperation(lane, record);
    lane.put(operation);
    this.deadlines.set(operation, dueMs(record, this.parts.settings));
  }

  /** Forgets the operations of a device that is deleted. */
  forget(lane: Lane): void {
    for (const operation of lane.operations) this.deadlines.set(operation, undefined);
  }

  /** The next one that can go out. */
  next(lane: Lane): OpenOperation | undefined {
    const nowMs = this.parts.clock.now();
    return lane.operations.find(({ record }) => {
      if (record.state.status === 'SENT') return false;
      return (dueMs(record, this.parts.settings) ?? 0) > nowMs;
    });
  }

  /** Counts the attempt, and sends when that is durable. The lane is taken for it already. */
  begin(operation: OpenOperation, twin: Twin): void {
    const { lane, record } = operation;
    const request = planRequest(record.request, twin.findObjectIn(this.parts.models));
    if (typeof request === 'string') {
      this.end(operation, { code: 'OPERATION_INVALID', details: request });
      this.host.free(lane, 0);
      return;
    }
    const attempt = record.state.attempt + 1;
    this.happen(operation, 'begin', {
      change: { attempt, error: undefined },
      done: (error) => {
        if (error) this.host.free(lane, this.parts.clock.now() + retryMs);
        else this.host.send(lane, { correlation: record.seq, attempt, request });
      },
    });
  }

  /** What became of the present attempt. */
  ended(via: DeviceInterface, operation: OpenOperation, twin: Twin, outcome: TwinOutcome): void {
    const { record, lane } = operation;
    const nowMs = this.parts.clock.now();
    switch (outcome.kind) {
      case 'ok':
        this.completed(via, operation, twin, outcome);
        this.host.free(lane, 0);
        break;
      case 'unsent': {
        const attempt = record.state.attempt - 1;
        // Not at once: a connectivity that takes and does not send must not keep both busy.
        const change = { attempt, reason: outcome.reason };
        this.happen(operation, attempt > 0 ? 'retry' : 'putBack', { change });
        this.host.free(lane, nowMs + retryMs);
        break;
      }
      default:
        this.failed(operation, failureOf(outcome));
        this.host.free(lane, nowMs + this.parts.settings.twinRetryDelayMs);
    }
  }

  /** Cancels an operation; resolves false when its state does not allow that, true when its end is durable. */
  cancel(operation: OpenOperation): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      const done = (error?: Error): void => (error ? reject(error) : resolve(true));
      if (!this.happen(operation, 'cancel', { done })) resolve(false);
    });
  }

  /** The interface over which it was sent is none of the device any more: whether the device did it nobody will know. */
  abandon(operation: OpenOperation, reason: string): void {
    if (operation.record.state.status !== 'SENT') return;
    const details = `${reason} while the operation was under way; whether the device has done it is not known.`;
    this.end(operation, { code: 'INTERFACE_UNUSABLE', details });
  }

  private completed(
    via: DeviceInterface,
    operation: OpenOperation,
    twin: Twin,
    { values = [], links }: Extract<TwinOutcome, { kind: 'ok' }>,
  ): void {
    const { type, paths = [] } = operation.record.request;
    if (type !== 'READ') {
      this.happen(operation, 'complete', links ? { change: { links: links.map(toLink) } } : {});
      return;
    }
    const covers = (paths ?? []).map((path) => Lwm2mPath.parse(path));
    const write = (statement: Statement, done: (error?: Error) => void): void =>
      this.own.reporter.answered(via, twin, { origin: 'read', values, covers }, [statement], done);
    this.happen(operation, 'complete', {}, write);
  }

  private failed(operation: OpenOperation, { error, permanent }: Failure): void {
    const { record, lane } = operation;
    if (permanent || record.state.attempt >= attemptsOf(record)) {
      this.end(operation, error);
      return;
    }
    const reason = error.details ?? error.code;
    this.own.notes.attemptFailed(lane.device, record.id, record.state.attempt, reason);
    this.happen(operation, 'retry', { change: { reason } });
  }

  private end(operation: OpenOperation, error: TwinOperationError): void {
    this.happen(operation, 'fail', { change: { error } });
    this.own.notes.operationFailed(operation.lane.device, operation.record);
  }

  /** An operation has been in its state for too long (manual 7.8.6.4). */
  private due(operation: OpenOperation): void {
    const { record, lane } = operation;
    const nowMs = this.parts.clock.now();
    const at = dueMs(record, this.parts.settings);
    if (at === undefined || lane.deleted) return;
    if (at > nowMs) {
      this.deadlines.set(operation, at);
      return;
    }
    const wasSent = record.state.status === 'SENT';
    const again = wasSent && record.state.attempt < attemptsOf(record);
    const reason = wasSent ? 'the device did not answer in time' : 'the device could not be reached in time';
    this.happen(operation, again ? 'retry' : 'expire', { change: { reason } });
    if (!again) this.own.notes.operationFailed(lane.device, operation.record);
    if (lane.underWay?.subject === operation) {
      this.host.withdraw(lane);
      this.host.free(lane, 0);
    } else this.host.dispatch(lane);
  }

  /** @returns false when this cannot happen to the operation now; then `done` is not called. */
  private happen(
    operation: OpenOperation,
    event: OperationEvent,
    { change, done }: Change = {},
    write: (statement: Statement, done: (error?: Error) => void) => void = (statement, stored) =>
      this.parts.store.append([statement], stored),
  ): boolean {
    const { lane } = operation;
    const next = afterEvent(operation.record, event, this.parts.clock.now(), change);
    if (!next || lane.deleted) return false;
    operation.record = next;
    operation.unwritten++;
    if (isFinal(next.state.status)) lane.remove(operation);
    this.deadlines.set(operation, dueMs(next, this.parts.settings));
    write(operationRepository.updateState(next), (error) => {
      operation.unwritten--;
      if (error) this.notStored(operation);
      else {
        operation.durable = next;
        if (!lane.deleted) this.tell(lane, next);
      }
      done?.(error);
    });
    return true;
  }

  /** A change was not stored: the operation is again what a restart would find, and is looked at again soon. */
  private notStored(operation: OpenOperation): void {
    const { lane } = operation;
    // A later change that is stored holds this one too; one that is not comes here as well.
    if (operation.unwritten > 0 || lane.deleted || operation.record === operation.durable) return;
    operation.record = operation.durable;
    if (!isFinal(operation.record.state.status)) lane.put(operation);
    this.deadlines.set(operation, this.parts.clock.now() + retryMs);
  }

  /** Tells of an operation as it is from now on. */
  tell({ device }: Lane, record: OperationRecord): void {
    this.parts.bus.emit('twinOperationChanged', {
      ...{ tenantId: device.tenantId, deviceId: device.id, operationId: record.id },
      describe: () => toBenchOperationJson(record, this.parts.settings),
    });
  }
}

interface Failure {
  readonly error: TwinOperationError;
  /** Another attempt would meet the same end (manual 7.8.6.5). */
  readonly permanent: boolean;
}

function failureOf(outcome: Exclude<TwinOutcome, { kind: 'ok' | 'unsent' }>): Failure {
  const { reason } = outcome;
  const failure = (code: TwinErrorCode, permanent: boolean): Failure => ({
    error: { code, details: reason },
    permanent,
  });
  switch (outcome.kind) {
    case 'deviceError': {
      const { error, permanent } = failure('DEVICE_ERROR', outcome.code < 500);
      return { error: { ...error, deviceCode: { value: outcome.code, reason } }, permanent };
    }
    case 'rejected':
      return failure('DEVICE_REJECTED', true);
    case 'unreadable':
      return failure('RESPONSE_INVALID', true);
    case 'timeout':
      return failure('DEVICE_TIMEOUT', false);
    case 'invalid':
      return failure('OPERATION_INVALID', true);
  }
}

const toLink = ({ path, attributes, dimension, version }: DiscoveredPath): DiscoveredLink => ({
  ...{ path: String(path), attributes: { ...attributes } },
  ...(dimension !== undefined && { dimension }),
  ...(version !== undefined && { version }),
});
