/** A value that a statement may carry. Text and bytes keep their kind in the database. */
export type SqlValue = null | number | string | Uint8Array;

/** SQL text with its parameters; what Kysely's `compile()` gives fits. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export type Row = Record<string, SqlValue>;

/**
 * The database of the platform. Writes are transactions of statements that are known to succeed (who writes
 * has checked uniqueness and references before) and are deterministic: ids, times and random values are
 * parameters. A read sees every write that was handed over before it.
 */
export interface Store {
  /**
   * Hands over one transaction. `done` is called once: without an error when it would survive a kill of the
   * process, or with the error when it was not and will not be stored (`store.full`, `store.unavailable`).
   * Calls of `done` come in the order of the appends.
   */
  append(transaction: readonly Statement[], done: (error?: Error) => void): void;
  /** {@link append} as a promise. */
  commit(transaction: readonly Statement[]): Promise<void>;
  /** Runs one SELECT in the database worker. */
  query<T extends object = Row>(statement: Statement): Promise<T[]>;
  /** True while so much is waiting that producers should pause; see {@link onRelief}. */
  readonly congested: boolean;
  /** Calls `run` once when {@link congested} becomes false again. */
  onRelief(run: () => void): void;
  status(): StoreStatus;
}

export interface StoreStatus {
  /** `failed` names the reason in {@link failure}; nothing more is stored then. */
  readonly state: 'open' | 'full' | 'failed' | 'closed';
  readonly failure: string | undefined;
  /** Bytes in journal segments not yet covered by a snapshot. */
  readonly journalBytes: number;
  /** Transactions made durable since the start. */
  readonly transactions: number;
  /** Groups (one sync each) since the start. */
  readonly groups: number;
  /** Statements synced but not yet applied by the database worker. */
  readonly backlog: number;
  readonly snapshots: number;
  /** How the last start went. */
  readonly recovery: RecoveryReport;
}

export interface RecoveryReport {
  readonly snapshotBytes: number;
  readonly replayedGroups: number;
  readonly replayedStatements: number;
  /** Bytes of an unfinished last record that were cut off, 0 when the end was whole. */
  readonly tornBytes: number;
  /** Transactions that the database refused, kept in `refused-….json` files: the trace of a defect. */
  readonly refusedTransactions: number;
  readonly durationMs: number;
}
