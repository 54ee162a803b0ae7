import { PlatformError } from '../contract/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Files } from '../platform/files.ts';
import type { Logger } from '../platform/logger.ts';
import type { Processes } from '../platform/processes.ts';
import type { RandomSource } from '../platform/random.ts';
import type { Workers } from '../platform/workers.ts';
import { Backpressure } from './backpressure.ts';
import { DatabaseSpace, usedBytesSql } from './database-space.ts';
import { type Done, GroupCommit } from './group-commit.ts';
import { checkParameters, type EncodedGroup } from './group-encoder.ts';
import { JournalFiles } from './journal-files.ts';
import { bringUpToDate } from './migrate.ts';
import { recordHeaderBytes } from './record.ts';
import { JournalBroken } from './segment-writer.ts';
import { defaultStoreSettings, type StoreSettings } from './settings.ts';
import type { RecoveryReport, Row, Statement, Store, StoreStatus } from './types.ts';
import { WorkerClient } from './worker-client.ts';

export interface StoreOptions {
  readonly files: Files;
  readonly workers: Workers;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
  /** Where the data is kept; without it the store is ephemeral and touches no file. */
  readonly dataDir?: string | undefined;
  readonly settings?: Partial<StoreSettings> | undefined;
  /** Steps of the schema, when not those of the platform. */
  readonly migrations?: readonly (readonly string[])[] | undefined;
}

const nothingRecovered: RecoveryReport = {
  snapshotBytes: 0,
  replayedGroups: 0,
  replayedStatements: 0,
  tornBytes: 0,
  refusedTransactions: 0,
  durationMs: 0,
};

/**
 * Keeps the platform's data: the journal makes it durable, then a worker thread brings it into an SQL database
 * in memory. An acknowledgement waits for the journal and never for the database.
 */
export class JournaledStore implements Store {
  private readonly options: StoreOptions;
  private readonly settings: StoreSettings;
  private readonly logger: Logger;
  private readonly worker: WorkerClient;
  private readonly commits: GroupCommit;
  private readonly pressure: Backpressure;
  private readonly space: DatabaseSpace;
  /** Undefined in an ephemeral store. */
  private readonly journal: JournalFiles | undefined;
  private state: StoreStatus['state'] = 'closed';
  private failure: string | undefined;
  private started = false;
  private recovery = nothingRecovered;
  private lastGroup = 0;
  private transactions = 0;
  private groups = 0;
  private snapshots = 0;
  /** The database has a limit from the end of the start on: a full folder must still open. */
  private limited = false;
  private snapshotDueBytes: number;
  private snapshotRunning: Promise<void> | undefined;

  constructor(options: StoreOptions) {
    this.options = options;
    this.settings = { ...defaultStoreSettings, ...options.settings };
    this.logger = options.logger.child({ area: 'store' });
    const callbackThrew = (error: unknown): void =>
      this.logger.error({ err: error }, 'a callback of the store threw');
    this.worker = new WorkerClient(options.workers, {
      applied: (sequence, usedBytes) => {
        this.space.usedBytes = usedBytes;
        this.pressure.applied(sequence);
      },
      failed: (reason) => this.fail(reason),
    });
    this.commits = new GroupCommit(
      {
        write: (group) => this.write(group),
        settled: () => this.pressure.update(),
        callbackThrew,
      },
      this.settings.largestGroupBytes,
    );
    this.pressure = new Backpressure(this.settings, () => this.commits.pendingBytes, callbackThrew);
    const { segmentLimitBytes, databaseLimitBytes } = this.settings;
    this.space = new DatabaseSpace(databaseLimitBytes, () => this.pressure.waitingBytes);
    this.journal =
      options.dataDir === undefined
        ? undefined
        : new JournalFiles(options, options.dataDir, this.logger, segmentLimitBytes);
    this.snapshotDueBytes = this.settings.snapshotAfterBytes;
  }

  /**
   * Opens the data folder and brings the database up to date.
   * @throws PlatformError `store.locked`, `store.damaged`, or `store.unavailable` with the reason.
   */
  async start(): Promise<void> {
    const { clock, migrations } = this.options;
    if (this.started) throw new Error('A store starts once; create a new one.');
    this.started = true;
    const startedUs = clock.monotonicUs();
    try {
      await this.journal?.lock();
      this.worker.start();
      if (this.journal) {
        const { report, lastGroup } = await this.journal.recover(this.worker);
        this.recovery = report;
        this.lastGroup = lastGroup;
      } else await this.worker.call('open', undefined);
      this.state = 'open';
      await bringUpToDate(this, migrations);
      if (this.failure !== undefined) throw this.refusal();
      await this.measureSpace();
    } catch (error) {
      this.state = 'closed';
      await this.release();
      throw error;
    }
    this.recovery = { ...this.recovery, durationMs: (clock.monotonicUs() - startedUs) / 1000 };
    this.logger.info({ recovery: this.recovery, lastGroup: this.lastGroup }, 'the store is open');
  }

  /** Makes durable what was handed over, then closes. Appends that come later are refused. */
  async stop(): Promise<void> {
    if (this.state === 'closed') return;
    this.state = 'closed';
    await this.pendingWritten();
    await this.snapshotRunning?.catch(() => {});
    await this.release();
  }

