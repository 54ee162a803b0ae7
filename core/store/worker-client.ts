import { PlatformError } from '../contract/errors.ts';
import type { Workers, WorkerThread } from '../platform/workers.ts';
import type { CallName, Calls, Report, Request, Slice } from './worker-protocol.ts';

interface PendingCall {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export interface WorkerEvents {
  /** The group of this sequence number is in the database, which takes so many bytes now. */
  applied(sequence: number, usedBytes: number): void;
  /** The database will not apply anything more. */
  failed(reason: string): void;
}

/** The main thread's end of the connection to the database worker. */
export class WorkerClient {
  private readonly workers: Workers;
  private readonly events: WorkerEvents;
  private readonly pending = new Map<number, PendingCall>();
  private thread: WorkerThread | undefined;
  private ended: Promise<void> | undefined;
  private endReason: string | undefined;
  private nextId = 1;

  constructor(workers: Workers, events: WorkerEvents) {
    this.workers = workers;
    this.events = events;
  }

  start(): void {
    const thread = this.workers.start('fleetbench-store', workerEntry());
    this.thread = thread;
    thread.onMessage((report) => this.receive(report as Report));
    this.ended = new Promise((resolve) => {
      thread.onEnd((error) => {
        this.end(error ? `The database worker ended: ${error.message}` : 'The database worker has ended');
        resolve();
      });
    });
  }

  /** Hands a synced group over; its buffer moves to the worker. */
  apply(sequence: number, payload: Slice): void {
    if (this.endReason === undefined) this.send({ kind: 'apply', sequence, payload }, [payload.buffer]);
  }

  /** Asks and waits for the answer; the worker works in the order of the calls. */
  call<Name extends CallName>(
    kind: Name,
    argument: Calls[Name]['argument'],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Calls[Name]['answer']> {
    return new Promise((resolve, reject) => {
      if (this.endReason !== undefined) {
        reject(ended(this.endReason));
        return;
      }
      const id = this.nextId++;
      this.pending.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      this.send({ kind, id, argument } as Request, transfer);
    });
  }

  async stop(): Promise<void> {
    if (!this.thread) return;
    // The thread ends because we want it to, so that is no failure.
    this.endReason ??= 'The store is closed.';
    await this.thread.terminate();
    await this.ended;
    this.rejectAll(this.endReason);
  }

  private receive(report: Report): void {
    switch (report.kind) {
      case 'applied':
        this.events.applied(report.sequence, report.usedBytes);
        return;
      case 'failed':
        this.events.failed(report.reason);
        return;
      case 'answer':
        this.take(report.id)?.resolve(report.answer);
        return;
      case 'refused':
        this.take(report.id)?.reject(new Error(report.reason));
    }
  }

  private take(id: number): PendingCall | undefined {
    const call = this.pending.get(id);
    this.pending.delete(id);
    return call;
  }

  private send(request: Request, transfer: readonly ArrayBuffer[]): void {
    if (!this.thread) throw new Error('the database worker is not started');
    this.thread.post(request, transfer);
  }

  private end(reason: string): void {
    if (this.endReason !== undefined) return;
    this.endReason = reason;
    this.rejectAll(reason);
    this.events.failed(reason);
  }

  private rejectAll(reason: string): void {
    for (const call of this.pending.values()) call.reject(ended(reason));
    this.pending.clear();
  }
}

function ended(reason: string): PlatformError {
  return new PlatformError('store.unavailable', reason);
}

/** The bundled worker: beside this code when that is a bundle itself, else where the build puts it. */
function workerEntry(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? '../../dist/store-worker.js' : './store-worker.js', here);
}
