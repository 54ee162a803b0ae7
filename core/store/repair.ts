import { join } from 'node:path';
import type { Files } from '../platform/files.ts';
import { DataFolder, type NumberedFile } from './data-folder.ts';
import { type Damage, scanJournal } from './journal-scan.ts';
import { findSnapshot } from './recovery.ts';
import { salvageSnapshot } from './salvage.ts';
import { encodeSnapshot } from './snapshot-file.ts';

export interface RepairReport {
  readonly damage: Damage | undefined;
  /** Everything up to this group stays. */
  readonly keptUpToGroup: number;
  /** Files that hold what was set aside. */
  readonly setAside: readonly string[];
  /** Set when a snapshot is used in spite of its damage. */
  readonly salvaged?: { readonly path: string; readonly torn: readonly string[] };
}

/**
 * Makes a damaged folder open again: what comes before the damage stays, what comes after it moves into files
 * whose names begin with `damaged-`. Of a damaged snapshot that nothing else stands for, all that can be read stays.
 * Nothing is deleted. Doing it again after a kill finishes the work.
 */
export async function repairFolder(files: Files, dataDir: string): Promise<RepairReport> {
  const folder = new DataFolder(files, dataDir);
  const search = await findSnapshot(files, folder);
  const { damage, lastGroup } = await scanJournal(
    files,
    folder,
    search.found?.lastGroup ?? 0,
    async () => {},
  );
  const newest = (await folder.snapshots()).at(-1);
  if (newest && newest.number > (search.found?.lastGroup ?? -1) && (damage || lastGroup === 0)) {
    const salvaged = await replaceDamaged(files, folder, newest);
    if (salvaged) {
      const report = await repairFolder(files, dataDir);
      return { ...report, setAside: [salvaged.copy, ...report.setAside], salvaged };
    }
  }
  const setAside: string[] = [];
  const moveAway = async ({ path, name }: NumberedFile): Promise<void> => {
    const target = await freeName(files, folder, `damaged-${name}`);
    await files.rename(path, target);
    setAside.push(target);
  };
  if (damage) {
    const { file, offset } = damage;
    const later = (await folder.segments()).filter(({ number }) => number > file.number);
    // The copy comes first: without the later segments, the rest of this one would look like an unfinished
    // record and would be cut off at the next start.
    if (offset > 0) {
      const content = (await files.read(file.path)) ?? new Uint8Array();
      const target = await freeName(files, folder, `damaged-${file.name}-from-${offset}`);
      await files.writeWhole(target, [content.subarray(offset)]);
      setAside.push(target);
    }
    for (const segment of later.reverse()) await moveAway(segment);
    if (offset > 0) await files.truncate(file.path, offset);
    else await moveAway(file);
  }
  if (damage || lastGroup === 0) {
    for (const snapshot of await folder.snapshots()) {
      if (snapshot.number > (search.found?.lastGroup ?? -1)) await moveAway(snapshot);
    }
  }
  return { damage, keptUpToGroup: lastGroup, setAside };
}

/** Puts what can be read of a damaged snapshot in its place, and keeps a copy of it. */
async function replaceDamaged(
  files: Files,
  folder: DataFolder,
  { path, name }: NumberedFile,
): Promise<{ path: string; copy: string; torn: readonly string[] } | undefined> {
  const bytes = (await files.read(path)) ?? new Uint8Array();
  const salvage = await salvageSnapshot(bytes);
  if (!salvage) return undefined;
  const copy = await freeName(files, folder, `damaged-${name}`);
  await files.writeWhole(copy, [bytes]);
  await files.writeWhole(path, encodeSnapshot(salvage.snapshot));
  return { path, copy, torn: salvage.torn };
}

/** A repair may meet the files of an earlier one, which must stay too. */
async function freeName(files: Files, folder: DataFolder, name: string): Promise<string> {
  const taken = new Set(await files.list(folder.store));
  let free = name;
  for (let attempt = 2; taken.has(free); attempt++) free = `${name}-${attempt}`;
  return join(folder.store, free);
}
