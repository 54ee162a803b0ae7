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

/**
 * Reads the newest valid snapshot.
 * @throws PlatformError `store.damaged` when another version of the program has made it.
 */
export async function findSnapshot(files: Files, folder: DataFolder): Promise<SnapshotSearch> {
  const problems: string[] = [];
  for (const file of (await folder.snapshots()).reverse()) {
    const bytes = (await files.read(file.path)) ?? new Uint8Array();
    const snapshot = decodeSnapshot(bytes);
    if (!('problem' in snapshot)) return { found: { ...snapshot, fileBytes: bytes.byteLength }, problems };
    // Neither an older snapshot nor a repair would help: they would drop what this one holds.
    if (snapshot.otherVersion) throw madeByOtherVersion(file.path, snapshot.problem);
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
  const instead = search.found ? 'an older one is used' : 'there is no other';
  for (const problem of search.problems) logger.warn({ problem }, `a snapshot is invalid; ${instead}`);
  const scan = await scanJournal(files, folder, search.found?.lastGroup ?? 0, onSegment);
  if (scan.damage) {
    throw search.problems.length > 0 && scan.lastGroup === (search.found?.lastGroup ?? 0)
      ? withoutSnapshot(folder, scan.damage, search.problems)
      : damaged(folder, scan.damage, search.problems);
  }
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

/** The journal is whole as it is, but what it follows is gone. */
function withoutSnapshot(folder: DataFolder, damage: Damage, problems: readonly string[]): PlatformError {
  return damagedError(
    folder,
    `A snapshot cannot be read (${problems.join('; ')}), and the journal goes on behind it: ${damage.reason}. ` +
      `${damage.wholeGroupsAfter} groups (${damage.wholeBytesAfter} bytes) of it are whole. If you have a copy of the ` +
      'snapshot, put it back.',
  );
}

function madeByOtherVersion(path: string, problem: string): PlatformError {
  return new PlatformError(
    'store.damaged',
    `${path} was ${problem}, and this version cannot read it. Start the folder with that version, run ` +
      '"fleetbench data export" with it, and "fleetbench data import" with this one into a new folder.',
  );
}

function damagedError(folder: DataFolder, what: string): PlatformError {
  return new PlatformError(
    'store.damaged',
    `${what} To open what comes before the damage and set the rest aside, run: ` +
      `fleetbench data repair --data-dir ${folder.root}`,
  );
}
