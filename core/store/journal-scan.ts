import type { Files } from '../platform/files.ts';
import type { DataFolder, NumberedFile } from './data-folder.ts';
import { findRecord, readRecord } from './record.ts';
import type { GroupPlace } from './worker-protocol.ts';

/** A place behind which acknowledged groups may be lost. */
export interface Damage {
  readonly file: NumberedFile;
  readonly offset: number;
  readonly reason: string;
  /** What can still be read behind the damage. */
  readonly wholeGroupsAfter: number;
  readonly wholeBytesAfter: number;
}

/** An unfinished record at the very end: it was never acknowledged. */
export interface TornTail {
  readonly file: NumberedFile;
  readonly offset: number;
  readonly bytes: number;
}

export interface ScannedSegment {
  readonly file: NumberedFile;
  readonly bytes: Buffer;
  /** Groups that the snapshot does not hold. */
  readonly groups: readonly GroupPlace[];
  /** Bytes up to the end of the last whole record. */
  readonly wholeBytes: number;
}

export interface JournalScan {
  /** Last group of snapshot and journal together; 0 when there is none. */
  readonly lastGroup: number;
  /** Segments that are needed beside the snapshot. */
  readonly segments: readonly {
    readonly file: NumberedFile;
    readonly bytes: number;
    readonly lastGroup: number;
  }[];
  /** Segments whose groups are all in the snapshot, and empty ones that were never begun. */
  readonly covered: readonly NumberedFile[];
  readonly torn: TornTail | undefined;
  readonly damage: Damage | undefined;
}

/**
 * Reads the journal that follows a snapshot and checks every record. Stops at the first damage.
 * @param afterGroup last group of the snapshot, 0 when there is none.
 * @param onSegment receives each segment; its bytes are not used afterwards.
 */
export async function scanJournal(
  files: Files,
  folder: DataFolder,
  afterGroup: number,
  onSegment: (segment: ScannedSegment) => Promise<void>,
): Promise<JournalScan> {
  const all = await folder.segments();
  let first = Math.max(
    0,
    all.findLastIndex(({ number }) => number <= afterGroup + 1),
  );
  // An empty one may be a segment that could not be begun, while the one before it went on.
  while (first > 0 && (await areEmpty(files, all.slice(first, first + 1)))) first -= 1;
  const needed = all.slice(first);
  const neverBegun: NumberedFile[] = [];
  const segments: { file: NumberedFile; bytes: number; lastGroup: number }[] = [];
  let expected = needed[0] ? Math.min(needed[0].number, afterGroup + 1) : afterGroup + 1;
  const result = (rest: { torn?: TornTail; damage?: Damage } = {}): JournalScan => ({
    lastGroup: Math.max(afterGroup, expected - 1),
    segments,
    covered: [...all.slice(0, first), ...neverBegun],
    torn: rest.torn,
    damage: rest.damage,
  });
  for (const [index, file] of needed.entries()) {
    const bytes = await readBuffer(files, file);
    if (bytes.length === 0 && file.number < expected) {
      neverBegun.push(file);
      continue;
    }
    const groups: GroupPlace[] = [];
    let offset = 0;
    let missing: string | undefined;
    if (file.number !== expected) missing = gap(expected, file.number);
    while (!missing && offset < bytes.length) {
      const record = readRecord(bytes, offset);
      if (!record) break;
      if (record.sequence !== expected) missing = gap(expected, record.sequence);
      else {
        if (expected > afterGroup) {
          groups.push({ sequence: expected, offset: record.payloadOffset, length: record.payloadLength });
        }
        expected += 1;
        offset = record.end;
      }
    }
    const whole = !missing && offset === bytes.length;
    const following = whole ? undefined : countWhole(bytes, offset, expected);
    const later = needed.slice(index + 1);
    const isTorn = following?.groups === 0 && !missing && (await areEmpty(files, later));
    const tornBytes = bytes.length - offset;
    await onSegment({ file, bytes, groups, wholeBytes: offset });
    segments.push({ file, bytes: offset, lastGroup: expected - 1 });
    if (isTorn) {
      neverBegun.push(...later);
      return result({ torn: { file, offset, bytes: tornBytes } });
    }
    if (following) {
      for (const behind of later) {
        const more = countWhole(await readBuffer(files, behind), 0, expected);
        following.groups += more.groups;
        following.bytes += more.bytes;
      }
      const reason = missing ?? `the record of group ${expected} is damaged`;
      const damage = {
        file,
        offset,
        reason,
        wholeGroupsAfter: following.groups,
        wholeBytesAfter: following.bytes,
      };
      return result({ damage });
    }
  }
  return result();
}

function gap(expected: number, found: number): string {
  return `group ${expected} is missing, group ${found} follows`;
}

/** Whole records from `offset` on that can belong behind `expected`, over damaged places too. */
function countWhole(bytes: Buffer, offset: number, expected: number): { groups: number; bytes: number } {
  const count = { groups: 0, bytes: 0 };
  for (let at = offset; ; ) {
    const found = findRecord(bytes, at);
    if (!found) return count;
    if (found.record.sequence >= expected) {
      count.groups += 1;
      count.bytes += found.record.end - found.start;
    }
    at = found.record.end;
  }
}

async function areEmpty(files: Files, some: readonly NumberedFile[]): Promise<boolean> {
  for (const file of some) if ((await readBuffer(files, file)).length > 0) return false;
  return true;
}

async function readBuffer(files: Files, file: NumberedFile): Promise<Buffer> {
  const bytes = (await files.read(file.path)) ?? new Uint8Array();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
