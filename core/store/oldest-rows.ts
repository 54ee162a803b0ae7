import type { Logger } from '../platform/logger.ts';
import type { Statement, Store } from './types.ts';

/** Rows with a rising `seq`, of which only the newest are kept. */
export interface AgedRows {
  /** How many there are, and their bytes together. */
  size(store: Store): Promise<{ rows: number; bytes: number }>;
  /** The oldest with their bytes, oldest first. */
  oldest(store: Store, limit: number): Promise<{ seq: number; bytes: number }[]>;
  deleteUpTo(seq: number): Statement;
}

export interface KeptLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** Few enough that a trim never holds up other work of the database for long. */
const rowsAtATime = 2000;
/** Trimming waits until this part of a limit is over it, so that a flood does not trim at every row. */
const overPart = 1 / 16;

/** Keeps a table within its limits: the oldest rows go. */
export class OldestRows {
  private readonly store: Store;
  private readonly logger: Logger;
  private readonly table: AgedRows;
  private readonly limits: KeptLimits;
  private rows = 0;
  private bytes = 0;
  private trimming: Promise<void> | undefined;

  constructor(parts: { store: Store; logger: Logger }, table: AgedRows, limits: KeptLimits) {
    this.store = parts.store;
    this.logger = parts.logger;
    this.table = table;
    this.limits = limits;
  }

  async start(): Promise<void> {
    await this.stop();
    const { rows, bytes } = await this.table.size(this.store);
    this.rows = rows;
    this.bytes = bytes;
  }

  /** Resolves when a trim that is under way has ended. */
  async stop(): Promise<void> {
    await this.trimming;
  }

  /** A row of so many bytes is stored. */
  added(bytes: number): void {
    this.rows++;
    this.bytes += bytes;
    if (this.isOver(this.rows, this.bytes, 1 + overPart)) this.trimInBackground();
  }

  private isOver(rows: number, bytes: number, factor = 1): boolean {
    return rows > this.limits.rows * factor || bytes > this.limits.bytes * factor;
  }

  private trimInBackground(): void {
    this.trimming ??= this.trim()
      .catch((error: unknown) =>
        this.logger.error({ err: error }, 'the oldest rows of a table cannot be deleted'),
      )
      .finally(() => {
        this.trimming = undefined;
      });
  }

  private async trim(): Promise<void> {
    while (this.isOver(this.rows, this.bytes)) {
      const oldest = await this.table.oldest(this.store, rowsAtATime);
      let doomed = 0;
      let doomedBytes = 0;
      for (const { bytes } of oldest) {
        if (!this.isOver(this.rows - doomed, this.bytes - doomedBytes)) break;
        doomed++;
        doomedBytes += bytes;
      }
      const last = oldest[doomed - 1];
      if (!last) return;
      await this.store.commit([this.table.deleteUpTo(last.seq)]);
      this.rows -= doomed;
      this.bytes -= doomedBytes;
    }
  }
}
