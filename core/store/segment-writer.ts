import { PlatformError } from '../contract/errors.ts';
import type { AppendFile, Files } from '../platform/files.ts';
import type { DataFolder } from './data-folder.ts';

/** The state of the journal on disk is unknown, so nothing more may be written to it. */
export class JournalBroken extends PlatformError {}

interface Segment {
  readonly firstGroup: number;
  readonly path: string;
  lastGroup: number;
  bytes: number;
}

/** Appends records to the newest segment of the journal. Its methods must not run at the same time. */
export class SegmentWriter {
  private readonly files: Files;
  private readonly folder: DataFolder;
  private readonly segments: Segment[] = [];
  private file: AppendFile | undefined;

  constructor(files: Files, folder: DataFolder) {
    this.files = files;
    this.folder = folder;
  }

  /** Bytes in all segments that are still needed. */
  get bytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  /** Bytes in the segment that is being written. */
  get segmentBytes(): number {
    return this.segments.at(-1)?.bytes ?? 0;
  }

  /** Goes on behind the segments found at the start, in a new one where the last cannot be continued. */
  async open(found: readonly Segment[], lastGroup: number): Promise<void> {
    this.segments.push(...found.map((segment) => ({ ...segment })));
    const last = this.segments.at(-1);
    if (last && (last.lastGroup === lastGroup || last.firstGroup === lastGroup + 1)) {
      this.file = await this.files.openAppend(last.path);
    } else await this.begin(lastGroup + 1);
  }

  /**
   * Appends and syncs one record. After a rejection nothing of it is in the journal.
   * @throws PlatformError `store.full` or `store.unavailable`; a later call may succeed.
   * @throws JournalBroken when no later call can.
   */
  async write(record: Uint8Array, group: number): Promise<void> {
    const { file, segment } = this.opened();
    try {
      await file.append(record);
    } catch (error) {
      await this.undo(file, segment.bytes, error);
      throw this.notWritten(error);
    }
    try {
      await file.sync();
    } catch (error) {
      // Best effort: whether the record or its removal reaches the disk, nobody can tell.
      await file.cut(segment.bytes).catch(() => {});
      throw new JournalBroken(
        'store.unavailable',
        `Syncing ${segment.path} failed (${codeOf(error)}). After a failed sync the system may drop what it has not ` +
          'written, so this store takes no more data. Check the disk, then start again.',
        { cause: error },
      );
    }
    segment.bytes += record.byteLength;
    segment.lastGroup = group;
  }

  /** Ends the newest segment, when there is anything in it, and begins the next. */
  async rotate(): Promise<void> {
    const { file, segment } = this.opened();
    if (segment.bytes === 0) return;
    // A cut after a failed append may still be unsynced, and only the last segment may have a torn tail.
    await file.sync();
    await this.begin(segment.lastGroup + 1);
    await file.close();
  }

  /** Removes the segments whose groups are all up to `lastGroup`, oldest first. */
  async dropCovered(lastGroup: number): Promise<void> {
    while (this.segments.length > 1 && (this.segments[0]?.lastGroup ?? Infinity) <= lastGroup) {
      const [oldest] = this.segments as [Segment];
      await this.files.remove(oldest.path);
      this.segments.shift();
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }

  private async begin(firstGroup: number): Promise<void> {
    const path = this.folder.segmentPath(firstGroup);
    this.file = await this.files.openAppend(path);
    this.segments.push({ firstGroup, path, lastGroup: firstGroup - 1, bytes: this.file.length });
  }

  private async undo(file: AppendFile, length: number, cause: unknown): Promise<void> {
    try {
      await file.cut(length);
    } catch (error) {
      throw new JournalBroken(
        'store.unavailable',
        `Writing to ${this.folder.store} failed (${codeOf(cause)}), and so did removing the unfinished part ` +
          `(${codeOf(error)}). This store takes no more data. Check the disk, then start again.`,
        { cause },
      );
    }
  }

  private notWritten(cause: unknown): PlatformError {
    const code = codeOf(cause);
    const { store } = this.folder;
    if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) {
      const message = `No space left for ${store} (${code}). Free some space; the store goes on by itself then.`;
      return new PlatformError('store.full', message, { cause });
    }
    return new PlatformError('store.unavailable', `Writing to ${store} failed (${code}).`, { cause });
  }

  private opened(): { file: AppendFile; segment: Segment } {
    const segment = this.segments.at(-1);
    if (!this.file || !segment) throw new PlatformError('store.unavailable', 'The journal is not open.');
    return { file: this.file, segment };
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
