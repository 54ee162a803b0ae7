import type { ClockView } from '../../core/contract/clock.ts';
import { PlatformError } from '../../core/contract/errors.ts';
import type { Workers, WorkerThread } from '../../core/platform/workers.ts';
import type { FleetAnswer, FleetCallName, FleetCalls } from '../../simulators/fleet/worker-protocol.ts';
import type { AirUp } from '../../simulators/sms/air.ts';

interface PendingCall {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export interface FleetThreadEvents {
  /** The thread ended and was not asked to; all that lived in it is gone. */
  crashed(reason: string): void;
  /** The platform has cut devices of a fleet off; they stay away until they are readmitted. */
  cutOff(fleetId: string): void;
  /** Something of its handsets has gone over the mobile network. */
  air(fleetId: string, messages: readonly AirUp[]): void;
}

/**
 * The main thread's end of the thread with the simulated devices. The thread is there from the first call to
 * {@link stop}, or to its own end, and a later call starts another.
 */
export class FleetThread {
  private readonly workers: Workers;
  private readonly time: () => ClockView;
  private readonly events: FleetThreadEvents;
  private readonly pending = new Map<number, PendingCall>();
  private thread: WorkerThread | undefined;
  private nextId = 1;

  /** @param time of the platform, for a thread that starts */
  constructor(workers: Workers, time: () => ClockView, events: FleetThreadEvents) {
    this.workers = workers;
    this.time = time;
    this.events = events;
  }

  get running(): boolean {
    return this.thread !== undefined;
  }

  call<Name extends FleetCallName>(
    kind: Name,
    argument: FleetCalls[Name]['argument'],
  ): Promise<FleetCalls[Name]['answer']> {
    const thread = this.thread ?? this.start();
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      this.pending.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      thread.post({ kind, id, argument });
    });
  }

  /** Ends the thread at once: fleets are stopped by a call before. */
  async stop(): Promise<void> {
    const { thread } = this;
    this.thread = undefined;
    await thread?.terminate();
    this.rejectAll('The simulators are stopped.');
  }

  private start(): WorkerThread {
    const thread = this.workers.start('fleetbench-simulator', workerEntry());
    this.thread = thread;
    thread.onMessage((message) => this.receive(message as FleetAnswer));
    thread.onEnd((error) => {
      if (this.thread !== thread) return;
      this.thread = undefined;
      const reason = `The thread of the simulated devices ended: ${error?.message ?? 'for no known reason'}`;
      this.rejectAll(reason);
      this.events.crashed(reason);
    });
    // Before the first call: messages to a thread keep their order.
    this.call('clock', this.time()).catch(() => {});
    return thread;
  }

  private receive(answer: FleetAnswer): void {
    if (answer.kind === 'cutOff') {
      this.events.cutOff(answer.fleetId);
      return;
    }
    if (answer.kind === 'air') {
      this.events.air(answer.fleetId, answer.messages);
      return;
    }
    const call = this.pending.get(answer.id);
    this.pending.delete(answer.id);
    if (answer.kind === 'answer') call?.resolve(answer.answer);
    else call?.reject(new PlatformError(answer.code, answer.message, { details: answer.details }));
  }

  private rejectAll(reason: string): void {
    for (const call of this.pending.values()) call.reject(new PlatformError('simulators.failed', reason));
    this.pending.clear();
  }
}

/** The bundled worker: beside this code when that is a bundle itself, else where the build puts it. */
function workerEntry(): URL {
  const here = import.meta.url;
  const name = 'simulator-worker.js';
  return new URL(here.endsWith('.ts') ? `../../dist/${name}` : `./${name}`, here);
}
