import type { EventBus } from '../bus/event-bus.ts';
import type { TwinOutcome, TwinRequest } from '../connectors/twin-link.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { TwinObservationJson, TwinObservationStatus } from '../contract/twin.ts';
import type { BenchObservationJson } from '../contract/twin-bench.ts';
import type { DeviceInterface } from '../inventory/types.ts';
import { type Clock, isoTime } from '../platform/clock.ts';
import { Deadlines } from '../platform/deadlines.ts';
import type { Logger } from '../platform/logger.ts';
import type { Store } from '../store/types.ts';
import type { Lane, Observation } from './lanes.ts';
import { observationRepository } from './observation-repository.ts';
import type { OperationHost } from './operation-runner.ts';
import type { Twin } from './twin.ts';
import type { TwinNotes } from './twin-notes.ts';
import type { ValueReporter } from './value-reporter.ts';

export interface ObservationRunnerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly bus: EventBus<PlatformEvents>;
  readonly logger: Logger;
  readonly settings: {
    readonly twinObservationMaxAttempts: number;
    readonly twinOperationAnswerTimeoutMs: number;
  };
}

/** How long to wait before trying again what has not left. */
const retryMs = 1000;

/**
 * Begins observations at devices, and again after each registration (manual 7.8.7). Their state is that of a session, and is
 * written without anybody waiting for it.
 */
export class ObservationRunner {
  private readonly parts: ObservationRunnerParts;
  private readonly own: { readonly reporter: ValueReporter; readonly notes: TwinNotes };
  private readonly host: OperationHost;
  /** Requests that nobody has said anything of. */
  private readonly deadlines: Deadlines<Observation>;

  constructor(parts: ObservationRunnerParts, own: ObservationRunner['own'], host: OperationHost) {
    this.parts = parts;
    this.own = own;
    this.host = host;
    this.deadlines = new Deadlines(parts.clock, 'twin observations', (observation) =>
      this.silent(observation),
    );
  }

  stop(): void {
    this.deadlines.clear();
  }

  /** The next one to begin. */
  next({ observations }: Lane): Observation | undefined {
    return observations.find(({ stored, status, waits }) => stored && status === 'PENDING' && !waits);
  }

  /** Sends the request for it. The lane is taken for it already. */
  begin(observation: Observation): void {
    const { lane, seq: correlation, paths } = observation;
    this.deadlines.set(
      observation,
      this.parts.clock.now() + this.parts.settings.twinOperationAnswerTimeoutMs,
    );
    observation.sends++;
    const request: TwinRequest = { kind: 'observe', paths, responseFormat: undefined };
    this.host.send(lane, { correlation, attempt: observation.sends, request });
  }

  /** What became of the request for it, or the device has ended it by an error. */
  ended(via: DeviceInterface, observation: Observation, twin: Twin, outcome: TwinOutcome): void {
    const { lane, paths } = observation;
    this.deadlines.set(observation, undefined);
    const nowMs = this.parts.clock.now();
    if (outcome.kind === 'unsent') {
      this.host.free(lane, nowMs + retryMs);
      return;
    }
    observation.attempts++;
    if (outcome.kind === 'ok') {
      observation.waits = false;
      observation.reason = undefined;
      this.become(observation, 'OBSERVING');
      const { values = [] } = outcome;
      // The answer to the request is a read: it becomes no data message.
      this.own.reporter.answered(via, twin, { origin: 'read', values, covers: paths }, [], (error) => {
        if (error)
          this.parts.logger.warn({ err: error }, 'the first values of an observation were not stored');
      });
    } else if (
      isPermanent(outcome) ||
      observation.attempts >= this.parts.settings.twinObservationMaxAttempts
    ) {
      this.fail(observation, outcome.reason);
    } else this.wait(observation, outcome.reason);
    this.host.free(lane, nowMs);
  }

  /** The device ended an observation that it had begun. */
  lost(observation: Observation, reason: string): void {
    this.fail(observation, reason);
  }

  /** The device has registered, or its registration is over: all are to begin anew (manual 7.8.7.2). */
  reset({ observations }: Lane): void {
    for (const observation of observations) {
      observation.attempts = 0;
      observation.waits = false;
      this.become(observation, 'PENDING');
    }
  }

  /** The device has updated its registration: those that may pass are tried again. */
  updated({ observations }: Lane): void {
    for (const observation of observations) observation.waits = false;
  }

  /** Forgets an observation, or those of a device that is deleted. */
  forget(observations: readonly Observation[]): void {
    for (const observation of observations) {
      observation.cancelled = true;
      this.deadlines.set(observation, undefined);
    }
  }

  /** Nothing will be told of the request for it. */
  abandon(observation: Observation): void {
    this.deadlines.set(observation, undefined);
  }

  /** Tells of an observation as it is from now on. */
  tell(observation: Observation): void {
    const { lane, id } = observation;
    const view = observation.cancelled ? undefined : toBenchObservationJson(observation);
    this.parts.bus.emit('twinObservationChanged', {
      ...{ tenantId: lane.device.tenantId, deviceId: lane.device.id, observationId: id },
      describe: () => view,
    });
  }

  /** A notification of it has come. */
  notified(observation: Observation): void {
    observation.notifications++;
    observation.lastNotificationMs = this.parts.clock.now();
  }

  private wait(observation: Observation, reason: string): void {
    observation.waits = true;
    observation.reason = reason;
    this.tell(observation);
  }

  private fail(observation: Observation, reason: string): void {
    observation.reason = reason;
    this.become(observation, 'FAILED');
    this.own.notes.observationFailed(observation, reason);
  }

  private become(observation: Observation, status: TwinObservationStatus): void {
    if (observation.status === status || observation.cancelled) return;
    observation.status = status;
    observation.sinceMs = this.parts.clock.now();
    this.parts.store.append([observationRepository.update(observation)], (error) => {
      if (error) this.parts.logger.warn({ err: error }, 'the state of an observation was not stored');
    });
    this.tell(observation);
  }

  private silent(observation: Observation): void {
    const { lane } = observation;
    if (lane.underWay?.subject !== observation) return;
    this.host.withdraw(lane);
    observation.attempts++;
    if (observation.attempts >= this.parts.settings.twinObservationMaxAttempts)
      this.fail(observation, 'the device did not answer');
    else this.wait(observation, 'the device did not answer');
    this.host.free(lane, this.parts.clock.now());
  }
}

/** Another attempt would meet the same end (manual 7.8.7.3). */
const isPermanent = (outcome: Exclude<TwinOutcome, { kind: 'ok' | 'unsent' }>): boolean =>
  outcome.kind === 'deviceError' ? outcome.code < 500 : outcome.kind !== 'timeout';

export function toObservationJson({ id, paths, status, name, createdMs }: Observation): TwinObservationJson {
  return {
    id,
    paths: paths.map(String),
    status,
    ...(name !== undefined && { name }),
    created: isoTime(createdMs),
  };
}

/** An observation with what has come of it. */
export function toBenchObservationJson(observation: Observation): BenchObservationJson {
  const { attempts, waits, reason, sinceMs, notifications, lastNotificationMs } = observation;
  return {
    ...toObservationJson(observation),
    ...{ attempts, waits, notifications },
    ...(reason !== undefined && { reason }),
    ...(sinceMs !== undefined && { since: isoTime(sinceMs) }),
    ...(lastNotificationMs !== undefined && { lastNotification: isoTime(lastNotificationMs) }),
  };
}
