import type { Files } from '../platform/files.ts';
import { DataFolder } from './data-folder.ts';
import { Database, type RefusedTransaction } from './database.ts';
import { type JournalScan, scanJournal } from './journal-scan.ts';
import { findSnapshot, type SnapshotSearch } from './recovery.ts';

/** A data folder as its files say it is, read without changing them. */
export interface OfflineData {
  readonly folder: DataFolder;
  readonly snapshot: SnapshotSearch;
  readonly journal: JournalScan;
  /** Groups read from the journal. */
  readonly replayedGroups: number;
  readonly refused: readonly RefusedTransaction[];
  /** With everything up to the first damage. */
  readonly database: Database;
}

/** Brings a data folder into memory, for the commands that work on a folder that nobody uses. */
export async function readOffline(files: Files, dataDir: string): Promise<OfflineData> {
  const folder = new DataFolder(files, dataDir);
  const snapshot = await findSnapshot(files, folder);
  const database = await Database.open(snapshot.found?.image);
  const refused: RefusedTransaction[] = [];
  let replayedGroups = 0;
  try {
    const journal = await scanJournal(
      files,
      folder,
      snapshot.found?.lastGroup ?? 0,
      async ({ bytes, groups }) => {
        for (const { sequence, offset, length } of groups) {
          const payload = bytes.subarray(offset, offset + length);
          refused.push(...database.apply([{ sequence, payload }]).refused);
          replayedGroups += 1;
        }
      },
    );
    return { folder, snapshot, journal, replayedGroups, refused, database };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Tables with the number of their rows, by name. */
export function countRows(database: Database): { table: string; rows: number }[] {
  const names: string[] = [];
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`;
  database.each(sql, [], ([name]) => names.push(String(name)));
  return names.map((table) => {
    let rows = 0;
    database.each(`SELECT count(*) FROM "${table}"`, [], ([count]) => {
      rows = Number(count);
    });
    return { table, rows };
  });
}
