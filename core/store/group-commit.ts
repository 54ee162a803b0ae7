import { PlatformError } from '../contract/errors.ts';
import { type EncodedGroup, GroupEncoder } from './group-encoder.ts';
import { recordHeaderBytes } from './record.ts';
import type { Statement } from './types.ts';

export type Done = (error?: Error) => void;

export interface GroupHandler {
  /** Makes a group durable, or rejects with what its transactions are to be told. */
  write(group: EncodedGroup): Promise<void>;
  /** Called when the transactions of a group have been told. */
  settled(): void;
  /** A `done` callback threw, which must not harm the others. */
  callbackThrew(error: unknown): void;
}

interface Waiting {
  readonly group: EncodedGroup;
  readonly callbacks: readonly Done[];
}

/** Stands for callbacks that only wait for their turn. */
const nothing: EncodedGroup = { bytes: Buffer.alloc(0), payloadLength: 0, transactions: 0, statements: 0 };

/**
 * Collects transactions while a group is being written, and writes what was collected as the next group when
 * that has ended. So a lone transaction waits for nobody, and under load each sync carries many. There is no
 * time window: waiting longer would only add delay.
 */
export class GroupCommit {
  private readonly handler: GroupHandler;
  private readonly largestGroupBytes: number;
  private readonly encoder = new GroupEncoder(recordHeaderBytes);
  private callbacks: Done[] = [];
  private readonly sealed: Waiting[] = [];
  private sealedBytes = 0;
  private writingBytes = 0;
  private running = false;

  constructor(handler: GroupHandler, largestGroupBytes: number) {
    this.handler = handler;
    this.largestGroupBytes = largestGroupBytes;
  }

  /** Bytes of the transactions that are not durable yet. */
  get pendingBytes(): number {
    return this.encoder.payloadLength + this.sealedBytes + this.writingBytes;
  }

  add(transaction: readonly Statement[], done: Done): void {
    try {
      this.encoder.add(transaction);
      this.callbacks.push(done);
    } catch (error) {
      this.callbacks.push(() => done(error as Error));
    }
    if (this.encoder.payloadLength >= this.largestGroupBytes) this.seal();
    this.wake();
  }

  /** Calls `done` with the error, after the callbacks of what was added before. */
  refuse(error: PlatformError, done: Done): void {
    this.callbacks.push(() => done(error));
    this.wake();
  }

  /** Calls `run` when everything added so far has been written or refused. */
  afterPending(run: () => void): void {
    if (!this.running) run();
    else this.callbacks.push(() => run());
  }

  private wake(): void {
    if (this.running) return;
    this.running = true;
    // What the same turn of the event loop adds still joins the group.
    queueMicrotask(() => void this.run());
  }

  private async run(): Promise<void> {
    for (;;) {
      if (this.sealed.length === 0) this.seal();
      const next = this.sealed.shift();
      if (!next) break;
      this.sealedBytes -= next.group.payloadLength;
      this.writingBytes = next.group.payloadLength;
      const error = await this.tryWrite(next.group);
      this.writingBytes = 0;
      for (const done of next.callbacks) this.tell(done, error);
      this.handler.settled();
    }
    this.running = false;
  }

  private async tryWrite(group: EncodedGroup): Promise<Error | undefined> {
    if (group.transactions === 0) return undefined;
    try {
      await this.handler.write(group);
      return undefined;
    } catch (error) {
      return error instanceof PlatformError
        ? error
        : new PlatformError('store.unavailable', 'The store could not keep the data.', { cause: error });
    }
  }

  private tell(done: Done, error: Error | undefined): void {
    try {
      if (error) done(error);
      else done();
    } catch (thrown) {
      this.handler.callbackThrew(thrown);
    }
  }

  private seal(): void {
    if (this.callbacks.length === 0) return;
    const group = this.encoder.payloadLength > 0 ? this.encoder.take() : nothing;
    this.sealed.push({ group, callbacks: this.callbacks });
    this.sealedBytes += group.payloadLength;
    this.callbacks = [];
  }
}
