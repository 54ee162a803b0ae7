import { PlatformError } from '../contract/errors.ts';
import type { Files } from '../platform/files.ts';
import type { Logger } from '../platform/logger.ts';
import type { DataFolder } from './data-folder.ts';
import { type Damage, type JournalScan, type ScannedSegment, scanJournal } from './journal-scan.ts';
import { decodeSnapshot, type Snapshot } from './snapshot-file.ts';

export interface LoadedSnapshot extends Snapshot {
  readonly fileBytes: number;
}

export interface SnapshotSearch {
  /** The newest one that is valid. */
  readonly found: LoadedSnapshot | undefined;
  /** Newer ones that are not, each with its reason. */
  readonly problems: readonly string[];
}

/** Reads the newest valid snapshot. */
export async function findSnapshot(files: Files, folder: DataFolder): Promise<SnapshotSearch> {
  const problems: string[] = [];
  for (const file of (await folder.snapshots()).reverse()) {
    const bytes = (await files.read(file.path)) ?? new Uint8Array();
    const snapshot = decodeSnapshot(bytes);
    if (!('problem' in snapshot)) return { found: { ...snapshot, fileBytes: bytes.byteLength }, problems };
    problems.push(`${file.path}: ${snapshot.problem}`);
  }
  return { found: undefined, problems };
}

/**
 * Reads and checks the journal behind the snapshot and cuts an unfinished tail.
 * @throws PlatformError `store.damaged` when acknowledged data would be missing.
 */
export async function recoverJournal(
  files: Files,
  folder: DataFolder,
  logger: Logger,
  search: SnapshotSearch,
  onSegment: (segment: ScannedSegment) => Promise<void>,
): Promise<JournalScan> {
  for (const problem of search.problems)
    logger.warn({ problem }, 'a snapshot is invalid; an older one is used');
  const scan = await scanJournal(files, folder, search.found?.lastGroup ?? 0, onSegment);
  if (scan.damage) throw damaged(folder, scan.damage, search.problems);
  // With neither a snapshot nor a journal left to say otherwise, an invalid snapshot was all there was.
  if (search.problems.length > 0 && scan.lastGroup === 0) {
    throw damagedError(folder, `No valid snapshot is left (${search.problems.join('; ')}).`);
  }
  if (scan.torn) {
    const { file, offset, bytes } = scan.torn;
    await files.truncate(file.path, offset);
    logger.warn(
      { file: file.path, offset, bytes },
      'the last record of the journal was unfinished or damaged and has been cut off',
    );
  }
  return scan;
}

function damaged(folder: DataFolder, damage: Damage, problems: readonly string[]): PlatformError {
  const { file, offset, reason, wholeGroupsAfter, wholeBytesAfter } = damage;
  const snapshots = problems.length > 0 ? ` Snapshots that could not be used: ${problems.join('; ')}.` : '';
  return damagedError(
    folder,
    `The journal is damaged in ${file.path} at byte ${offset}: ${reason}. ` +
      `Behind it ${wholeGroupsAfter} groups (${wholeBytesAfter} bytes) are whole.${snapshots}`,
  );
}

function damagedError(folder: DataFolder, what: string): PlatformError {
  return new PlatformError(
    'store.damaged',
    `${what} To open what comes before the damage and set the rest aside, run: ` +
      `fleetbench data repair --data-dir ${folder.root}`,
  );
}
