import { join } from 'node:path';
import { PlatformError } from '../contract/errors.ts';
import type { Files } from '../platform/files.ts';
import type { Logger } from '../platform/logger.ts';
import type { Processes } from '../platform/processes.ts';
import type { RandomSource } from '../platform/random.ts';
import { DataFolder } from './data-folder.ts';
import type { RefusedTransaction } from './database.ts';
import { FolderLock } from './lock.ts';
import { sealRecord } from './record.ts';
import { findSnapshot, recoverJournal } from './recovery.ts';
import { SegmentWriter } from './segment-writer.ts';
import { snapshotHeader, snapshotOverheadBytes, snapshotTrailer } from './snapshot-file.ts';
import type { RecoveryReport } from './types.ts';
import type { WorkerClient } from './worker-client.ts';
import { type FrozenImage, sliceOf } from './worker-protocol.ts';

const snapshotPartBytes = 1024 * 1024;

export interface JournalSeams {
  readonly files: Files;
  readonly processes: Processes;
  readonly random: RandomSource;
}

/** The files of one data folder: lock, journal segments and snapshots. */
export class JournalFiles {
  private readonly files: Files;
  private readonly folder: DataFolder;
  private readonly folderLock: FolderLock;
  private readonly writer: SegmentWriter;
  private readonly logger: Logger;
  private readonly segmentLimitBytes: number;
  /** Writing and rotating take turns. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    { files, processes, random }: JournalSeams,
    dataDir: string,
    logger: Logger,
    segmentLimitBytes: number,
  ) {
    this.segmentLimitBytes = segmentLimitBytes;
    this.files = files;
    this.folder = new DataFolder(files, dataDir);
    this.folderLock = new FolderLock(files, processes, random, dataDir);
    this.writer = new SegmentWriter(files, this.folder);
    this.logger = logger;
  }

  get bytes(): number {
    return this.writer.bytes;
  }

  /** @throws PlatformError `store.locked`, or `store.unavailable` when the folder cannot be written. */
  async lock(): Promise<void> {
    try {
      await this.files.makeFolder(this.folder.store);
      await this.folderLock.acquire();
    } catch (error) {
      throw notWritable(this.folder.root, error);
    }
  }

  /** Fills the worker's database from snapshot and journal and opens the journal for writing. */
  async recover(worker: WorkerClient): Promise<{ report: RecoveryReport; lastGroup: number }> {
    await this.removeUnfinished();
    const search = await findSnapshot(this.files, this.folder);
    const image = search.found && sliceOf(search.found.image);
    await worker.call('open', image, image ? [image.buffer] : []);
    let replayedGroups = 0;
    let replayedStatements = 0;
    const refused: RefusedTransaction[] = [];
    const scan = await recoverJournal(
      this.files,
      this.folder,
      this.logger,
      search,
      async ({ bytes, groups }) => {
        if (groups.length === 0) return;
        const { buffer, offset } = sliceOf(bytes);
        const places = groups.map((place) => ({ ...place, offset: place.offset + offset }));
        const result = await worker.call('replay', { segment: buffer, groups: places }, [buffer]);
        replayedGroups += groups.length;
        replayedStatements += result.statements;
        refused.push(...result.refused);
      },
    );
    await this.keepRefused(refused);
    try {
      await this.writer.open(
        scan.segments.map(({ file, bytes, lastGroup }) => ({
          firstGroup: file.number,
          path: file.path,
          lastGroup,
          bytes,
        })),
        scan.lastGroup,
      );
    } catch (error) {
      throw notWritable(this.folder.root, error);
    }
    for (const { path } of scan.covered) await this.files.remove(path);
    return {
      lastGroup: scan.lastGroup,
      report: {
        snapshotBytes: search.found?.fileBytes ?? 0,
        replayedGroups,
        replayedStatements,
        tornBytes: scan.torn?.bytes ?? 0,
        refusedTransactions: refused.length,
        durationMs: 0,
      },
    };
  }

