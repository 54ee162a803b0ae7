import type { Logger } from '../platform/logger.ts';
import type { Statement, Store } from '../store/types.ts';

/** Lets the store forget what left a FIFO; nobody waits for it. What is released in one turn is one transaction. */
export class FifoReleases {
  private readonly store: Store;
  private readonly logger: Logger;
  private statements: Statement[] = [];

  constructor(parts: { store: Store; logger: Logger }) {
    this.store = parts.store;
    this.logger = parts.logger;
  }

  forget(statement: Statement): void {
    if (this.statements.length === 0) queueMicrotask(() => this.write());
    this.statements.push(statement);
  }

  private write(): void {
    const transaction = this.statements;
    this.statements = [];
    this.store.append(transaction, (error) => {
      // They are delivered once more after a restart: at least once, as promised.
      if (error)
        this.logger.error({ err: error, count: transaction.length }, 'released FIFO messages stay stored');
    });
  }
}
