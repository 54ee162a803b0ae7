import { Worker } from 'node:worker_threads';
import type { Workers, WorkerThread } from '../workers.ts';

/** Node's worker threads. */
export const nodeWorkers: Workers = {
  start: (name, entry) => new NodeWorkerThread(new Worker(entry, { name, execArgv: [] })),
};

class NodeWorkerThread implements WorkerThread {
  private readonly worker: Worker;

  constructor(worker: Worker) {
    this.worker = worker;
  }

  post(message: unknown, transfer: readonly ArrayBuffer[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  onMessage(receive: (message: unknown) => void): void {
    this.worker.on('message', receive);
  }

  onEnd(ended: (error?: Error) => void): void {
    let failure: Error | undefined;
    this.worker.on('error', (error) => {
      failure = error instanceof Error ? error : new Error(String(error));
    });
    this.worker.on('exit', (exitCode) => {
      failure ??= exitCode === 0 ? undefined : new Error(`the thread ended with exit code ${exitCode}`);
      ended(failure);
    });
  }

  async terminate(): Promise<void> {
    await this.worker.terminate();
  }
}
