import type { Workers, WorkerThread } from '../platform/workers.ts';
import { DatabaseServer } from '../store/database-server.ts';
import type { Report, Request } from '../store/worker-protocol.ts';

/**
 * The store's worker in the thread of the test: no start-up time, and the test decides when the worker gets on.
 * Messages are copied and moved as between real threads.
 */
export class InlineWorkers implements Workers {
  private readonly held: (() => void)[] = [];
  private holding = false;
  private end: ((error?: Error) => void) | undefined;

  /** The worker reads no message until {@link release}. */
  hold(): void {
    this.holding = true;
  }

  release(): void {
    this.holding = false;
    for (const deliver of this.held.splice(0)) deliver();
  }

  /** The thread dies. */
  crash(message: string): void {
    this.end?.(new Error(message));
  }

  start(): WorkerThread {
    let receiveReport: (report: unknown) => void = () => {};
    let receiveRequest: (request: Request) => void = () => {};
    let alive = true;
    const toServer = (request: Request): void => {
      const deliver = (): void => queueMicrotask(() => alive && receiveRequest(request));
      if (this.holding) this.held.push(deliver);
      else deliver();
    };
    new DatabaseServer({
      post: (report: Report, transfer = []) => {
        const moved = structuredClone(report, { transfer: [...transfer] });
        queueMicrotask(() => alive && receiveReport(moved));
      },
      onMessage: (receive) => {
        receiveRequest = receive;
      },
    }).start();
    return {
      post: (message, transfer = []) => {
        toServer(structuredClone(message as Request, { transfer: [...transfer] }));
      },
      onMessage: (receive) => {
        receiveReport = receive;
      },
      onEnd: (ended) => {
        this.end = (error) => {
          if (!alive) return;
          alive = false;
          ended(error);
        };
      },
      terminate: async () => this.end?.(),
    };
  }
}