  append(transaction: readonly Statement[], done: Done): void {
    if (this.state === 'closed' || this.state === 'failed') this.commits.refuse(this.refusal(), done);
    else if (this.pressure.exhausted) this.commits.refuse(tooMuchWaiting(), done);
    else if (this.limited && this.space.refuses(transaction)) this.commits.refuse(this.space.refusal(), done);
    else this.commits.add(transaction, done);
    this.pressure.update();
  }

  commit(transaction: readonly Statement[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.append(transaction, (error) => (error ? reject(error) : resolve()));
    });
  }

  async query<T extends object = Row>(statement: Statement): Promise<T[]> {
    checkParameters(statement);
    await this.pendingWritten();
    if (this.state === 'closed') throw this.refusal();
    const { sql, parameters } = statement;
    const { columns, rows } = await this.worker.call('query', { sql, parameters });
    return rows.map((values) => {
      const row: Row = {};
      for (let index = 0; index < columns.length; index++)
        row[columns[index] as string] = values[index] ?? null;
      return row as T;
    });
  }

  /**
   * Writes the database as a snapshot and removes the journal that it covers. Appends go on meanwhile.
   * A call while one is being made joins it. Does nothing in an ephemeral store.
   */
  snapshot(): Promise<void> {
    this.snapshotRunning ??= this.makeSnapshot().finally(() => {
      this.snapshotRunning = undefined;
    });
    return this.snapshotRunning;
  }

  get congested(): boolean {
    return this.pressure.congested;
  }

  onRelief(run: () => void): void {
    this.pressure.onRelief(run);
  }

  status(): StoreStatus {
    const overLimit = this.state === 'open' && this.space.full;
    return {
      state: overLimit ? 'full' : this.state,
      failure: overLimit ? this.space.reason : this.failure,
      journalBytes: this.journal?.bytes ?? 0,
      transactions: this.transactions,
      groups: this.groups,
      backlog: this.pressure.backlogStatements,
      snapshots: this.snapshots,
      recovery: this.recovery,
    };
  }

  private async write(group: EncodedGroup): Promise<void> {
    if (this.state === 'failed') throw this.refusal();
    const sequence = this.lastGroup + 1;
    try {
      await this.journal?.write(group.bytes, sequence);
    } catch (error) {
      if (error instanceof JournalBroken) this.fail(error.message);
      else this.pause(error as Error);
      throw error;
    }
    if (this.state === 'full') this.resume();
    this.lastGroup = sequence;
    this.transactions += group.transactions;
    this.groups += 1;
    this.pressure.posted(sequence, group.payloadLength, group.statements);
    const buffer = group.bytes.buffer as ArrayBuffer;
    this.worker.apply(sequence, { buffer, offset: recordHeaderBytes, length: group.payloadLength });
    if (this.journal && this.journal.bytes >= this.snapshotDueBytes) this.snapshotInBackground();
  }

  private async measureSpace(): Promise<void> {
    const [row] = await this.query<{ bytes: number }>({ sql: usedBytesSql, parameters: [] });
    this.space.usedBytes = row?.bytes ?? 0;
    this.limited = true;
  }

  private snapshotInBackground(): void {
    if (this.snapshotRunning || this.state === 'closed') return;
    this.snapshot().catch((error: unknown) => {
      this.logger.warn({ err: error }, 'no snapshot was made; the journal keeps everything');
    });
  }

  private async makeSnapshot(): Promise<void> {
    const { journal, worker } = this;
    if (!journal) return;
    const { snapshotAfterBytes } = this.settings;
    // After a failure the next try comes when as much has been written again.
    this.snapshotDueBytes = journal.bytes + snapshotAfterBytes;
    await journal.snapshot(worker);
    this.snapshotDueBytes = snapshotAfterBytes;
    this.snapshots += 1;
  }

  private pendingWritten(): Promise<void> {
    return new Promise((resolve) => this.commits.afterPending(resolve));
  }

  private pause(error: Error): void {
    if (this.state !== 'open') return;
    this.logger.error({ err: error }, 'the journal cannot be written');
    this.state = 'full';
    this.failure = error.message;
  }

  private resume(): void {
    this.logger.info({}, 'the journal can be written again');
    this.state = 'open';
    this.failure = undefined;
  }

  private fail(reason: string): void {
    if (this.state === 'failed') return;
    this.logger.error({ reason }, 'the store has failed and takes no more data');
    if (this.state !== 'closed') this.state = 'failed';
    this.failure = reason;
    this.pressure.giveUp();
  }

  private refusal(): PlatformError {
    const { failure } = this;
    return new PlatformError('store.unavailable', failure ?? 'The store is closed.');
  }

  private async release(): Promise<void> {
    await this.worker.stop();
    await this.journal?.close();
  }
}

function tooMuchWaiting(): PlatformError {
  return new PlatformError(
    'store.unavailable',
    'More data is waiting to be stored than the limits allow (settings unsyncedLimitBytes, backlogLimitBytes and ' +
      'backlogLimitStatements, each times refusalFactor). Send slower, or try again later.',
  );
}

/** The store of the platform; call `start()` before use and `stop()` at the end. */
export function createStore(options: StoreOptions): JournaledStore {
  return new JournaledStore(options);
}
