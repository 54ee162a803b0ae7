import { PlatformError } from '../contract/errors.ts';
import type { Statement } from './types.ts';

/** Bytes of the database that hold something; pages that deletions left free are used again. */
export const usedBytesSql =
  'SELECT (pages.page_count - free.freelist_count) * size.page_size AS bytes ' +
  'FROM pragma_page_count AS pages, pragma_freelist_count AS free, pragma_page_size AS size';

/**
 * Keeps the database from growing until no memory holds it and no start can read its snapshot. What frees
 * space goes on when it is full, so that it can heal.
 */
export class DatabaseSpace {
  private readonly limitBytes: number;
  private readonly waitingBytes: () => number;
  /** As the worker measured it last. */
  usedBytes = 0;

  /** @param waitingBytes tells how much is not in the database yet. */
  constructor(limitBytes: number, waitingBytes: () => number) {
    this.limitBytes = limitBytes;
    this.waitingBytes = waitingBytes;
  }

  get full(): boolean {
    return this.usedBytes + this.waitingBytes() > this.limitBytes;
  }

  /** True for a transaction that may take more space when there is none. */
  refuses(transaction: readonly Statement[]): boolean {
    return this.full && !transaction.every(({ sql }) => /^\s*(delete|update)\b/i.test(sql));
  }

  get reason(): string {
    return (
      `The database has reached its limit of ${this.limitBytes} bytes (setting databaseLimitBytes). Free space: ` +
      'consume or delete FIFOs, lower dataMaxBytes or dataMaxAgeMs, or reset the platform; or raise the limit.'
    );
  }

  refusal(): PlatformError {
    return new PlatformError('store.full', this.reason);
  }
}