  /** Makes one group durable: `record` has room for the header in front of its payload. */
  write(record: Buffer, sequence: number): Promise<void> {
    return this.inTurn(async () => {
      sealRecord(record, sequence);
      if (this.writer.segmentBytes >= this.segmentLimitBytes) await this.tryRotate();
      await this.writer.write(record, sequence);
    });
  }

  /**
   * Begins a new segment, writes the image of the database up to there and removes what it replaces.
   * Frozen between two groups, and read while the worker applies more.
   */
  async snapshot(worker: WorkerClient): Promise<void> {
    const asked = await this.inTurn(async () => {
      await this.writer.rotate();
      // Not awaited here: groups are written while the worker gets there.
      return { frozen: worker.call('freeze', undefined) };
    });
    const frozen = await asked.frozen;
    try {
      await this.writeSnapshot(frozen, worker);
    } finally {
      // A worker that has ended holds nothing any more.
      await worker.call('thaw', undefined).catch(() => {});
    }
    await this.writer.dropCovered(frozen.lastGroup);
    for (const older of await this.folder.snapshots()) {
      if (older.number < frozen.lastGroup) await this.files.remove(older.path);
    }
  }

  private async writeSnapshot(frozen: FrozenImage, worker: WorkerClient): Promise<void> {
    const bytes = frozen.bytes + snapshotOverheadBytes;
    const { readLimitBytes } = this.files;
    if (bytes > readLimitBytes) {
      throw new PlatformError(
        'store.full',
        `The snapshot would have ${bytes} bytes, and no start could read more than ${readLimitBytes}.`,
      );
    }
    await this.files.writeWhole(this.folder.snapshotPath(frozen.lastGroup), snapshotChunks(frozen, worker));
  }

  async close(): Promise<void> {
    await this.turn.catch(() => {});
    await this.writer.close();
    await this.folderLock.release();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work, work);
    this.turn = result.catch(() => {});
    return result;
  }

  /** A kill while a whole file was written leaves its temporary one. */
  private async removeUnfinished(): Promise<void> {
    for (const name of await this.files.list(this.folder.store)) {
      if (name.endsWith('.tmp')) await this.files.remove(join(this.folder.store, name));
    }
  }

  private async tryRotate(): Promise<void> {
    try {
      await this.writer.rotate();
    } catch (error) {
      this.logger.warn({ err: error }, 'no new journal segment can be made; the old one goes on');
    }
  }

  private async keepRefused(refused: readonly RefusedTransaction[]): Promise<void> {
    for (const transaction of refused) {
      const { group, transaction: position, sql, reason } = transaction;
      const path = join(this.folder.store, `refused-${group}-${position}.json`);
      this.logger.error(
        { group, sql, reason, path },
        'an acknowledged transaction is refused by the database',
      );
      const text = JSON.stringify(transaction, (_key, value: unknown) =>
        value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
      );
      await this.files.writeWhole(path, [Buffer.from(`${text}\n`)]);
    }
  }
}

/**
 * The file of a snapshot. Two buffers would gain nothing: one goes to and fro, so that no large one ever has to be
 * made, whose arrival would start a garbage collection over both threads.
 */
async function* snapshotChunks(
  { lastGroup, bytes }: FrozenImage,
  worker: WorkerClient,
): AsyncGenerator<Uint8Array> {
  yield snapshotHeader(lastGroup, bytes);
  let buffer = new ArrayBuffer(snapshotPartBytes);
  for (;;) {
    const part = await worker.call('readFrozen', buffer, [buffer]);
    if (part.length === 0) {
      yield snapshotTrailer(part.crc);
      return;
    }
    buffer = part.buffer;
    yield new Uint8Array(buffer, 0, part.length);
  }
}

function notWritable(folder: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof PlatformError || code === undefined) return error;
  return new PlatformError(
    'store.unavailable',
    `The data folder ${folder} cannot be written (${code}). Give this user the right to write there and make sure ` +
      'that the disk is not full or read-only, or choose another folder with --data-dir.',
    { cause: error },
  );
}
